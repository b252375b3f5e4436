package podium.vfs;

/// A place in a mount namespace: an inode under a mount, with the way that led there. It keeps the
/// mount busy while it is the root or working directory of a process or belongs to an open file,
/// not by itself.
///
/// Thread-safe; its path changes when a directory above it is renamed.
public interface Location {

    Node node();

    /// The same directory, but paths resolved against it never lead out of the tree below it, be it
    /// by `..`, by an absolute path, or by a symbolic link: that is `EPERM`. What openat2(2) calls
    /// RESOLVE_BENEATH.
    Location beneath();

    /// Attributes, with the mount taken into account.
    Attributes attributes();

    /// The mount's number, `st_dev`.
    long device();

    /// Whether the mount is read-only.
    boolean readOnly();

    /// The path from the namespace's root; with ` (deleted)` behind it when the name is gone.
    String path();

    /// The path from a process's root, as getcwd(2) returns it: `(unreachable)` in front when it
    /// does not lie below that.
    String path(FsContext context);

    /// The inode's advisory locks.
    FileLocks locks();

    /// Adds a watch of the inode (inotify(7)).
    ///
    /// @throws podium.syscall.ErrnoException what a [ChangeSource] says: `ENOSPC`, `EACCES`,
    ///     `ENOENT`; it is not watched then
    void watch(FileWatcher watcher);

    /// Removes a watch.
    void unwatch(FileWatcher watcher);
}
