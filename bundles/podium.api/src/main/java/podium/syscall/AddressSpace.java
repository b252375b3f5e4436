package podium.syscall;

/// Which parts of a process's linear memory are mapped, for mmap2(2) and friends. Mappings are
/// whole pages of 4 KiB; there is no protection: every mapped page can be read and written.
///
/// Thread-safe.
public interface AddressSpace {

    /// Bytes in a page, AT_PAGESZ.
    int PAGE = 4096;

    /// Maps zeroed pages.
    ///
    /// @param hint preferred address, or 0
    /// @param fixed take exactly `hint`, replacing what is mapped there (MAP_FIXED)
    /// @return the address
    /// @throws ErrnoException `ENOMEM`, `EINVAL`
    int map(int hint, int length, boolean fixed);

    /// Unmaps pages; later mappings find them zeroed.
    ///
    /// @throws ErrnoException `EINVAL`
    void unmap(int address, int length);

    /// mremap(2).
    ///
    /// @throws ErrnoException `ENOMEM`, `EINVAL`, `EFAULT`
    int remap(int address, int oldLength, int newLength, boolean mayMove);

    /// Bytes mapped.
    long mapped();
}
