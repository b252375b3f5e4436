package podium.vfs.image;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;

/// What all inodes have.
abstract class ImageNode {

    final long inode;
    private final int type;

    /// How many names lead to it; counted when the tree is complete.
    int nameCount;

    /// @param type of [Mode]
    ImageNode(long inode, int type) {
        this.inode = inode;
        this.type = type;
    }

    final int type() {
        return type;
    }

    abstract Facts facts();

    /// As the source tells, or what is usual.
    abstract int permissions();

    abstract long size();

    /// What it takes of a disk, in bytes.
    long held() {
        return size();
    }

    int links() {
        return nameCount;
    }

    long device() {
        return 0;
    }

    public final Attributes attributes() {
        var facts = facts();
        return new Attributes(
                inode,
                type | permissions(),
                links(),
                facts.uid(),
                facts.gid(),
                device(),
                size(),
                (held() + 511) / 512,
                facts.accessed(),
                facts.modified(),
                facts.changed(),
                facts.modified());
    }

    public final void change(AttributeChange change) {
        throw Errno.EROFS.exception();
    }

    public final List<String> extendedAttributes() {
        return facts().extended().names();
    }

    public final byte @Nullable [] extendedAttribute(String name) {
        return facts().extended().get(name);
    }

    public final void setExtendedAttribute(String name, byte @Nullable [] value) {
        throw Errno.EROFS.exception();
    }
}
