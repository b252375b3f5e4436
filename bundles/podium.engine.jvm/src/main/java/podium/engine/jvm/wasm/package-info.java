/// The binary format: parsing a module and validating it.
@NullMarked
package podium.engine.jvm.wasm;

import org.jspecify.annotations.NullMarked;
