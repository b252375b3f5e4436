package podium.vfs.migrate;

import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Mode;
import podium.vfs.Node;

/// Copies mode, owners and times.
final class AttributeCopy {

    private AttributeCopy() {}

    /// @throws CopyException the copy cannot have them
    static void copy(Node source, Node copy) {
        var wanted = source.attributes();
        var there = copy.attributes();
        var change = change(wanted, there);
        if (change == null) return;
        try {
            copy.change(change);
        } catch (podium.syscall.ErrnoException e) {
            if (e.errno() != podium.syscall.Errno.EPERM) throw e;
        }
        var loss = loss(wanted, copy.attributes());
        if (loss != null)
            throw new CopyException("the target cannot keep the " + loss + " of", source, null);
    }

    private static @org.jspecify.annotations.Nullable AttributeChange change(
            Attributes wanted, Attributes there) {
        boolean sameMode = wanted.isLink() || wanted.mode() == there.mode();
        boolean sameAccess = wanted.accessed() == there.accessed();
        boolean sameModified = wanted.modified() == there.modified();
        boolean sameUser = wanted.uid() == there.uid();
        boolean sameGroup = wanted.gid() == there.gid();
        if (sameMode && sameAccess && sameModified && sameUser && sameGroup) return null;
        return new AttributeChange(
                sameMode ? null : wanted.mode() & Mode.PERMISSIONS,
                sameUser ? null : wanted.uid(),
                sameGroup ? null : wanted.gid(),
                wanted.accessed(),
                wanted.modified());
    }

    /// What the copy does not have as the source does, or null.
    static @org.jspecify.annotations.Nullable String loss(Attributes wanted, Attributes there) {
        if (wanted.uid() != there.uid() || wanted.gid() != there.gid()) return "owner";
        if (!wanted.isLink() && wanted.mode() != there.mode()) return "mode";
        if (wanted.modified() != there.modified()) return "time of modification";
        return wanted.device() != there.device() ? "device number" : null;
    }
}
