package podium.vfs;

import java.time.Duration;
import java.util.List;

/// The snapshots of a file system: earlier states of its whole tree, by name, which it keeps
/// itself.
/// What did not change since is there once: a snapshot costs what is different from it.
///
/// A backend that has this ([FileSystem#snapshots]) may count on nobody changing its tree while
/// [#take] or [#restore] is under way; the VFS, whose view of a mount's snapshots
/// ([MountNamespace#snapshots]) is for everybody, sees to that. One that copies may have most of it
/// done before ([Stillness]).
///
/// Snapshots last as everything else does: from the next [FileSystem#sync] on where the backend is
/// durable; as long as the file system elsewhere. What the VFS's view has done is synced.
///
/// Thread-safe. Methods may throw [podium.syscall.ErrnoException]: `EIO` for a fault of the store
/// below, and where something changes `EROFS` of a file system that cannot be written, `ENOSPC`.
public interface Snapshots {

    /// The most that a file system has.
    int MOST = 1000;

    /// Those that there are, the oldest first.
    List<Snapshot> list();

    /// Keeps the tree as it is now. Files without a name are no part of it.
    ///
    /// @param name as [Snapshot#isName] says
    /// @return for how long nothing could change
    /// @throws podium.syscall.ErrnoException `EINVAL` for what is no name; `EEXIST`; `EDQUOT` when
    ///     there are [#MOST]; of a mount also `EAGAIN` while it moves, `ETIMEDOUT` when a call that
    ///     was begun before does not end
    Duration take(String name);

    /// As [#take(String)], and tells how far it is, where that takes long.
    ///
    /// @param progress of inodes and content that are copied
    /// @throws podium.syscall.ErrnoException also `ECANCELED`: the progress ended it, and nothing
    ///     is kept
    default Duration take(String name, MigrationProgress progress) {
        return take(name);
    }

    /// As [#take(String, MigrationProgress)], for the VFS, while the tree is still used: a file
    /// system that has to copy does what it can, and has the rest done while nobody changes it.
    ///
    /// @param still to be called once, unless this fails
    default void take(String name, MigrationProgress progress, Stillness still) {
        still.during(() -> take(name, progress));
    }

    /// Makes the tree what it was, at once. All snapshots stay, those that were taken later, too.
    ///
    /// Inodes keep their numbers. Who has one open that the snapshot has, under whatever name, goes
    /// on with the content of then. What the snapshot has not is as if removed: it lives, with what
    /// is in it, while it is open. Watches on inodes stay and tell nothing of it.
    ///
    /// Where inodes are somebody else's, as in a directory of the host, one that has no name any
    /// more is not had back: its names lead to a new one then, with another number, which all
    /// snapshots have from then on; and watches may tell of what is done.
    ///
    /// @return for how long nothing could change
    /// @throws podium.syscall.ErrnoException `ENOENT`; of a mount also `EAGAIN` and `ETIMEDOUT` as
    ///     for [#take], `EBUSY` when something is mounted on a directory that is not at the same
    ///     place in the snapshot. Nothing has changed then
    Duration restore(String name);

    /// As [#restore(String)], and tells how far it is, where that takes long.
    ///
    /// @param progress of inodes and content that are copied
    /// @throws podium.syscall.ErrnoException also `ECANCELED`: the progress ended it, and nothing
    ///     has changed
    default Duration restore(String name, MigrationProgress progress) {
        return restore(name);
    }

    /// As [#restore(String, MigrationProgress)], for the VFS, while the tree is still used.
    ///
    /// @param still to be called once, unless this fails
    default void restore(String name, MigrationProgress progress, Stillness still) {
        still.during(() -> restore(name, progress));
    }

    /// Whether a restore gives all inodes the numbers that they had: see [#restore(String)].
    /// Constant.
    default boolean keepsNumbers() {
        return true;
    }

    /// Forgets a snapshot; what only that needed is free.
    ///
    /// @throws podium.syscall.ErrnoException `ENOENT`; `EBUSY` while it is open
    void delete(String name);

    /// The tree of a snapshot, with the numbers of its inodes, to read. It has no snapshots of its
    /// own.
    ///
    /// @return valid until it is closed, or the file system is; until then the snapshot stays
    /// @throws podium.syscall.ErrnoException `ENOENT`
    FileSystem open(String name);

    /// Keeps everybody else from changing a tree.
    @FunctionalInterface
    interface Stillness {

        /// Nobody else is there.
        Stillness ALREADY = Runnable::run;

        /// Does something meanwhile, in the calling thread.
        ///
        /// @throws podium.syscall.ErrnoException as [Snapshots#take] and [Snapshots#restore] of a
        ///     mount, before the work is begun; or the work's own
        void during(Runnable work);
    }
}
