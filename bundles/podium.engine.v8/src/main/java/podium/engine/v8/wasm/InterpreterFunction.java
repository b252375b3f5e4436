package podium.engine.v8.wasm;

import java.lang.invoke.MethodHandles;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.ExternType;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.ValueType;

/// What the engine itself provides of module `podium.interpreter`, by which an interpreter asks for
/// code specialised to its programs. There is none of that here: `dispatch` and `enter` give their
/// first argument, `specialised` and `specialise` 0. A call of them is overwritten by what it comes
/// to; whoever refers to one otherwise has a function of the host's.
public enum InterpreterFunction {
    DISPATCH("dispatch", 1, 1),
    ENTER("enter", 2, 1, InterpreterFunction.DROP),
    SPECIALISED("specialised", 0, 1, InterpreterFunction.I32_CONST, 0),
    SPECIALISE("specialise", 3, 1, InterpreterFunction.I32_CONST, 0),
    FORGET("forget", 2, 0, InterpreterFunction.DROP, InterpreterFunction.DROP);

    private static final String MODULE = "podium.interpreter";

    private static final int NOP = 0x01;
    private static final int DROP = 0x1a;
    private static final int I32_CONST = 0x41;

    private final String function;
    private final FunctionType type;
    private final int[] code;

    InterpreterFunction(String function, int parameters, int results, int... code) {
        this.function = function;
        this.code = code;
        type = new FunctionType(numbers(parameters), numbers(results));
    }

    private static List<ValueType> numbers(int count) {
        return Collections.nCopies(count, ValueType.I32);
    }

    /// The one that an import means, or null if it is another's.
    public static @Nullable InterpreterFunction of(String module, String name, ExternType type) {
        if (!module.equals(MODULE)) return null;
        for (var function : values())
            if (function.function.equals(name) && function.type.equals(type)) return function;
        return null;
    }

    /// For those who do not call it by its index.
    public HostFunction function() {
        var handleType = HostFunction.handleType(type);
        var handle =
                switch (this) {
                    case DISPATCH, ENTER ->
                            MethodHandles.permuteArguments(
                                    MethodHandles.identity(int.class), handleType, 1);
                    default -> MethodHandles.empty(handleType);
                };
        return new HostFunction(type, handle);
    }

    /// What comes before the overwritten call, for lack of room in it.
    byte[] before() {
        return this == SPECIALISE ? new Output().raw(DROP, DROP, DROP).bytes() : new byte[0];
    }

    /// Overwrites a call: at least two bytes.
    void overwrite(byte[] content, int from, int to) {
        for (int i = from; i < to; i++)
            content[i] = (byte) (i - from < code.length ? code[i - from] : NOP);
    }
}
