/// Random number system calls of the linux import module.
@NullMarked
package podium.syscall.random;

import org.jspecify.annotations.NullMarked;
