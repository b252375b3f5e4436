/// WASI 0.1, the system interface of WebAssembly programs that were compiled for none in
/// particular,
/// over the kernel's own objects. See the WASI repository, legacy/preview1/docs.md and
/// legacy/preview0/docs.md.
@NullMarked
package podium.syscall.wasi;

import org.jspecify.annotations.NullMarked;
