package podium.vfs.migrate;

import org.jspecify.annotations.Nullable;
import podium.vfs.Node;

/// An inode and its copy.
final class Twin {

    final Node source;
    final Node copy;

    /// Whether the copy is open, as [Node.Regular#opened] says.
    boolean held;

    /// Where a directory's copy is; null for the root, and while it is parked.
    @Nullable Twin parent;

    Twin(Node source, Node copy, @Nullable Twin parent) {
        this.source = source;
        this.copy = copy;
        this.parent = parent;
    }

    Node.Directory sourceDirectory() {
        return (Node.Directory) source;
    }

    Node.Directory directory() {
        return (Node.Directory) copy;
    }

    /// Whether it is another one, or lies below that.
    boolean isBelow(Twin other) {
        for (var at = this; at != null; at = at.parent) if (at == other) return true;
        return false;
    }
}
