package podium.vfs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.OpenFile;

/// A pod's tree of mounts, and all that is done by path (path_resolution(7)).
///
/// Paths are resolved against a location: the `dirfd` of the `*at` system calls, or null for the
/// context's working directory. An empty path is `ENOENT` unless `AT_EMPTY_PATH` is among the
/// flags. Nothing a guest passes leads out of the context's root.
///
/// Thread-safe. Methods throw [podium.syscall.ErrnoException] as the man page they name says.
public interface MountNamespace extends AutoCloseable {

    int AT_SYMLINK_NOFOLLOW = 0x100;
    int AT_REMOVEDIR = 0x200;
    int AT_SYMLINK_FOLLOW = 0x400;
    int AT_EMPTY_PATH = 0x1000;
    int RENAME_NOREPLACE = 1;
    int RENAME_EXCHANGE = 2;

    /// openat(2). The file has a count of one.
    ///
    /// @param flags of [OpenFile]
    /// @param mode for a new file, before the umask
    OpenFile open(FsContext context, @Nullable Location at, String path, int flags, int mode);

    /// memfd_create(2): a file without a name in any tree. It has a count of one and is open for
    /// reading and writing.
    ///
    /// @param name for display
    OpenFile memoryFile(FsContext context, String name);

    /// Resolves a path to a place that exists.
    ///
    /// @param flags `AT_SYMLINK_NOFOLLOW`, `AT_EMPTY_PATH`
    Location resolve(FsContext context, @Nullable Location at, String path, int flags);

    /// mkdirat(2).
    void makeDirectory(FsContext context, @Nullable Location at, String path, int mode);

    /// mknodat(2).
    void makeNode(FsContext context, @Nullable Location at, String path, int mode, long device);

    /// symlinkat(2).
    void symlink(FsContext context, String target, @Nullable Location at, String path);

    /// linkat(2).
    void link(
            FsContext context,
            @Nullable Location from,
            String existing,
            @Nullable Location at,
            String path,
            int flags);

    /// unlinkat(2).
    ///
    /// @param flags `AT_REMOVEDIR`
    void unlink(FsContext context, @Nullable Location at, String path, int flags);

    /// renameat2(2).
    void rename(
            FsContext context,
            @Nullable Location from,
            String old,
            @Nullable Location to,
            String path,
            int flags);

    /// readlinkat(2).
    String readLink(FsContext context, @Nullable Location at, String path);

    /// fchmodat(2), fchownat(2), utimensat(2), on a place that [#resolve] found.
    void change(FsContext context, Location place, AttributeChange change);

    /// listxattr(2), on a place that [#resolve] found.
    ///
    /// @return names with their namespaces, those that this user may see
    List<String> extendedAttributes(FsContext context, Location place);

    /// getxattr(2).
    ///
    /// @throws podium.syscall.ErrnoException `ENODATA`, `ERANGE`: the name is empty or too long;
    ///     `EACCES`, `EOPNOTSUPP`
    byte[] extendedAttribute(FsContext context, Location place, String name);

    /// setxattr(2).
    ///
    /// @param flags `XATTR_CREATE` 1 or `XATTR_REPLACE` 2
    /// @throws podium.syscall.ErrnoException `E2BIG`: more than 65,536 bytes; `EEXIST`, `ENODATA`,
    ///     as the flags say; `EACCES`, `EINVAL`, `ENOSPC`, `EOPNOTSUPP`, `EPERM`, `ERANGE`, `EROFS`
    void setExtendedAttribute(
            FsContext context, Location place, String name, byte[] value, int flags);

    /// removexattr(2).
    ///
    /// @throws podium.syscall.ErrnoException `ENODATA`; `EACCES`, `EOPNOTSUPP`, `EPERM`, `ERANGE`,
    ///     `EROFS`
    void removeExtendedAttribute(FsContext context, Location place, String name);

    /// truncate(2).
    void truncate(FsContext context, Location place, long size);

    /// faccessat2(2).
    ///
    /// @param mode of `R_OK` 4, `W_OK` 2, `X_OK` 1
    /// @param effective whether the effective ids count instead of the real ones
    void access(FsContext context, Location place, int mode, boolean effective);

    /// statfs(2).
    FileSystem.Statistics statistics(Location place);

    /// What the mount of a place has done.
    MountActivity activity(Location place);

    /// mount(2).
    ///
    /// @throws MountException as [FileSystemType#create]
    void mount(FsContext context, MountSpec spec) throws MountException;

    /// umount2(2): `EBUSY` while anything below is in use, unless detached.
    void unmount(FsContext context, String path, boolean detach);

    /// Moves what is mounted at a place to another file system, while programs use it. Nothing they
    /// have is lost: open files with their offsets, flags and locks, those without a name included,
    /// directory streams, watches, working directories, mounts below, inode numbers and times. Only
    /// for a moment at the end are calls held that change something or look up names.
    ///
    /// It fails when the other file system cannot keep all there is, or when programs change it
    /// faster than it is copied, or has snapshots. Then, and when the progress ends it, everything
    /// is as it was, and
    /// what was copied is removed. What was copied from is left as it is and closed.
    ///
    /// A mount whose spec has the option `record`, a file of the host, is where the record says:
    /// the last move that was committed there, whatever happened to the process since. Until then
    /// it is where it was. Such a mount moves to durable file systems only. What is copied is
    /// durable before that.
    ///
    /// Changes that others than this namespace make in what is being moved, as to a directory of
    /// the host, may be missed.
    ///
    /// @param to the place, which must be one of [#mounts()], and the file system to move to, which
    ///     must be empty. Keeps the mount's options `record` and `drain` unless it has its own
    /// @throws MountException it is not moved; one line for people
    /// @throws podium.syscall.ErrnoException `EPERM` unless superuser
    MigrationSummary migrate(
            FsContext context, MountSpec to, MigrationPlan plan, MigrationProgress progress)
            throws MountException;

    /// The snapshots of what is mounted at a place. Taking and restoring one hold calls that change
    /// something or look up names, for as long as they say. They are the file system's: to move to
    /// another one they have to be deleted first.
    ///
    /// To look into one, mount it: of type `snapshot`, with the source `PATH@NAME`, where the path
    /// is the place of the mount. It is read-only, and in the way of deleting it.
    ///
    /// @throws MountException nothing is mounted there, or its file system keeps no snapshots; one
    ///     line for people
    /// @throws podium.syscall.ErrnoException `EPERM` unless superuser
    Snapshots snapshots(FsContext context, String path) throws MountException;

    /// What is mounted, in the order of mounting.
    List<Mounted> mounts();

    /// syncfs(2) for all mounts.
    void sync();

    /// Unmounts everything. Open files of it fail with `EIO` from then on.
    @Override
    void close();

    /// A mount, for display.
    ///
    /// @param device `st_dev`
    /// @param users open files and directories in use below it
    record Mounted(MountSpec spec, long device, int users) {}
}
