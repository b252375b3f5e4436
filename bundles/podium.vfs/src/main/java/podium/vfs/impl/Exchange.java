package podium.vfs.impl;

import org.jspecify.annotations.Nullable;
import podium.vfs.Node;

/// What becomes of one inode in use when its mount's backend is exchanged.
///
/// @param node of the new backend
/// @param order for a directory with streams that have begun
record Exchange(Inode inode, Node node, @Nullable Identity identity, @Nullable StreamOrder order) {

    void apply() {
        inode.exchange(node, identity);
        if (inode instanceof DirectoryInode directory) directory.setOrder(order);
    }
}
