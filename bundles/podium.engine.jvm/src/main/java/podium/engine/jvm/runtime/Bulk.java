package podium.engine.jvm.runtime;

import podium.engine.Trap.Kind;

/// Memory instructions on more than one value. Called by compiled code.
@SuppressWarnings({"sunapi", "removal"})
public final class Bulk {

    private Bulk() {}

    private static long unsigned(int x) {
        return x & 0xffffffffL;
    }

    private static void check(int index, int count, long size) {
        if (unsigned(index) + unsigned(count) > size) throw new Stop(Kind.MEMORY_OUT_OF_BOUNDS);
    }

    public static int size(GuestState state) {
        return state.memory.pages();
    }

    public static int grow(GuestState state, int delta) {
        return state.memory.grow(delta);
    }

    public static void copy(GuestState state, int to, int from, int count) {
        check(to, count, state.limit1);
        check(from, count, state.limit1);
        Raw.U.copyMemory(state.base + unsigned(from), state.base + unsigned(to), unsigned(count));
    }

    public static void fill(GuestState state, int to, int value, int count) {
        check(to, count, state.limit1);
        Raw.U.setMemory(state.base + unsigned(to), unsigned(count), (byte) value);
    }

    public static void init(GuestState state, int to, int from, int count, int segment) {
        var data = state.code.module().data.get(segment);
        check(from, count, state.droppedData[segment] ? 0 : data.length());
        check(to, count, state.limit1);
        Raw.U.copyMemory(
                state.code.module().bytes,
                sun.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET + data.start() + from,
                null,
                state.base + unsigned(to),
                count);
    }

    public static void drop(GuestState state, int segment) {
        state.droppedData[segment] = true;
    }
}
