package podium.vfs;

import podium.syscall.Credentials;

/// What a path is resolved against: namespace, root, working directory, umask, credentials
/// (path_resolution(7)). One a process. Thread-safe.
///
/// It keeps the mounts of its root and working directory busy until it is closed.
public interface FsContext extends AutoCloseable {

    MountNamespace namespace();

    Location root();

    /// chroot(2).
    ///
    /// @throws podium.syscall.ErrnoException `ENOTDIR`, `EACCES`; `EPERM` unless superuser
    void setRoot(Location directory);

    Location workingDirectory();

    /// chdir(2).
    ///
    /// @throws podium.syscall.ErrnoException `ENOTDIR`, `EACCES`
    void setWorkingDirectory(Location directory);

    /// umask(2): permission bits to clear in new files.
    int umask();

    /// @return the old one
    int setUmask(int umask);

    Credentials credentials();

    /// Ends its use, when the process has ended. Idempotent.
    @Override
    void close();
}
