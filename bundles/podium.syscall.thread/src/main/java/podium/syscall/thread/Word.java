package podium.syscall.thread;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import podium.syscall.Errno;
import podium.syscall.GuestMemory;

/// Atomic access to a word of guest memory.
final class Word {

    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private Word() {}

    static boolean compareAndSet(GuestMemory memory, int address, int expected, int value) {
        var word = memory.slice(address, 4);
        if ((address & 3) != 0) throw Errno.EINVAL.exception();
        return INT.compareAndSet(word, 0L, expected, value);
    }

    /// Applies an operator of FUTEX_WAKE_OP.
    ///
    /// @return the old value
    static int change(GuestMemory memory, int address, int operator, int argument) {
        for (; ; ) {
            int old = memory.getInt(address);
            int value =
                    switch (operator) {
                        case 0 -> argument;
                        case 1 -> old + argument;
                        case 2 -> old | argument;
                        case 3 -> old & ~argument;
                        case 4 -> old ^ argument;
                        default -> throw Errno.ENOSYS.exception();
                    };
            if (compareAndSet(memory, address, old, value)) return old;
        }
    }
}
