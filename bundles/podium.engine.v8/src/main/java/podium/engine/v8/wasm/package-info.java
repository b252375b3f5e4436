/// The binary format, as far as the engine has to read and rewrite it.
@NullMarked
package podium.engine.v8.wasm;

import org.jspecify.annotations.NullMarked;
