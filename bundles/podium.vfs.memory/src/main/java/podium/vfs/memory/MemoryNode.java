package podium.vfs.memory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Node;
import podium.vfs.backend.ExtendedAttributes;
import podium.vfs.backend.Frozen;

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

    /// What it is, as a snapshot has it; null when it has changed since.
    @Nullable Frozen frozen;

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

    /// One that a snapshot has, and that is no more.
    MemoryNode(MemoryFileSystem fs, Frozen was, boolean counted) {
        this.fs = fs;
        this.counted = counted;
        inode = was.inode();
        type = was.type();
        born = was.attributes().born();
    }

    /// As a snapshot is to have it.
    final synchronized Frozen freeze() {
        var known = frozen;
        if (known == null || !fs.trees.isKept(known)) frozen = known = frozenNow().with(extended);
        return known;
    }

    /// What it is now, but for extended attributes. The monitor is held.
    abstract Frozen frozenNow();

    /// Becomes what a snapshot has.
    ///
    /// @param nodes by number
    final synchronized void thaw(Frozen was, Map<Long, MemoryNode> nodes) {
        if (frozen == was) return;
        inherit(was.attributes());
        links = was.attributes().links();
        gone = false;
        fs.bytes.count(was.extended().size() - extended.size());
        extended = was.extended();
        restore(was, nodes);
        frozen = was;
    }

    /// Takes over content or names. The monitor is held.
    void restore(Frozen was, Map<Long, MemoryNode> nodes) {}

    /// A snapshot is restored that does not have it: its names are gone.
    synchronized void vanish() {
        changeLinks(-links, MemoryFileSystem.now());
    }

    /// Takes over a base's attributes.
    final void inherit(Node from) {
        var all = new HashMap<String, byte[]>();
        for (var name : from.extendedAttributes()) {
            var value = from.extendedAttribute(name);
            if (value != null) all.put(name, value);
        }
        extended = ExtendedAttributes.of(all);
        fs.bytes.count(extended.size());
        inherit(from.attributes());
    }

    private void inherit(Attributes origin) {
        permissions = origin.mode() & 07777;
        uid = origin.uid();
        gid = origin.gid();
        accessed = origin.accessed();
        modified = origin.modified();
        changed = origin.changed();
    }

    /// The inode is no longer used.
    final void gone() {
        if (counted && !fs.keep(inode)) fs.inodes.give(1);
        counted = false;
        fs.bytes.give(extended.size());
        extended = ExtendedAttributes.NONE;
        gone = true;
    }

    final synchronized void changeLinks(int by, long now) {
        links += by;
        frozen = null;
        changed = now;
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
        frozen = null;
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
        frozen = null;
    }

    /// Contents or entries have changed. The monitor is held.
    ///
    /// @param now one time for all that an operation changes: to look at the clock costs as much as
    ///     the rest
    final void touched(long now) {
        frozen = null;
        modified = changed = now;
    }
}
