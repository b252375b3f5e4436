package podium.vfs.image.ext;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.backend.ExtendedAttributes;

/// What all inodes have.
abstract class ExtNode {

    final ExtFileSystem fs;
    final Inode inode;

    private volatile @Nullable SoftReference<ExtendedAttributes> extended;

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

    public final List<String> extendedAttributes() {
        return extended().names();
    }

    public final byte @Nullable [] extendedAttribute(String name) {
        return extended().get(name);
    }

    public final void setExtendedAttribute(String name, byte @Nullable [] value) {
        throw Errno.EROFS.exception();
    }

    private ExtendedAttributes extended() {
        var known = extended;
        var all = known == null ? null : known.get();
        if (all != null) return all;
        try {
            all = fs.extended(inode);
        } catch (IOException e) {
            throw fs.failed(e);
        }
        extended = new SoftReference<>(all);
        return all;
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
