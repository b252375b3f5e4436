package podium.vfs;

/// Tells what happens to the inodes of a file system that others change, too, as the host does with
/// its directories: whoever changes them, the VFS's own calls included. The VFS says nothing itself
/// of these kinds of events then, so that each comes once, and in the order in which all of it
/// happened.
///
/// The VFS goes on telling of everything else that is done by its calls: of reading, opening and
/// closing. A source tells of none of these but [FileWatcher#CLOSE_WRITE], and of that only when
/// somebody else than the VFS closes.
///
/// Thread-safe.
public interface ChangeSource {

    /// What it tells of. Besides these come [FileWatcher#CLOSE_WRITE], [FileWatcher#UNMOUNT],
    /// [FileWatcher#IGNORED], and [FileWatcher#OVERFLOW].
    int KINDS =
            FileWatcher.MODIFY
                    | FileWatcher.ATTRIB
                    | FileWatcher.MOVED_FROM
                    | FileWatcher.MOVED_TO
                    | FileWatcher.CREATE
                    | FileWatcher.DELETE
                    | FileWatcher.DELETE_SELF
                    | FileWatcher.MOVE_SELF;

    /// Begins to watch an inode. Cookies are negative, so that they are none of the VFS's own.
    ///
    /// @param node of the file system
    /// @param watcher told by a thread of the source's, which holds no locks
    /// @throws podium.syscall.ErrnoException `ENOSPC`: there are too many watches; `EACCES`: the
    ///     inode may not be read; `ENOENT`: it is no more
    Watch watch(Node node, FileWatcher watcher);

    /// Waits until all is told that the caller has changed so far. The caller may hold locks of the
    /// VFS, and of the backend none.
    void settle();

    /// A watch, until it is closed. Something may still be told at that moment.
    interface Watch extends AutoCloseable {

        /// Idempotent; also for one that was [FileWatcher#IGNORED].
        @Override
        void close();
    }
}
