/// Process system calls of the linux import module.
@NullMarked
package podium.syscall.process;

import org.jspecify.annotations.NullMarked;
