package podium.vfs;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One mounted tree of a backend. Thread-safe.
public interface FileSystem extends AutoCloseable {

    /// The root directory. Constant.
    Node.Directory root();

    /// What it can hold, for checks before a move to another backend. Constant.
    Set<Capability> capabilities();

    /// Whether names and attributes change only through this mount. Not so for a view of something
    /// else, as of the kernel's state: there the VFS asks at every step instead of remembering
    /// names, and leaves access times to what it is a view of. Constant.
    default boolean stable() {
        return true;
    }

    /// What tells those who watch of changes, where others than the VFS make some, too. Constant.
    ///
    /// @return null when nobody else changes it, or nothing can tell: then the VFS tells of its own
    ///     calls
    default @Nullable ChangeSource changes() {
        return null;
    }

    /// statfs(2).
    Statistics statistics();

    /// Its snapshots, as it keeps them itself; null when it keeps none. Constant.
    default @Nullable Snapshots snapshots() {
        return null;
    }

    /// Why it keeps no snapshots, where it keeps none, and how to have some of what is there: what
    /// follows its type in a line for people. Constant.
    default String withoutSnapshots() {
        return ", which keeps no snapshots: 'fs migrate' moves it to one that does";
    }

    /// Makes everything written so far durable, as far as the store is.
    void sync();

    /// Ends its use. Nothing of it is used any more.
    @Override
    void close();

    /// What a file system may be unable to do.
    enum Capability {
        WRITE,
        HARD_LINKS,
        SYMBOLIC_LINKS,
        SPECIAL_FILES,
        PERMISSIONS,
        OWNERS,
        NANOSECONDS,
        SPARSE,
        CASE_SENSITIVE,
        ARBITRARY_NAMES,
        EXTENDED_ATTRIBUTES,
        DURABLE
    }

    /// statfs(2).
    ///
    /// @param magic `f_type`
    /// @param blockSize in bytes
    /// @param blocks, free in blocks
    /// @param files, freeFiles inodes
    record Statistics(
            long magic, int blockSize, long blocks, long free, long files, long freeFiles) {}
}
