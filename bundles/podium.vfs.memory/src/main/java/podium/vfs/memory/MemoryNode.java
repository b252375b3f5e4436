package podium.vfs.memory;

import podium.vfs.AttributeChange;
import podium.vfs.Attributes;

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

    /// Takes over a base's attributes.
    final void inherit(Attributes origin) {
        permissions = origin.mode() & 07777;
        uid = origin.uid();
        gid = origin.gid();
        accessed = origin.accessed();
        modified = origin.modified();
        changed = origin.changed();
    }

    /// The inode is no longer used.
    final void gone() {
        if (counted) fs.inodes.give(1);
        counted = false;
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

    /// Contents or entries have changed. The monitor is held.
    final void touched() {
        modified = changed = MemoryFileSystem.now();
    }
}
