package podium.engine.jvm.wasm;

/// A constant expression with a single instruction, which is all that the supported features allow.
///
/// @param kind which instruction
/// @param value the constant's bits, or the index of a global or function; for [Kind#NULL] unused
/// @param type of the value
/// @param position in the module
public record ConstantExpression(Kind kind, long value, char type, int position) {

    public enum Kind {
        CONSTANT,
        GLOBAL,
        FUNCTION,
        NULL
    }
}
