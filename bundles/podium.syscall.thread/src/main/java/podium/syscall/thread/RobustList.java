package podium.syscall.thread;

import podium.syscall.Futexes;
import podium.syscall.GuestMemory;
import podium.syscall.Task;

/// The locks a task held when it ended: the guest's own list, which it may have spoiled.
final class RobustList {

    /// Bytes of struct robust_list_head: list, offset of the lock word, the lock being taken.
    static final int HEAD_SIZE = 12;

    /// The most entries looked at, so that a circle ends.
    private static final int LIMIT = 2048;

    private static final int OWNER = 0x3fff_ffff;
    private static final int OWNER_DIED = 0x4000_0000;
    private static final int WAITERS = 0x8000_0000;

    private RobustList() {}

    /// Marks the locks as those of a dead owner and wakes who waits for them.
    ///
    /// @throws podium.syscall.ErrnoException `EFAULT`: the list leads out of the memory
    static void abandon(Task task, int head) {
        var memory = task.memory();
        int offset = memory.getInt(head + 4);
        int pending = memory.getInt(head + 8);
        int entry = memory.getInt(head);
        for (int i = 0; i < LIMIT && (entry & ~1) != head; i++) {
            int next = memory.getInt(entry & ~1);
            if (entry != pending) release(task, memory, (entry & ~1) + offset);
            entry = next;
        }
        if (pending != 0) release(task, memory, (pending & ~1) + offset);
    }

    private static void release(Task task, GuestMemory memory, int lock) {
        for (; ; ) {
            int word = memory.getInt(lock);
            if ((word & OWNER) != task.tid()) return;
            if (!Word.compareAndSet(memory, lock, word, word & WAITERS | OWNER_DIED)) continue;
            if ((word & WAITERS) != 0) task.process().futexes().wake(lock, 1, Futexes.ANY);
            return;
        }
    }
}
