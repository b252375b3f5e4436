package podium.vfs.image.ext;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;

/// What all inodes have.
abstract class ExtNode {

    final ExtFileSystem fs;
    final Inode inode;

    ExtNode(ExtFileSystem fs, Inode inode) {
        this.fs = fs;
        this.inode = inode;
    }

    public final Attributes attributes() {
        return inode.attributes();
    }

    public final void change(AttributeChange change) {
        throw Errno.EROFS.exception();
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ExtNode node
                && node.fs == fs
                && node.inode.number() == inode.number();
    }

    @Override
    public final int hashCode() {
        return Objects.hash(System.identityHashCode(fs), inode.number());
    }
}
