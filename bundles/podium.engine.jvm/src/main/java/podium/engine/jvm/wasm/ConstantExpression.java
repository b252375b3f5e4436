package podium.engine.jvm.wasm;

import java.util.List;

/// A constant expression (core specification, section 3.3.10), or one instruction of one.
///
/// @param kind which instruction
/// @param value the constant's bits, the low half for a vector; or the index of a global or
/// function
/// @param high the high half of a vector
/// @param type of the value
/// @param position in the module
/// @param steps for [Kind#COMPUTED], the instructions in order
public record ConstantExpression(
        Kind kind, long value, long high, char type, int position, List<ConstantExpression> steps) {

    public enum Kind {
        CONSTANT,
        GLOBAL,
        FUNCTION,
        NULL,
        ADD,
        SUBTRACT,
        MULTIPLY,
        COMPUTED
    }

    ConstantExpression(Kind kind, long value, char type, int position) {
        this(kind, value, 0, type, position, List.of());
    }
}
