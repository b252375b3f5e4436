package podium.engine.jvm.runtime;

import podium.engine.Trap.Kind;

/// Memory instructions on more than one value. Called by compiled code.
@SuppressWarnings({"sunapi", "removal"})
public final class Bulk {

    /// Log2 of the bytes that take a unit of fuel.
    private static final int UNIT = 6;

    /// Bytes that are done with in a millisecond or so, new pages included.
    private static final long STEP = 1 << 20;

    private Bulk() {}

    private static long unsigned(int x) {
        return x & 0xffffffffL;
    }

    private static void check(int index, int count, long size) {
        if (unsigned(index) + unsigned(count) > size) throw new Stop(Kind.MEMORY_OUT_OF_BOUNDS);
    }

    public static int size(GuestState state, int memory) {
        return state.memories[memory].pages();
    }

    public static int grow(GuestState state, int delta, int memory) {
        return state.memories[memory].grow(delta);
    }

    private static long base(GuestState state, int memory) {
        return memory == 0 ? state.base : state.views[memory].base;
    }

    private static long limit(GuestState state, int memory) {
        return memory == 0 ? state.limit1 : state.views[memory].limit1;
    }

    public static void copy(GuestState state, int to, int from, int count) {
        check(to, count, state.limit1);
        check(from, count, state.limit1);
        copy(state, state.base + unsigned(from), state.base + unsigned(to), unsigned(count));
    }

    /// Copies as if by way of another place, in steps between which the guest can be interrupted.
    private static void copy(GuestState state, long from, long to, long count) {
        state.burn((int) (count >>> UNIT));
        if (count <= STEP) {
            Raw.U.copyMemory(from, to, count);
            return;
        }
        boolean upwards = to <= from;
        for (long done = 0; done < count; done += STEP) {
            if (state.interrupted != 0) Control.interrupted(state);
            long size = Math.min(STEP, count - done);
            long at = upwards ? done : count - done - size;
            Raw.U.copyMemory(from + at, to + at, size);
        }
    }

    private static void fill(GuestState state, long to, long count, int value) {
        state.burn((int) (count >>> UNIT));
        for (long done = 0; done < count; done += STEP) {
            if (done > 0 && state.interrupted != 0) Control.interrupted(state);
            Raw.U.setMemory(to + done, Math.min(STEP, count - done), (byte) value);
        }
    }

    public static void copy(
            GuestState state, int to, int from, int count, int toMemory, int fromMemory) {
        check(to, count, limit(state, toMemory));
        check(from, count, limit(state, fromMemory));
        copy(
                state,
                base(state, fromMemory) + unsigned(from),
                base(state, toMemory) + unsigned(to),
                unsigned(count));
    }

    public static void fill(GuestState state, int to, int value, int count, int memory) {
        check(to, count, limit(state, memory));
        fill(state, base(state, memory) + unsigned(to), unsigned(count), value);
    }

    public static void fill(GuestState state, int to, int value, int count) {
        check(to, count, state.limit1);
        fill(state, state.base + unsigned(to), unsigned(count), value);
    }

    public static void init(
            GuestState state, int to, int from, int count, int segment, int memory) {
        var data = state.code.module().data.get(segment);
        check(from, count, state.droppedData[segment] ? 0 : data.length());
        check(to, count, limit(state, memory));
        state.burn(count >>> UNIT);
        Raw.U.copyMemory(
                state.code.module().bytes,
                sun.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET + data.start() + from,
                null,
                base(state, memory) + unsigned(to),
                count);
    }

    public static void drop(GuestState state, int segment) {
        state.droppedData[segment] = true;
    }
}
