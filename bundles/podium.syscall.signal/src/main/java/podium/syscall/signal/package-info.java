/// Signal system calls of the linux import module.
@NullMarked
package podium.syscall.signal;

import org.jspecify.annotations.NullMarked;
