package podium.engine.jvm.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.GuestFunction;
import podium.engine.V128;
import podium.engine.ValueType;

/// A function of an instance, as the host sees it and as a reference inside the guest.
public final class InstanceFunction implements GuestFunction {

    final GuestState state;
    final int index;
    private @Nullable MethodHandle handle;
    private @Nullable MethodHandle link;

    InstanceFunction(GuestState state, int index) {
        this.state = state;
        this.index = index;
    }

    /// The function's index in its module.
    public int index() {
        return index;
    }

    public boolean belongsTo(GuestState state) {
        return this.state == state;
    }

    @Override
    public FunctionType type() {
        return state.code.functionType(index);
    }

    /// The function's ordinal in its module.
    int ordinal() {
        return state.code.layout().ordinal(index);
    }

    @Override
    public MethodHandle handle() {
        requireHandle();
        if (handle == null) handle = bind(state.code.enter(index));
        return handle;
    }

    /// As [#handle()], for calls by other instances.
    public MethodHandle link() {
        requireHandle();
        if (link == null) link = bind(state.code.link(index));
        return link;
    }

    private void requireHandle() {
        if (!state.code.hasHandle(index))
            throw new UnsupportedOperationException(
                    "a function with "
                            + type().parameters().size()
                            + " parameters has no handle; call it with boxed arguments");
    }

    private MethodHandle bind(MethodHandle entry) {
        return MethodHandles.insertArguments(entry, 0, state, ordinal());
    }

    @Override
    public @Nullable Object call(@Nullable Object... arguments) {
        var parameters = type().parameters();
        if (arguments.length != parameters.size())
            throw new IllegalArgumentException(
                    "a function of type "
                            + type()
                            + " called with "
                            + arguments.length
                            + " arguments");
        for (int i = 0; i < arguments.length; i++) check(parameters.get(i), arguments[i]);
        return state.call(arguments, ordinal(), state.code.canonicalType(index));
    }

    private void check(ValueType type, @Nullable Object argument) {
        boolean fits =
                switch (type) {
                    case I32 -> argument instanceof Integer;
                    case I64 -> argument instanceof Long;
                    case F32 -> argument instanceof Float;
                    case F64 -> argument instanceof Double;
                    case V128 -> argument instanceof V128;
                    case EXNREF -> argument == null || argument instanceof GuestException;
                    case FUNCREF -> argument == null || argument instanceof podium.engine.Function;
                    default -> true;
                };
        if (!fits)
            throw new IllegalArgumentException(
                    "a function of type " + type() + " called with " + argument + " for " + type);
    }
}
