/// Compiles WebAssembly to JVM bytecode; the default engine.
@NullMarked
package podium.engine.jvm;

import org.jspecify.annotations.NullMarked;
