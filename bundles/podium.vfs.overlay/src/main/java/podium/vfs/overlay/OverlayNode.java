package podium.vfs.overlay;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Node;

/// An inode of the overlay. It keeps its number, and is the same object, when its content moves to
/// the upper layer.
abstract class OverlayNode {

    final OverlayFileSystem fs;
    final long number;

    /// When it was read, while the upper layer has no place to write that to.
    private volatile @Nullable Long accessed;

    OverlayNode(OverlayFileSystem fs, long number) {
        this.fs = fs;
        this.number = number;
    }

    /// What it is at present, of the topmost layer that has it.
    abstract Node current();

    /// Whether the upper layer has it.
    abstract boolean isUpper();

    /// Sees to it that the upper layer has it.
    abstract void copyUp();

    abstract int links(Attributes of);

    /// Where the lower layers have it; null when they do not, or when that is not known.
    abstract @Nullable Trail trail();

    /// A snapshot was restored that does not have it: it has no name any more, and lives while it
    /// is open.
    abstract void vanish();

    /// What was read of it is no longer true.
    final void forgetAccess() {
        accessed = null;
    }

    public final Attributes attributes() {
        return fs.steady(this::now);
    }

    private Attributes now() {
        var of = current().attributes();
        var read = accessed;
        return new Attributes(
                number,
                of.mode(),
                links(of),
                of.uid(),
                of.gid(),
                of.device(),
                of.size(),
                of.blocks(),
                read == null || isUpper() ? of.accessed() : read,
                of.modified(),
                of.changed(),
                of.born());
    }

    public final void change(AttributeChange change) {
        fs.checkWritable();
        boolean onlyRead =
                change.mode() == null
                        && change.uid() == null
                        && change.gid() == null
                        && change.modified() == null;
        if (onlyRead && !isUpper()) {
            // Reading is no reason to copy.
            accessed = change.accessed();
            return;
        }
        copyUp();
        current().change(change);
    }

    public final List<String> extendedAttributes() {
        return fs.steady(() -> current().extendedAttributes());
    }

    public final byte @Nullable [] extendedAttribute(String name) {
        return fs.<byte @Nullable []>steady(() -> current().extendedAttribute(name));
    }

    public final void setExtendedAttribute(String name, byte @Nullable [] value) {
        fs.checkWritable();
        copyUp();
        current().setExtendedAttribute(name, value);
    }
}
