/// The command line program.
@NullMarked
package podium.cli;

import org.jspecify.annotations.NullMarked;
