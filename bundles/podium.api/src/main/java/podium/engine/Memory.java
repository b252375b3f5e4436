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

    /// Bytes private to this memory: touched pages that are not shared with a snapshot. An
    /// estimate, for accounting.
    long resident();

    /// Releases the memory at once. Only when no instance that uses it runs or will run again.
    @Override
    void close();
}
