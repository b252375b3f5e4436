/// Clock and timer system calls of the linux import module.
@NullMarked
package podium.syscall.time;

import org.jspecify.annotations.NullMarked;
