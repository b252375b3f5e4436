package podium.vfs.impl;

import org.jspecify.annotations.Nullable;
import podium.syscall.OpenFile;
import podium.vfs.Node;

/// A symbolic link's inode.
final class LinkInode extends Inode implements Node.Link {

    private volatile Node.Link node;

    LinkInode(Mount mount, Node.Link node, @Nullable Identity identity) {
        super(mount, identity);
        this.node = node;
    }

    @Override
    Node node() {
        return this;
    }

    @Override
    Node.Link backend() {
        return node;
    }

    @Override
    void exchange(Node node) {
        this.node = (Node.Link) node;
    }

    @Override
    public String target() {
        return mount.steady(() -> node.target());
    }

    /// (Only views of something else have links that jump, and those do not move.)
    @Override
    public @Nullable OpenFile jump() {
        return node.jump();
    }
}
