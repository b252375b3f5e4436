/// System calls for WebAssembly of a guest's own.
@NullMarked
package podium.syscall.webassembly;

import org.jspecify.annotations.NullMarked;
