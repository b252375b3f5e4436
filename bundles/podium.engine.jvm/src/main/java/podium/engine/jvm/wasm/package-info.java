/// The binary format: parsing a module and validating it.
package podium.engine.jvm.wasm;
