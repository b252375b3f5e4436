package podium.engine;

/// An exception tag's type: the values an exception of the tag carries.
public record TagType(FunctionType function) implements ExternType {}
