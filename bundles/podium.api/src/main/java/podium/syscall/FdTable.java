package podium.syscall;

import org.jspecify.annotations.Nullable;

/// A process's file descriptors. Thread-safe; looking one up takes no lock.
public interface FdTable {

    /// The file of a descriptor, without adding a use: valid while the calling system call runs,
    /// since closing waits for nobody but the count keeps the object usable.
    ///
    /// @throws ErrnoException `EBADF`
    OpenFile get(int fd);

    /// Like [#get(int)] and adds a use, for what outlives the system call.
    ///
    /// @throws ErrnoException `EBADF`
    OpenFile retain(int fd);

    /// Puts a file at the lowest free descriptor. Takes over one use.
    ///
    /// @throws ErrnoException `EMFILE`: the file's use is ended, too
    default int add(OpenFile file, boolean closeOnExec) {
        return add(file, 0, closeOnExec);
    }

    /// Puts a file at the lowest free descriptor from some number on (F_DUPFD). Takes over one use.
    ///
    /// @throws ErrnoException `EMFILE`, `EINVAL`: the file's use is ended, too
    int add(OpenFile file, int from, boolean closeOnExec);

    /// Puts a file at a descriptor, closing what was there (dup3(2)). Takes over one use.
    ///
    /// @throws ErrnoException `EBADF` when the number is out of range: the file's use is ended, too
    void set(int fd, OpenFile file, boolean closeOnExec);

    /// Removes a descriptor and ends its use, close(2). As every removal (by [#set], execve(2), the
    /// end of the process) it calls [OpenFile#descriptorClosed] first.
    ///
    /// @throws ErrnoException `EBADF`
    void close(int fd);

    /// The close-on-exec flag.
    ///
    /// @throws ErrnoException `EBADF`
    boolean closeOnExec(int fd);

    /// @throws ErrnoException `EBADF`
    void setCloseOnExec(int fd, boolean closeOnExec);

    /// What a descriptor allows, where that is less than its file does; null for all of that, and
    /// when it is not open. Takes no lock.
    @Nullable Grant grant(int fd);

    /// Sets what a descriptor allows. It stays with the descriptor until that is closed or another
    /// file is put there; copies for child processes have it, duplicates (dup(2)) do not.
    ///
    /// @throws ErrnoException `EBADF`
    void setGrant(int fd, @Nullable Grant grant);

    /// Moves a file, and what the descriptor allows, to another descriptor that is in use, which is
    /// closed. At no time is either number somebody else's.
    ///
    /// @throws ErrnoException `EBADF` when either is not open
    void move(int from, int to);

    /// The descriptors in use, ascending. A snapshot.
    int[] open();

    /// The greatest number of descriptors (RLIMIT_NOFILE).
    int limit();
}
