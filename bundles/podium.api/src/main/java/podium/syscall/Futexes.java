package podium.syscall;

/// Places in a memory that tasks wait at (futex(2)). Thread-safe.
public interface Futexes {

    /// FUTEX_BITSET_MATCH_ANY.
    int ANY = -1;

    /// Queues a waiter, if the word at an address still has a value. The two happen as one with
    /// respect to [#wake] and [#requeue].
    ///
    /// @param address a multiple of 4
    /// @param bitset which wakings count; not 0
    /// @return what becomes `IN`-ready when the waiter is woken; to be cancelled when it gives up
    /// @throws ErrnoException `EAGAIN` when the word has another value, `EFAULT`, `EINVAL`
    Waiter enqueue(GuestMemory memory, int address, int value, int bitset);

    /// Wakes waiters, those that came first first.
    ///
    /// @return how many
    /// @throws ErrnoException `EINVAL` when the address is no multiple of 4, or the bitset is 0
    int wake(int address, int count, int bitset);

    /// Wakes some waiters and moves further ones to another address (FUTEX_CMP_REQUEUE).
    ///
    /// @param compare whether the word must have the given value
    /// @return how many were woken or moved
    /// @throws ErrnoException `EAGAIN` when the word has another value, `EFAULT`, `EINVAL`
    int requeue(
            GuestMemory memory,
            int address,
            int wake,
            int target,
            int move,
            boolean compare,
            int value);

    /// One waiter.
    interface Waiter extends Pollable {

        /// Leaves the queue.
        ///
        /// @return false when it was woken before that
        boolean cancel();
    }
}
