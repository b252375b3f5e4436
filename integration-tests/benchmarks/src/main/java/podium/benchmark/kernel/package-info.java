/// Kernels: small computations in C, compiled to WebAssembly, on one engine after another.
@NullMarked
package podium.benchmark.kernel;

import org.jspecify.annotations.NullMarked;
