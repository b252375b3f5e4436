package podium.engine;

import java.util.List;
import java.util.stream.Collectors;

/// A function's parameter and result types.
public record FunctionType(List<ValueType> parameters, List<ValueType> results)
        implements ExternType {

    public FunctionType {
        parameters = List.copyOf(parameters);
        results = List.copyOf(results);
    }

    /// `void`, the result's Java type, or `Object[]` for several results.
    public Class<?> resultJavaType() {
        return switch (results.size()) {
            case 0 -> void.class;
            case 1 -> results.getFirst().javaType();
            default -> Object[].class;
        };
    }

    /// As in the text format, such as `(i32, i64) -> (i32)`.
    @Override
    public String toString() {
        return list(parameters) + " -> " + list(results);
    }

    private static String list(List<ValueType> types) {
        return types.stream().map(ValueType::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
