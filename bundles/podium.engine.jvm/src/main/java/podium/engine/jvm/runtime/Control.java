package podium.engine.jvm.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.Fuel;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap;
import podium.engine.Trap.Kind;
import podium.engine.V128;
import podium.engine.jvm.ir.Weights;

/// Calls, traps, interrupts and exceptions. Called by compiled code.
public final class Control {

    private Control() {}

    // ---- the border between host and guest

    /// Before the host calls the guest.
    ///
    /// @return the stack budget
    public static int enter(GuestState state) {
        if (state.interrupted != 0) {
            var kind = clear(state);
            if (kind != null) throw new Trap(kind, List.of(), null);
        }
        var thread = Thread.currentThread();
        if (state.thread != thread) {
            state.thread = thread;
            state.stack = (int) Math.min(StackBudget.ofCurrentThread(), state.stackLimit);
        }
        if (state.tank != null) payForCall(state);
        return state.stack;
    }

    private static void payForCall(GuestState state) {
        try {
            state.burn(Weights.CALL);
        } catch (Stop stop) {
            state.giveBack();
            throw new Trap(stop.kind(), List.of(), null);
        }
    }

    /// After the host called the guest.
    public static void leave(GuestState state, int stack) {
        state.stack = stack;
        state.giveBack();
    }

    /// What the host gets to see of something thrown in the guest.
    public static Throwable escaped(Throwable thrown, GuestState state) {
        var kind = kind(thrown);
        if (kind != null) {
            var code = state.code; // and not the instance, which the trap would keep
            return new Trap(kind, () -> code.frames(thrown), cause(thrown));
        }
        return switch (thrown) {
            case HostFailure failure -> failure.thrown();
            case GuestException _ -> new Trap(Kind.UNCAUGHT_EXCEPTION, List.of(), thrown);
            default -> thrown;
        };
    }

    /// What another instance gets to see: a trap must not be taken for a failure of the host.
    public static Throwable linked(Throwable thrown, GuestState state) {
        if (thrown instanceof Stop) return thrown;
        var kind = kind(thrown);
        return kind == null ? thrown : new Stop(kind, thrown);
    }

    /// Why the guest trapped, or null if it did not.
    private static @Nullable Kind kind(Throwable thrown) {
        return switch (thrown) {
            case Stop stop -> stop.kind();
            case ArrayIndexOutOfBoundsException _ -> Kind.UNDEFINED_ELEMENT;
            case IndexOutOfBoundsException _ -> Kind.MEMORY_OUT_OF_BOUNDS;
            case StackOverflowError _ -> Kind.STACK_OVERFLOW;
            case OutOfMemoryError _, OutOfMemoryException _ -> Kind.OUT_OF_MEMORY;
            case HostFailure _, GuestException _ -> null;
            default -> Kind.INTERNAL;
        };
    }

    private static @Nullable Throwable cause(Throwable thrown) {
        return thrown instanceof Stop ? thrown.getCause() : thrown;
    }

    /// What an imported function threw, so that it passes the guest: all else that comes out of
    /// guest
    /// code, but for its exceptions, is a trap. What comes from another instance passes as it is.
    public static Throwable fromHost(Throwable thrown) {
        return switch (thrown) {
            case GuestException _, Stop _, HostFailure _ -> thrown;
            default -> new HostFailure(thrown);
        };
    }

    public static RuntimeException unreachable() {
        return new Stop(Kind.UNREACHABLE);
    }

    public static RuntimeException noSuchOrdinal() {
        return new IllegalStateException("a function reference without a function");
    }

    // ---- interrupts and the stack

    /// At the entry of a function: the stack budget is below the guard.
    ///
    /// @return what it is now
    public static int guard(GuestState state, int stack) {
        if (state.interrupted != 0) interrupted(state);
        if (stack >= 0) return stack;
        int more = state.stackLimit == Long.MAX_VALUE ? StackBudget.more() : -1;
        if (more < 0) throw new Stop(Kind.STACK_OVERFLOW);
        return more;
    }

    /// Why the guest is to stop: [podium.engine.Instance#interrupt()], which counts once.
    public static final int INTERRUPT = 1;

    /// Why the guest is to stop: its deadline has passed.
    static final int PASSED = 2;

    private static @Nullable Kind clear(GuestState state) {
        int causes = state.clearInterrupt(INTERRUPT);
        if ((causes & INTERRUPT) != 0) return Kind.INTERRUPTED;
        return (causes & PASSED) != 0 ? Kind.DEADLINE : null;
    }

    public static void interrupted(GuestState state) {
        var kind = clear(state);
        if (kind != null) throw new Stop(kind);
    }

    // ---- fuel

    /// Where metered code has used its slice up. It looks for interrupts here only.
    public static void refuel(GuestState state) {
        if (state.interrupted != 0) interrupted(state);
        int left = state.fuel;
        var tank = state.tank;
        state.fuel = tank == null ? Fuel.SLICE : left + tank.take(Fuel.SLICE - left);
        if (state.fuel < 0) throw new Stop(Kind.OUT_OF_FUEL);
    }

    /// The same, and gives back what is about to be taken once more.
    public static void refuel(GuestState state, int units) {
        refuel(state);
        state.fuel += units;
    }

    // ---- exceptions

    public static GuestException exception(GuestState state, int tag, @Nullable Object[] values) {
        return new GuestException(state.tags[tag], values);
    }

    public static boolean matches(GuestState state, Object exception, int tag) {
        return ((GuestException) exception).tag == state.tags[tag];
    }

    /// What `throw_ref` throws.
    public static GuestException throwable(@Nullable Object reference) {
        if (reference == null) throw new Stop(Kind.NULL_REFERENCE);
        return (GuestException) reference;
    }

    public static long payloadL(Object exception, int index) {
        return ((V128) ((GuestException) exception).values[index]).low();
    }

    public static long payloadH(Object exception, int index) {
        return ((V128) ((GuestException) exception).values[index]).high();
    }

    public static int payloadI(Object exception, int index) {
        return (Integer) ((GuestException) exception).values[index];
    }

    public static long payloadJ(Object exception, int index) {
        return (Long) ((GuestException) exception).values[index];
    }

    public static float payloadF(Object exception, int index) {
        return (Float) ((GuestException) exception).values[index];
    }

    public static double payloadD(Object exception, int index) {
        return (Double) ((GuestException) exception).values[index];
    }

    public static @Nullable Object payloadA(Object exception, int index) {
        return ((GuestException) exception).values[index];
    }

    // ---- values where host and guest meet

    public static V128 vector(long low, long high) {
        return new V128(low, high);
    }

    public static int unboxI(Object value) {
        return (Integer) value;
    }

    public static long unboxJ(Object value) {
        return (Long) value;
    }

    public static float unboxF(Object value) {
        return (Float) value;
    }

    public static double unboxD(Object value) {
        return (Double) value;
    }
}
