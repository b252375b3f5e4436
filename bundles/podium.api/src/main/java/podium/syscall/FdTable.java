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
    default int add(OpenFile file, int from, boolean closeOnExec) {
        return add(file, from, closeOnExec, null);
    }

    /// The same for a descriptor that allows less than the file: at no time it allows more.
    ///
    /// @param grant what it allows; null for all that the file does
    /// @throws ErrnoException `EMFILE`, `EINVAL`: the file's use is ended, too
    int add(OpenFile file, int from, boolean closeOnExec, @Nullable Grant grant);

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

    /// What a descriptor allows, where that is less than its file does; null for all of that. It
    /// stays with the descriptor until that is closed or another file is put there; copies for
    /// child processes have it, duplicates (dup(2)) do not. Takes no lock.
    ///
    /// @param file what [#get] found at the descriptor: another thread may have put another file
    ///     there since, and what that one's descriptor allows is not for this one
    /// @throws ErrnoException `EBADF` when it is not there any longer
    @Nullable Grant grant(int fd, OpenFile file);

    /// Changes what a descriptor allows, unless another thread did meanwhile.
    ///
    /// @param file as for [#grant]
    /// @param from what [#grant] answered
    /// @return whether it is changed; if not, ask again
    /// @throws ErrnoException `EBADF` when the file is not there any longer
    boolean changeGrant(int fd, OpenFile file, @Nullable Grant from, Grant to);

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
