package podium.vfs.overlay;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Node;
import podium.vfs.Node.Directory;

/// A directory of the upper layer that no guest sees: copies are made there and then moved to their
/// place, so that none is ever seen half made. What a crash left is removed by the next mount.
final class Work {

    private final Directory root;
    private final AtomicLong numbers = new AtomicLong();
    private volatile @Nullable Directory directory;

    /// @param root of the upper layer
    Work(Directory root) {
        this.root = root;
        var there = root.lookup(Whiteouts.WORK);
        if (there instanceof Directory old) {
            directory = old;
            clear(old);
        } else if (there != null) throw Errno.ENOTDIR.exception();
    }

    /// The directory, made if it is missing.
    ///
    /// @throws ErrnoException `ENOSPC`
    synchronized Directory directory() {
        var known = directory;
        if (known == null) directory = known = root.createDirectory(Whiteouts.WORK, 0700, 0, 0);
        return known;
    }

    /// A name nobody uses.
    String name() {
        return "copy" + numbers.getAndIncrement();
    }

    void remove(String name) {
        directory().unlink(name);
    }

    /// Removes a name, if it is there.
    void removeIfThere(String name) {
        var known = directory;
        if (known != null && known.lookup(name) != null) known.unlink(name);
    }

    /// Removes whatever is in a directory.
    static void clear(Directory directory) {
        for (var some = directory.entries(0, 256);
                !some.isEmpty();
                some = directory.entries(0, 256))
            for (var entry : some) {
                if (directory.lookup(entry.name()) instanceof Directory below) {
                    clear(below);
                    directory.removeDirectory(entry.name());
                } else directory.unlink(entry.name());
            }
    }

    /// Copies the extended attributes that the upper layer can keep.
    static void copyExtendedAttributes(Node from, Node to) {
        for (var name : from.extendedAttributes())
            try {
                to.setExtendedAttribute(name, from.extendedAttribute(name));
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EOPNOTSUPP) throw e;
            }
    }

    /// Gives a node the times it had: a copy is no change that anybody sees. Where the upper layer
    /// does not let Podium, the copy stays, with its own times.
    static void restoreTimes(Node node, Attributes before) {
        try {
            node.change(AttributeChange.times(before.accessed(), before.modified()));
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EPERM && e.errno() != Errno.EACCES) throw e;
        }
    }
}
