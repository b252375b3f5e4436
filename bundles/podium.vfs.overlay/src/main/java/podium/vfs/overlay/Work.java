package podium.vfs.overlay;

import java.util.concurrent.atomic.AtomicLong;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Node;

/// A directory of the upper layer that no guest sees: copies are made there and then moved to their
/// place, so that none is ever seen half made. What a crash left is removed by the next mount.
final class Work {

    final Node.Directory directory;
    private final AtomicLong numbers = new AtomicLong();

    Work(Node.Directory root) {
        var there = root.lookup(Whiteouts.WORK);
        if (there == null) directory = root.createDirectory(Whiteouts.WORK, 0700, 0, 0);
        else if (there instanceof Node.Directory old) {
            directory = old;
            clear(old);
        } else throw Errno.ENOTDIR.exception();
    }

    /// A name nobody uses.
    String name() {
        return "copy" + numbers.getAndIncrement();
    }

    void remove(String name) {
        directory.unlink(name);
    }

    /// Removes whatever is in a directory.
    static void clear(Node.Directory directory) {
        for (var some = directory.entries(0, 256);
                !some.isEmpty();
                some = directory.entries(0, 256))
            for (var entry : some) {
                if (directory.lookup(entry.name()) instanceof Node.Directory below) {
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
