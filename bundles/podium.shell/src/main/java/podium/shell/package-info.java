/// Gogo commands for pods and portals.
@NullMarked
package podium.shell;

import org.jspecify.annotations.NullMarked;
