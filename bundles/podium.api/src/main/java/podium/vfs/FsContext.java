package podium.vfs;

import podium.syscall.Credentials;

/// What a path is resolved against: namespace, root, working directory, umask, credentials
/// (path_resolution(7)). One a process. Thread-safe.
public interface FsContext {

    MountNamespace namespace();

    Location root();

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
}
