package podium.engine.jvm.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;
import podium.engine.Function;
import podium.engine.GuestFunction;
import podium.engine.HostFunction;
import podium.engine.Trap.Kind;
import podium.engine.jvm.wasm.Elements;

/// Table instructions and references. Called by compiled code.
public final class Tables {

    private Tables() {}

    private static Stop outOfBounds() {
        return new Stop(Kind.TABLE_OUT_OF_BOUNDS);
    }

    private static void check(long index, long count, long size) {
        if (index + count > size) throw outOfBounds();
    }

    /// Looks for an interrupt every now and then in a loop over elements.
    private static void poll(GuestState state, int element) {
        if ((element & 0xffff) == 0xffff && state.interrupted != 0) Control.interrupted(state);
    }

    private static long unsigned(int x) {
        return x & 0xffffffffL;
    }

    public static @Nullable Object get(GuestState state, int index, int table) {
        var t = state.tables[table];
        check(unsigned(index), 1, t.size());
        return t.element(index);
    }

    public static void set(GuestState state, int index, @Nullable Object value, int table) {
        var t = state.tables[table];
        check(unsigned(index), 1, t.size());
        t.store(index, value);
    }

    public static int size(GuestState state, int table) {
        return state.tables[table].size();
    }

    public static int grow(GuestState state, @Nullable Object value, int delta, int table) {
        if (delta > 0) state.burn(delta);
        try {
            return state.tables[table].grow(delta, value);
        } catch (OutOfMemoryError e) {
            return -1;
        }
    }

    public static void fill(
            GuestState state, int index, @Nullable Object value, int count, int table) {
        var t = state.tables[table];
        check(unsigned(index), unsigned(count), t.size());
        state.burn(count);
        for (int i = 0; i < count; i++) {
            poll(state, i);
            t.store(index + i, value);
        }
    }

    public static void copy(
            GuestState state, int to, int from, int count, int toTable, int fromTable) {
        var t = state.tables[toTable];
        var f = state.tables[fromTable];
        check(unsigned(to), unsigned(count), t.size());
        check(unsigned(from), unsigned(count), f.size());
        state.burn(count);
        boolean upwards = to <= from;
        for (int i = 0; i < count; i++) {
            poll(state, i);
            int at = upwards ? i : count - 1 - i;
            t.store(to + at, f.element(from + at));
        }
    }

    public static void init(GuestState state, int to, int from, int count, int segment, int table) {
        var t = state.tables[table];
        var elements = state.code.module().elements.get(segment).elements();
        int size = state.droppedElements[segment] ? 0 : elements.size();
        check(unsigned(from), unsigned(count), size);
        check(unsigned(to), unsigned(count), t.size());
        state.burn(count);
        for (int i = 0; i < count; i++) {
            poll(state, i);
            t.store(to + i, reference(state, elements, from + i));
        }
    }

    private static @Nullable Object reference(GuestState state, Elements elements, int index) {
        var expression = elements.expression(index);
        if (expression != null) return state.constantReference(expression);
        int function = elements.function(index);
        return function < 0 ? null : state.function(function);
    }

    public static void drop(GuestState state, int segment) {
        state.droppedElements[segment] = true;
    }

    public static Object function(GuestState state, int index) {
        return state.function(index);
    }

    // ---- call_indirect

    /// The ordinal of an element of any table if it is a function of this instance, else a negative
    /// number.
    public static int code(GuestState state, int index, int table) {
        var t = state.tables[table];
        if (Integer.compareUnsigned(index, t.size()) >= 0) throw new Stop(Kind.UNDEFINED_ELEMENT);
        if (t.ownedBy(state)) return t.codes()[index];
        return t.element(index) instanceof InstanceFunction function && function.state == state
                ? function.ordinal()
                : -2;
    }

    /// The handle for an element that is not a function of this instance of the wanted type.
    ///
    /// @param stack the stack budget
    /// @throws Stop it is null or has another type
    public static MethodHandle foreign(
            GuestState state, int index, int stack, int type, int table) {
        var element = function(state, index, type, table);
        state.stack = stack;
        return switch (element) {
            case InstanceFunction function -> function.link();
            case HostFunction function -> guarded(function, state);
            case GuestFunction function -> function.handle();
        };
    }

    private static Function function(GuestState state, int index, int type, int table) {
        var element = (Function) state.tables[table].element(index);
        if (element == null) throw new Stop(Kind.NULL_REFERENCE);
        if (!element.type().equals(state.code.canonicalFunctionType(type)))
            throw new Stop(Kind.SIGNATURE_MISMATCH);
        return element;
    }

    /// Calls an element of a type with more parameters than a method handle takes: a function of
    /// another instance, since there is no host function of such a type.
    public static @Nullable Object callForeign(
            GuestState state,
            int index,
            int stack,
            int type,
            int table,
            @Nullable Object[] arguments) {
        var element = (GuestFunction) function(state, index, type, table);
        state.stack = stack;
        try {
            return element.call(arguments);
        } catch (Throwable e) {
            throw Sneaky.unchecked(Control.fromHost(e));
        }
    }

    private static final MethodHandle FAILED = failed();

    private static MethodHandle failed() {
        try {
            return MethodHandles.lookup()
                    .findStatic(
                            Tables.class,
                            "failed",
                            MethodType.methodType(void.class, Throwable.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("UnusedMethod") // through FAILED
    private static void failed(Throwable thrown) {
        throw Sneaky.unchecked(Control.fromHost(thrown));
    }

    /// A host function's handle, whose failures pass the guest's frames.
    private static MethodHandle guarded(HostFunction function, GuestState state) {
        var handle = MethodHandles.insertArguments(function.handle(), 0, state.context);
        var result = handle.type().returnType();
        var rethrow =
                result == void.class
                        ? FAILED
                        : MethodHandles.filterReturnValue(FAILED, MethodHandles.zero(result));
        return MethodHandles.catchException(handle, Throwable.class, rethrow);
    }
}
