package podium.vfs.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Mode;
import podium.vfs.backend.ExtendedAttributes;
import podium.vfs.backend.Frozen;

/// What all inodes have. Guarded by its own monitor.
abstract class StoreNode {

    final Store store;
    final long inode;
    final int type;
    int permissions;
    int uid;
    int gid;

    /// Number of names; not in the journal, where the names are.
    int links;

    long accessed;
    long modified;
    long changed;
    final long born;

    private ExtendedAttributes extended = ExtendedAttributes.NONE;

    /// Whether the next commit has to write its extended attributes, too.
    private boolean extendedChanged;

    /// What it is, as a snapshot has it; null when it has changed since.
    @Nullable Frozen frozen;

    /// The number of its last change ([Store#stamp]).
    private long stamp;

    /// Whether the next commit has to write its attributes.
    private boolean dirty;

    /// Whether it is no more.
    private boolean gone;

    StoreNode(Store store, long inode, int type, long born) {
        this.store = store;
        this.inode = inode;
        this.type = type;
        this.born = born;
    }

    /// Nodes made one after another are side by side in tables.
    @Override
    public final int hashCode() {
        return Long.hashCode(inode);
    }

    /// A new inode's attributes.
    final void begin(int mode, int uid, int gid) {
        permissions = mode & Mode.PERMISSIONS;
        this.uid = uid;
        this.gid = gid;
        accessed = modified = changed = born;
        links = 1;
        mark();
    }

    /// Nanoseconds since the epoch.
    static long now() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
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

    /// The number that only its type has: a file's size, a device's number.
    long special() {
        return 0;
    }

    /// The text that only its type has: a link's target.
    String text() {
        return "";
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

    public final void change(AttributeChange change) {
        store.begin(false);
        try {
            synchronized (this) {
                apply(change);
            }
        } finally {
            store.end();
        }
    }

    private void apply(AttributeChange change) {
        if (change.mode() != null) permissions = change.mode() & Mode.PERMISSIONS;
        if (change.uid() != null) uid = change.uid();
        if (change.gid() != null) gid = change.gid();
        if (change.accessed() != null) accessed = change.accessed();
        if (change.modified() != null) modified = change.modified();
        if (change.isAccessOnly()) {
            frozen = null;
            queue();
            return;
        }
        changed = now();
        mark();
    }

    public final List<String> extendedAttributes() {
        return extended().names();
    }

    public final byte @Nullable [] extendedAttribute(String name) {
        return extended().get(name);
    }

    final synchronized ExtendedAttributes extended() {
        return extended;
    }

    public final void setExtendedAttribute(String name, byte @Nullable [] value) {
        store.begin(value == null);
        try {
            synchronized (this) {
                checkThere();
                var next = extended.with(name, value);
                store.pages.take(next.pages() - extended.pages());
                extended = next;
                extendedChanged = true;
                changed = now();
                mark();
            }
        } finally {
            store.end();
        }
    }

    /// Those it had when it was written.
    final void load(ExtendedAttributes written) {
        store.pages.count(written.pages() - extended.pages());
        extended = written;
    }

    /// Contents or entries have changed. The monitor is held.
    final void touched() {
        modified = changed = now();
        mark();
    }

    final synchronized void changeLinks(int by) {
        links += by;
        changed = now();
        mark();
        if (links == 0) unlinked();
    }

    /// The last name is gone. The monitor is held.
    void unlinked() {
        free();
    }

    /// It is no more. The monitor is held, or nobody else has it.
    final void free() {
        if (gone) return;
        gone = true;
        store.records().free(inode);
        store.nodes.remove(this);
        store.snapshots.gone(inode);
        store.pages.give(extended.pages());
    }

    /// As a snapshot is to have it.
    final synchronized Frozen freeze() {
        var trees = store.snapshots.trees;
        var known = frozen;
        if (known != null && trees.isKept(known)) return known;
        // What was loaded is not known to be as the last snapshot has it, but may be.
        var last = trees.last(inode);
        var now = last != null && isNow(last) ? last : frozenNow().with(extended);
        frozen = now;
        return now;
    }

    private boolean isNow(Frozen then) {
        return then.attributes().equals(attributes())
                && Arrays.equals(then.extended().encode(), extended.encode())
                && is(then);
    }

    /// Whether it has the content or names of then, if all attributes are those of then.
    boolean is(Frozen then) {
        return true;
    }

    /// What it is now, but for extended attributes. The monitor is held.
    Frozen frozenNow() {
        return Frozen.other(attributes(), text());
    }

    /// Becomes what a snapshot has.
    ///
    /// @param change the number of this change
    final synchronized void thaw(Frozen was, long change) {
        if (frozen == was) return;
        var then = was.attributes();
        permissions = then.mode() & Mode.PERMISSIONS;
        uid = then.uid();
        gid = then.gid();
        links = then.links();
        accessed = then.accessed();
        modified = then.modified();
        changed = then.changed();
        load(was.extended());
        restore(was);
        frozen = was;
        stamp = change;
    }

    /// Takes over content or names. The monitor is held.
    void restore(Frozen was) {}

    /// A snapshot is restored that does not have it. What has no names already is left as it is.
    final synchronized void vanish() {
        if (links == 0) return;
        links = 0;
        frozen = null;
        changed = now();
        // Whoever has it open and syncs it waits for the restore.
        stamp = store.stamp();
        forgetNames();
        unlinked();
    }

    /// Of a directory: nothing is in it any more.
    void forgetNames() {}

    /// @throws podium.syscall.ErrnoException `ESTALE`: it is no more
    final void checkThere() {
        if (gone) throw Errno.ESTALE.exception();
    }

    /// It has changed, and a later sync is to wait for that. The monitor is held.
    final void mark() {
        stamp = store.stamp();
        frozen = null;
        queue();
    }

    private void queue() {
        if (dirty || gone) return;
        dirty = true;
        store.queue(this);
    }

    /// Writes its attributes for a commit.
    final synchronized void record(Records records) {
        dirty = false;
        records.inode(this);
        if (extendedChanged) records.extended(inode, extended);
        extendedChanged = false;
    }

    final synchronized long lastChange() {
        return stamp;
    }
}
