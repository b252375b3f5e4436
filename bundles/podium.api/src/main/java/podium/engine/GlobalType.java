package podium.engine;

/// A global's type.
public record GlobalType(ValueType value, boolean mutable) implements ExternType {}
