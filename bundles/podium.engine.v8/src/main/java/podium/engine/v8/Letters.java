package podium.engine.v8;

import java.util.ArrayList;
import java.util.List;
import podium.engine.FunctionType;
import podium.engine.ValueType;

/// Types as the bridge has them: a letter each.
final class Letters {

    private static final String LETTERS = "ilfdvrxe"; // in the order of ValueType

    /// Parameters or results that a function may have in V8.
    private static final int MOST = 1_000;

    private Letters() {}

    static char of(ValueType type) {
        return LETTERS.charAt(type.ordinal());
    }

    static String of(List<ValueType> types) {
        var letters = new StringBuilder();
        for (var type : types) letters.append(of(type));
        return letters.toString();
    }

    /// @param signature parameters and results, with a colon between
    static FunctionType functionType(String signature) {
        int colon = signature.indexOf(':');
        return new FunctionType(
                types(signature.substring(0, colon)), types(signature.substring(colon + 1)));
    }

    private static List<ValueType> types(String letters) {
        var types = new ArrayList<ValueType>();
        for (char letter : letters.toCharArray())
            types.add(ValueType.values()[LETTERS.indexOf(letter)]);
        return types;
    }

    /// As JavaScript names a type that can pass.
    static String nameOf(ValueType type) {
        return type == ValueType.FUNCREF ? "anyfunc" : type.toString();
    }

    /// Whether a type can pass: JavaScript has no exceptions of WebAssembly's.
    static boolean passable(ValueType type) {
        return type != ValueType.EXNREF;
    }

    static boolean passable(FunctionType type) {
        return passable(type.parameters()) && passable(type.results());
    }

    private static boolean passable(List<ValueType> types) {
        return types.stream().allMatch(Letters::passable) && slots(types) <= MOST;
    }

    /// How many numbers or references values are for JavaScript: a vector is two.
    private static int slots(List<ValueType> types) {
        return types.size() + (int) types.stream().filter(ValueType.V128::equals).count();
    }

    static IllegalArgumentException impassable(Object type) {
        return new IllegalArgumentException(
                "the engine v8 cannot pass " + type + " between host and guest");
    }
}
