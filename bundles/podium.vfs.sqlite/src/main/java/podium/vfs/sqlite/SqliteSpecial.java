package podium.vfs.sqlite;

import podium.vfs.Node;

/// A FIFO, socket or device.
final class SqliteSpecial extends SqliteNode implements Node.Special {

    SqliteSpecial(Tree tree, long inode, Status status, long accessed) {
        super(tree, inode, status, accessed);
    }
}
