package podium.vfs.migrate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Mode;
import podium.vfs.Node;

/// Copies mode, owners, times and extended attributes.
final class AttributeCopy {

    private AttributeCopy() {}

    /// @throws CopyException the copy cannot have them
    static void copy(Node source, Node copy) {
        copyExtended(source, copy);
        var wanted = source.attributes();
        var there = copy.attributes();
        var change = change(wanted, there);
        if (change == null) return;
        try {
            copy.change(change);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EPERM) throw e;
        }
        var loss = loss(wanted, copy.attributes());
        if (loss != null)
            throw new CopyException("the target cannot keep the " + loss + " of", source, null);
    }

    private static void copyExtended(Node source, Node copy) {
        var wanted = source.extendedAttributes();
        for (var name : copy.extendedAttributes())
            if (!wanted.contains(name)) copy.setExtendedAttribute(name, null);
        for (var name : wanted) {
            var value = source.extendedAttribute(name);
            if (Arrays.equals(value, copy.extendedAttribute(name))) continue;
            try {
                copy.setExtendedAttribute(name, value);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.ENOSPC) throw e;
                var what = "the target cannot keep the extended attribute " + name + " of";
                throw new CopyException(what, source, e);
            }
        }
    }

    /// Whether both have the same extended attributes.
    static boolean sameExtended(Node source, Node copy) {
        var wanted = source.extendedAttributes();
        var there = copy.extendedAttributes();
        if (wanted.size() != there.size()) return false;
        for (var name : wanted)
            if (!Arrays.equals(source.extendedAttribute(name), copy.extendedAttribute(name)))
                return false;
        return true;
    }

    private static @Nullable AttributeChange change(Attributes wanted, Attributes there) {
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
    static @Nullable String loss(Attributes wanted, Attributes there) {
        if (wanted.uid() != there.uid() || wanted.gid() != there.gid()) return "owner";
        if (!wanted.isLink() && wanted.mode() != there.mode()) return "mode";
        if (wanted.modified() != there.modified()) return "time of modification";
        return wanted.device() != there.device() ? "device number" : null;
    }
}
