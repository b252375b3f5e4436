package podium.vfs.sqlite;

import podium.vfs.Node;

/// A symbolic link.
final class SqliteLink extends SqliteNode implements Node.Link {

    SqliteLink(Tree tree, long inode, Status status, long accessed) {
        super(tree, inode, status, accessed);
    }

    @Override
    public String target() {
        var target = status().target;
        return target == null ? "" : target;
    }
}
