/// File and directory system calls of the linux import module.
@NullMarked
package podium.syscall.fs;

import org.jspecify.annotations.NullMarked;
