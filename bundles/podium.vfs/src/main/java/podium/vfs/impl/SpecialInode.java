package podium.vfs.impl;

import org.jspecify.annotations.Nullable;
import podium.syscall.OpenFile;
import podium.vfs.Node;

/// The inode of a FIFO, socket or device.
final class SpecialInode extends Inode implements Node.Special {

    private volatile Node.Special node;

    SpecialInode(Mount mount, Node.Special node, @Nullable Identity identity) {
        super(mount, identity);
        this.node = node;
    }

    @Override
    Node node() {
        return this;
    }

    @Override
    Node.Special backend() {
        return node;
    }

    @Override
    void exchange(Node node) {
        this.node = (Node.Special) node;
    }

    /// (Only file systems that nobody can write have devices of their own, and those do not move.)
    @Override
    public @Nullable OpenFile open(int flags) {
        return node.open(flags);
    }
}
