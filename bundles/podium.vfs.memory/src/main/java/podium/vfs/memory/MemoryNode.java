package podium.vfs.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Node;
import podium.vfs.backend.ExtendedAttributes;

/// What all inodes have. Guarded by its own monitor.
abstract class MemoryNode {

    final MemoryFileSystem fs;
    final long inode;
    final int type;
    int permissions;
    int uid;
    int gid;
    int links;
    long accessed;
    long modified;
    long changed;
    final long born;

    /// Whether the file system's number of inodes counts it: what came from a base does not.
    private boolean counted;

    private boolean gone;

    private ExtendedAttributes extended = ExtendedAttributes.NONE;

    /// @param counted whether it takes one of the file system's inodes
    /// @throws podium.syscall.ErrnoException `ENOSPC`
    MemoryNode(MemoryFileSystem fs, int type, int permissions, int uid, int gid, boolean counted) {
        if (counted) fs.inodes.take(1);
        this.fs = fs;
        this.counted = counted;
        inode = fs.number();
        this.type = type;
        this.permissions = permissions & 07777;
        this.uid = uid;
        this.gid = gid;
        links = 1;
        born = accessed = modified = changed = MemoryFileSystem.now();
    }

    /// Nodes made one after another are side by side in tables.
    @Override
    public final int hashCode() {
        return Long.hashCode(inode);
    }

    /// Takes over a base's attributes.
    final void inherit(Node from) {
        var origin = from.attributes();
        permissions = origin.mode() & 07777;
        uid = origin.uid();
        gid = origin.gid();
        accessed = origin.accessed();
        modified = origin.modified();
        for (var name : from.extendedAttributes())
            setExtendedAttribute(name, from.extendedAttribute(name));
        changed = origin.changed();
    }

    /// The inode is no longer used.
    final void gone() {
        if (counted) fs.inodes.give(1);
        counted = false;
        fs.bytes.give(extended.size());
        extended = ExtendedAttributes.NONE;
        gone = true;
    }

    final synchronized void changeLinks(int by) {
        links += by;
        changed = MemoryFileSystem.now();
        if (links == 0) unlinked();
    }

    /// The last name is gone. The monitor is held.
    void unlinked() {
        gone();
    }

    long size() {
        return 0;
    }

    long blocks() {
        return 0;
    }

    long device() {
        return 0;
    }

    public final synchronized Attributes attributes() {
        return new Attributes(
                inode,
                type | permissions,
                links,
                uid,
                gid,
                device(),
                size(),
                blocks(),
                accessed,
                modified,
                changed,
                born);
    }

    public final synchronized void change(AttributeChange change) {
        if (change.mode() != null) permissions = change.mode() & 07777;
        if (change.uid() != null) uid = change.uid();
        if (change.gid() != null) gid = change.gid();
        if (change.accessed() != null) accessed = change.accessed();
        if (change.modified() != null) modified = change.modified();
        if (!change.isAccessOnly()) changed = MemoryFileSystem.now();
    }

    public final synchronized List<String> extendedAttributes() {
        return extended.names();
    }

    public final synchronized byte @Nullable [] extendedAttribute(String name) {
        return extended.get(name);
    }

    public final synchronized void setExtendedAttribute(String name, byte @Nullable [] value) {
        if (gone) throw Errno.ENOENT.exception();
        var next = extended.with(name, value);
        fs.bytes.take(next.size() - extended.size());
        extended = next;
        changed = MemoryFileSystem.now();
    }

    /// Contents or entries have changed. The monitor is held.
    final void touched() {
        modified = changed = MemoryFileSystem.now();
    }
}
