package podium.engine.jvm.wasm;

import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.ConstantExpression.Kind;

/// The references of an element segment: function indices, -1 for null; expressions where there is
/// anything else.
public final class Elements {

    private static final int[] NONE = {};

    private final int[] functions;
    private final List<ConstantExpression> expressions;

    private Elements(int[] functions, List<ConstantExpression> expressions) {
        this.functions = functions;
        this.expressions = expressions;
    }

    static Elements of(int[] functions) {
        return new Elements(functions, List.of());
    }

    /// @param type of the segment
    static Elements of(List<ConstantExpression> expressions, char type) {
        var functions = new int[expressions.size()];
        for (int i = 0; i < functions.length; i++) {
            var expression = expressions.get(i);
            boolean function = expression.kind() == Kind.FUNCTION;
            if (!function && expression.kind() != Kind.NULL || expression.type() != type)
                return new Elements(NONE, List.copyOf(expressions));
            functions[i] = function ? (int) expression.value() : -1;
        }
        return of(functions);
    }

    public int size() {
        return functions.length + expressions.size();
    }

    /// The expression of an element, or null where [#function(int)] tells.
    public @Nullable ConstantExpression expression(int index) {
        return expressions.isEmpty() ? null : expressions.get(index);
    }

    /// The function's index, or -1 for null.
    public int function(int index) {
        return functions[index];
    }

    /// Visits every function that is named.
    public void forEachFunction(IntConsumer visitor) {
        for (int function : functions) if (function >= 0) visitor.accept(function);
        for (var expression : expressions)
            if (expression.kind() == Kind.FUNCTION) visitor.accept((int) expression.value());
    }
}
