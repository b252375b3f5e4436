/// Socket system calls of the linux import module.
@NullMarked
package podium.syscall.net;

import org.jspecify.annotations.NullMarked;
