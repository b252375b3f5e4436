package podium.engine;

/// A table's type.
///
/// @param element `FUNCREF`, `EXTERNREF` or `EXNREF`
/// @param minimum initial number of elements, an unsigned 32-bit number
/// @param maximum bound for growth, or -1 for none
public record TableType(ValueType element, long minimum, long maximum) implements ExternType {}
