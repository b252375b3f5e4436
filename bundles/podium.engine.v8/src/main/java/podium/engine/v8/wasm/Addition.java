package podium.engine.v8.wasm;

/// Code that a function body gets in addition.
///
/// @param position in the code section's content
/// @param amount of fuel, where that is counted
record Addition(int position, Kind kind, int amount) {

    enum Kind {
        /// Pays for a piece of code.
        FUEL,
        /// The same where a function or a round of a loop begins: looks whether fuel is used up.
        ROUND,
        /// Pays for the stretch of memory or table whose length is on the stack.
        BYTES,
        ELEMENTS,
        /// See [Checkpoints].
        CHECKPOINT,
        /// Before the call of `specialise`: see [InterpreterCall].
        SPECIALISE
    }
}
