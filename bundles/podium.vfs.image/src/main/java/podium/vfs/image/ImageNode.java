package podium.vfs.image;

import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;

/// What all inodes have. Everything belongs to the pod's superuser.
abstract class ImageNode {

    final long inode;
    final long modified;

    ImageNode(long inode, long modified) {
        this.inode = inode;
        this.modified = modified;
    }

    /// Type and permissions.
    abstract int mode();

    abstract int type();

    abstract long size();

    int links() {
        return 1;
    }

    public final Attributes attributes() {
        long size = size();
        return new Attributes(
                inode,
                mode(),
                links(),
                0,
                0,
                0,
                size,
                (size + 511) / 512,
                modified,
                modified,
                modified,
                modified);
    }

    public final void change(AttributeChange change) {
        throw Errno.EROFS.exception();
    }
}
