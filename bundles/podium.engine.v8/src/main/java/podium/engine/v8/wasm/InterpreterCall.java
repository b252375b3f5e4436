package podium.engine.v8.wasm;

import java.lang.invoke.MethodHandles;
import podium.engine.HostFunction;
import podium.engine.InterpreterFunction;

/// What a function for interpreters comes to here, where no code is specialised: `dispatch` and
/// `enter` give their first argument, `specialised` and `specialise` 0. A call of them is
/// overwritten by that; whoever refers to one otherwise has a function of the host's.
public final class InterpreterCall {

    private static final int NOP = 0x01;
    private static final int DROP = 0x1a;
    private static final int I32_CONST = 0x41;

    private static final int[] NOTHING = {};

    private InterpreterCall() {}

    /// For those who do not call it by its index.
    public static HostFunction host(InterpreterFunction function) {
        var handleType = HostFunction.handleType(function.type());
        var handle =
                switch (function) {
                    case DISPATCH, ENTER ->
                            MethodHandles.permuteArguments(
                                    MethodHandles.identity(int.class), handleType, 1);
                    default -> MethodHandles.empty(handleType);
                };
        return new HostFunction(function.type(), handle);
    }

    private static int[] code(InterpreterFunction function) {
        return switch (function) {
            case DISPATCH -> NOTHING;
            case ENTER -> new int[] {DROP};
            case SPECIALISED, SPECIALISE -> new int[] {I32_CONST, 0};
            case FORGET -> new int[] {DROP, DROP};
        };
    }

    /// Whether more is to come before the overwritten call, for lack of room in it: [#drops()].
    static boolean isTooShort(InterpreterFunction function) {
        return function == InterpreterFunction.SPECIALISE;
    }

    static byte[] drops() {
        return new Output().raw(DROP, DROP, DROP).bytes();
    }

    /// Overwrites a call: at least two bytes.
    static void overwrite(InterpreterFunction function, byte[] content, int from, int to) {
        var code = code(function);
        for (int i = from; i < to; i++)
            content[i] = (byte) (i - from < code.length ? code[i - from] : NOP);
    }
}
