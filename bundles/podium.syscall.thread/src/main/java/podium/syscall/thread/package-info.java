/// Thread and futex system calls of the linux import module.
@NullMarked
package podium.syscall.thread;

import org.jspecify.annotations.NullMarked;
