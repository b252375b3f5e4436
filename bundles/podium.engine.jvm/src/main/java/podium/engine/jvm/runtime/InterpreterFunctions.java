package podium.engine.jvm.runtime;

import java.lang.invoke.MethodHandles;
import podium.engine.HostFunction;
import podium.engine.jvm.wasm.InterpreterImport;
import podium.engine.jvm.wasm.Types;

/// The functions of module `podium.interpreter`, as an instance imports them. Compiled code calls
/// those two only that ask for something; the others it knows, and they are here for who has a
/// reference to them.
public final class InterpreterFunctions {

    private InterpreterFunctions() {}

    public static HostFunction of(InterpreterImport wanted, GuestState state) {
        var type = Types.functionType(wanted.signature);
        try {
            var name = wanted.name().toLowerCase(java.util.Locale.ROOT);
            var shape = HostFunction.handleType(type).insertParameterTypes(0, GuestState.class);
            var method = MethodHandles.lookup().findStatic(InterpreterFunctions.class, name, shape);
            return new HostFunction(type, MethodHandles.insertArguments(method, 0, state));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
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
