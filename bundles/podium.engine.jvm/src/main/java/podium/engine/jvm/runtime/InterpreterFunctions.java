package podium.engine.jvm.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import podium.engine.HostFunction;
import podium.engine.InterpreterFunction;

/// The functions for interpreters, as an instance imports them. Compiled code calls those two only
/// that ask for something; the others it knows, and they are here for who has a reference to them.
public final class InterpreterFunctions {

    /// With the instance's state before the context.
    private static final Map<InterpreterFunction, MethodHandle> HANDLES =
            new EnumMap<>(InterpreterFunction.class);

    static {
        try {
            for (var function : InterpreterFunction.values()) {
                var type = HostFunction.handleType(function.type());
                var method =
                        MethodHandles.lookup()
                                .findStatic(
                                        InterpreterFunctions.class,
                                        function.importName(),
                                        type.insertParameterTypes(0, GuestState.class));
                HANDLES.put(function, method);
            }
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private InterpreterFunctions() {}

    public static HostFunction of(InterpreterFunction wanted, GuestState state) {
        var handle = Objects.requireNonNull(HANDLES.get(wanted));
        return new HostFunction(wanted.type(), handle.bindTo(state));
    }

    static int dispatch(GuestState state, Object context, int address) {
        return address;
    }

    static int enter(GuestState state, Object context, int address, int code) {
        return address;
    }

    static int specialised(GuestState state, Object context) {
        return 0;
    }

    static int specialise(GuestState state, Object context, int start, int length, int entry) {
        return state.specialisations.ask(state, start, length, entry);
    }

    static void forget(GuestState state, Object context, int start, int length) {
        state.specialisations.forget(start, length);
    }
}
