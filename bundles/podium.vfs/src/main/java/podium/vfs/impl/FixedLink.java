package podium.vfs.impl;

import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A symbolic link that never changes.
final class FixedLink implements Node.Link {

    private final String target;
    private final Attributes attributes;

    /// @param target in ASCII
    FixedLink(String target, long inode) {
        this.target = target;
        long now = Inode.now();
        attributes =
                new Attributes(
                        inode,
                        Mode.LINK | 0777,
                        1,
                        0,
                        0,
                        0,
                        target.length(),
                        0,
                        now,
                        now,
                        now,
                        now);
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public void change(AttributeChange change) {
        throw Errno.EROFS.exception();
    }
}
