package podium.engine.jvm.runtime;

import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;
import podium.engine.Trap.Kind;

/// Atomic instructions on machine addresses that are in bounds (threads proposal). Called by
/// compiled code. Narrow accesses
/// act on the aligned 32-bit word around them.
@SuppressWarnings({"sunapi", "removal"})
public final class Atomics {

    private Atomics() {}

    private static void align(long address, int mask) {
        if ((address & mask) != 0) throw new Stop(Kind.UNALIGNED_ATOMIC);
    }

    public static void fence() {
        VarHandle.fullFence();
    }

    public static int load8(long address) {
        return Raw.U.getByteVolatile(null, address) & 0xff;
    }

    public static int load16(long address) {
        align(address, 1);
        return Raw.U.getShortVolatile(null, address) & 0xffff;
    }

    public static int load32(long address) {
        align(address, 3);
        return Raw.U.getIntVolatile(null, address);
    }

    public static long load64(long address) {
        align(address, 7);
        return Raw.U.getLongVolatile(null, address);
    }

    public static void store8(long address, int value) {
        Raw.U.putByteVolatile(null, address, (byte) value);
    }

    public static void store16(long address, int value) {
        align(address, 1);
        Raw.U.putShortVolatile(null, address, (short) value);
    }

    public static void store32(long address, int value) {
        align(address, 3);
        Raw.U.putIntVolatile(null, address, value);
    }

    public static void store64(long address, long value) {
        align(address, 7);
        Raw.U.putLongVolatile(null, address, value);
    }

    /// Exchanges the bits of `mask`, shifted, in the word around an address, if they are as
    /// expected.
    private static boolean replace(long address, int mask, int expected, int value) {
        int shift = (int) (address & 3) * 8;
        long word = address & ~3L;
        int old = Raw.U.getIntVolatile(null, word);
        if ((old >>> shift & mask) != expected) return false;
        int next = old & ~(mask << shift) | (value & mask) << shift;
        return Raw.U.compareAndSwapInt(null, word, old, next);
    }

    public static int compareExchange8(long address, long expected, int value) {
        while (true) {
            int old = load8(address);
            if (old != expected || replace(address, 0xff, old, value)) return old;
        }
    }

    public static int compareExchange16(long address, long expected, int value) {
        while (true) {
            int old = load16(address);
            if (old != expected || replace(address, 0xffff, old, value)) return old;
        }
    }

    /// For a 64-bit instruction on 32 bits.
    public static int compareExchange32(long address, long expected, int value) {
        if (expected != (expected & 0xffffffffL)) return load32(address);
        return compareExchange32(address, (int) expected, value);
    }

    public static int compareExchange32(long address, int expected, int value) {
        while (true) {
            int old = load32(address);
            if (old != expected || Raw.U.compareAndSwapInt(null, address, old, value)) return old;
        }
    }

    public static long compareExchange64(long address, long expected, long value) {
        while (true) {
            long old = load64(address);
            if (old != expected || Raw.U.compareAndSwapLong(null, address, old, value)) return old;
        }
    }

    public static int add8(long address, int value) {
        while (true) {
            int old = load8(address);
            if (replace(address, 0xff, old, old + value)) return old;
        }
    }

    public static int add16(long address, int value) {
        while (true) {
            int old = load16(address);
            if (replace(address, 0xffff, old, old + value)) return old;
        }
    }

    public static int add32(long address, int value) {
        align(address, 3);
        return Raw.U.getAndAddInt(null, address, value);
    }

    public static long add64(long address, long value) {
        align(address, 7);
        return Raw.U.getAndAddLong(null, address, value);
    }

    public static int subtract8(long address, int value) {
        while (true) {
            int old = load8(address);
            if (replace(address, 0xff, old, old - value)) return old;
        }
    }

    public static int subtract16(long address, int value) {
        while (true) {
            int old = load16(address);
            if (replace(address, 0xffff, old, old - value)) return old;
        }
    }

    public static int subtract32(long address, int value) {
        align(address, 3);
        return Raw.U.getAndAddInt(null, address, -value);
    }

    public static long subtract64(long address, long value) {
        align(address, 7);
        return Raw.U.getAndAddLong(null, address, -value);
    }

    public static int and8(long address, int value) {
        while (true) {
            int old = load8(address);
            if (replace(address, 0xff, old, old & value)) return old;
        }
    }

    public static int and16(long address, int value) {
        while (true) {
            int old = load16(address);
            if (replace(address, 0xffff, old, old & value)) return old;
        }
    }

    public static int and32(long address, int value) {
        while (true) {
            int old = load32(address);
            if (Raw.U.compareAndSwapInt(null, address, old, old & value)) return old;
        }
    }

    public static long and64(long address, long value) {
        while (true) {
            long old = load64(address);
            if (Raw.U.compareAndSwapLong(null, address, old, old & value)) return old;
        }
    }

    public static int or8(long address, int value) {
        while (true) {
            int old = load8(address);
            if (replace(address, 0xff, old, old | value)) return old;
        }
    }

    public static int or16(long address, int value) {
        while (true) {
            int old = load16(address);
            if (replace(address, 0xffff, old, old | value)) return old;
        }
    }

    public static int or32(long address, int value) {
        while (true) {
            int old = load32(address);
            if (Raw.U.compareAndSwapInt(null, address, old, old | value)) return old;
        }
    }

    public static long or64(long address, long value) {
        while (true) {
            long old = load64(address);
            if (Raw.U.compareAndSwapLong(null, address, old, old | value)) return old;
        }
    }

    public static int xor8(long address, int value) {
        while (true) {
            int old = load8(address);
            if (replace(address, 0xff, old, old ^ value)) return old;
        }
    }

    public static int xor16(long address, int value) {
        while (true) {
            int old = load16(address);
            if (replace(address, 0xffff, old, old ^ value)) return old;
        }
    }

    public static int xor32(long address, int value) {
        while (true) {
            int old = load32(address);
            if (Raw.U.compareAndSwapInt(null, address, old, old ^ value)) return old;
        }
    }

    public static long xor64(long address, long value) {
        while (true) {
            long old = load64(address);
            if (Raw.U.compareAndSwapLong(null, address, old, old ^ value)) return old;
        }
    }

    public static int exchange8(long address, int value) {
        while (true) {
            int old = load8(address);
            if (replace(address, 0xff, old, value)) return old;
        }
    }

    public static int exchange16(long address, int value) {
        while (true) {
            int old = load16(address);
            if (replace(address, 0xffff, old, value)) return old;
        }
    }

    public static int exchange32(long address, int value) {
        align(address, 3);
        return Raw.U.getAndSetInt(null, address, value);
    }

    public static long exchange64(long address, long value) {
        align(address, 7);
        return Raw.U.getAndSetLong(null, address, value);
    }

    // ---- waiting

    public static int notify(GuestState state, long address, int count, int memory) {
        align(address, 3);
        return state.memories[memory].waiters().notify(address, count);
    }

    public static int wait32(
            GuestState state, long address, int expected, long timeout, int memory) {
        align(address, 3);
        return await(state, memory, address, () -> load32(address) == expected, timeout);
    }

    public static int wait64(
            GuestState state, long address, long expected, long timeout, int memory) {
        align(address, 7);
        return await(state, memory, address, () -> load64(address) == expected, timeout);
    }

    private static int await(
            GuestState state, int memory, long address, BooleanSupplier same, long timeout) {
        var waitedFor = state.memories[memory];
        if (!waitedFor.type().shared()) throw new Stop(Kind.NOT_SHARED);
        return waitedFor.waiters().await(state, address, same, timeout);
    }
}
