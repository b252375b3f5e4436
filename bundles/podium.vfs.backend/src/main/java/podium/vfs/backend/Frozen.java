package podium.vfs.backend;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// An inode as it was when a snapshot was taken. Constant; those snapshots between which the inode
/// did not change share it.
public final class Frozen {

    /// What a file's content was.
    public interface Content {

        /// As [podium.vfs.Node.Regular#read], within the size.
        int read(ByteBuffer into, long position);

        /// As [podium.vfs.Node.Regular#seek], within the size.
        long seek(long position, boolean data);
    }

    private final Attributes attributes;
    private final Object rest;
    private final ExtendedAttributes extended;

    /// How many snapshots have it. Guarded by [FrozenTrees].
    int holders;

    private Frozen(Attributes attributes, Object rest, ExtendedAttributes extended) {
        this.attributes = attributes;
        this.rest = rest;
        this.extended = extended;
    }

    public static Frozen regular(Attributes attributes, Content content) {
        return new Frozen(attributes, content, ExtendedAttributes.NONE);
    }

    /// @param names its entries, by the numbers of their inodes; nobody changes it any more
    public static Frozen directory(Attributes attributes, NameTable<Long> names) {
        return new Frozen(attributes, names, ExtendedAttributes.NONE);
    }

    /// @param target of a link; empty for special files
    public static Frozen other(Attributes attributes, String target) {
        return new Frozen(attributes, target, ExtendedAttributes.NONE);
    }

    /// The same one with extended attributes.
    public Frozen with(ExtendedAttributes extended) {
        return extended.isEmpty() ? this : new Frozen(attributes, rest, extended);
    }

    public ExtendedAttributes extended() {
        return extended;
    }

    public Attributes attributes() {
        return attributes;
    }

    public long inode() {
        return attributes.inode();
    }

    public int type() {
        return Mode.type(attributes.mode());
    }

    /// Of a regular file, else null.
    public @Nullable Content content() {
        return rest instanceof Content content ? content : null;
    }

    /// Of a directory, else null.
    @SuppressWarnings("unchecked")
    public @Nullable NameTable<Long> names() {
        return rest instanceof NameTable<?> names ? (NameTable<Long>) names : null;
    }

    /// Of a symbolic link, else empty.
    public String target() {
        return rest instanceof String target ? target : "";
    }
}
