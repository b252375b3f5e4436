/// Runs the scripts of a suite for POSIX file systems against the calls of pods, and of Linux.
@NullMarked
package podium.posix;

import org.jspecify.annotations.NullMarked;
