/// Reaches a guest port over a TCP port of the host.
@NullMarked
package podium.portal.tcp;

import org.jspecify.annotations.NullMarked;
