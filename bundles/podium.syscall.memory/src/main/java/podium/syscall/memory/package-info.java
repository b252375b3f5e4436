/// Memory mapping system calls of the linux import module.
@NullMarked
package podium.syscall.memory;

import org.jspecify.annotations.NullMarked;
