/// What the families of WASI share, and those of extensions to it: each of their bundles has it for
/// itself.
@NullMarked
package podium.syscall.wasi.abi;

import org.jspecify.annotations.NullMarked;
