package podium.engine;

import java.lang.foreign.MemorySegment;

/// A linear memory. It never moves: growth happens in place, within the address space reserved for
/// its maximum, so views stay valid until [#close()].
///
/// Thread-safe as far as plain memory is: concurrent access to the same bytes is a race, ordered
/// only by the guest's atomic instructions.
public non-sealed interface Memory extends Extern, AutoCloseable {

    MemoryType type();

    /// Current size in pages of 64 KiB. Only grows.
    int pages();

    /// Current size in bytes, 0 to 4 GiB.
    default long size() {
        return (long) pages() * MemoryType.PAGE;
    }

    /// Grows by some pages of zeros.
    ///
    /// @param delta an unsigned number of pages
    /// @return the size before, in pages, or -1 when the maximum, the instance's limit or the host
    ///     forbids it
    int grow(int delta);

    /// The memory as it is now, [#size()] bytes, without a copy. After growth the segment still
    /// covers the old extent; ask again for the new. Accesses after [#close()] throw
    /// IllegalStateException.
    MemorySegment segment();

    /// A range of this memory as a memory of its own: what an instance in it writes is seen here,
    /// and
    /// the other way round. It holds nothing, and must not be used after this memory is closed.
    ///
    /// @param offset where it begins, in bytes, a multiple of [MemoryType#PAGE] or not; its minimum
    /// lies
    ///     within [#size()]
    /// @param growth asked before it grows
    /// @throws IndexOutOfBoundsException its minimum does not lie within this memory
    /// @throws UnsupportedOperationException the engine cannot
    default Memory window(long offset, MemoryType type, Growth growth) {
        throw new UnsupportedOperationException("no memory within a memory");
    }

    /// Decides whether a window may grow.
    @FunctionalInterface
    interface Growth {

        /// Makes room for it. Called by the thread that grows, which waits.
        ///
        /// @param before bytes now
        /// @param after bytes wanted, within the window's maximum
        /// @return whether the memory around now reaches that far, and the new bytes are zero and
        ///     nobody else's
        boolean allow(long before, long after);
    }

    /// Bytes private to this memory: touched pages that are not shared with a snapshot. An
    /// estimate, for accounting.
    long resident();

    /// Releases the memory at once. Only when no instance that uses it runs or will run again.
    @Override
    void close();
}
