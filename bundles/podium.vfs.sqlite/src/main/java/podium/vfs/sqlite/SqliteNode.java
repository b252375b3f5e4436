package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// What all inodes have.
abstract class SqliteNode {

    final Tree tree;
    final long inode;
    final int type;
    volatile long accessed;

    private volatile Status status;

    /// The number of its last change.
    private volatile long stamp;

    private volatile boolean gone;

    SqliteNode(Tree tree, long inode, Status status, long accessed) {
        this.tree = tree;
        this.inode = inode;
        this.status = status;
        this.accessed = accessed;
        type = Mode.type(status.mode);
    }

    static SqliteNode of(Tree tree, long inode, Status status, long accessed) {
        return switch (Mode.type(status.mode)) {
            case Mode.DIRECTORY -> new SqliteDirectory(tree, inode, status, accessed);
            case Mode.REGULAR -> new SqliteRegular(tree, inode, status, accessed);
            case Mode.LINK -> new SqliteLink(tree, inode, status, accessed);
            default -> new SqliteSpecial(tree, inode, status, accessed);
        };
    }

    /// What was committed last.
    final Status status() {
        return status;
    }

    /// A change of it is committed.
    final void publish(Status next, long number) {
        status = next;
        stamp = number;
    }

    /// It is what a snapshot had.
    final void replace(Status next, long accessed, long number) {
        tree.untimed(this);
        this.accessed = accessed;
        publish(next, number);
    }

    /// It is no more.
    final void end() {
        gone = true;
        tree.cache.remove(this);
        tree.untimed(this);
    }

    final boolean isGone() {
        return gone;
    }

    /// @throws podium.syscall.ErrnoException `ESTALE`: it is no more
    final void checkThere() {
        if (gone) throw Errno.ESTALE.exception();
    }

    final long lastChange() {
        return stamp;
    }

    public final Attributes attributes() {
        return status.attributes(inode, accessed);
    }

    public final void change(AttributeChange change) {
        if (change.isAccessOnly()) {
            tree.checkWritable();
            apply(change);
            tree.timed(this);
            return;
        }
        tree.free(
                transaction -> {
                    apply(change, transaction.edit(this));
                    return true;
                });
    }

    public final List<String> extendedAttributes() {
        return status.extended.names();
    }

    public final byte @Nullable [] extendedAttribute(String name) {
        return status.extended.get(name);
    }

    public final void setExtendedAttribute(String name, byte @Nullable [] value) {
        tree.change(value == null ? -1 : value.length, change -> set(change, name, value));
    }

    private boolean set(Change change, String name, byte @Nullable [] value) throws SQLException {
        checkThere();
        var status = change.edit(this);
        var next = status.extended.with(name, value);
        if (!change.tryTakePages(next.pages() - status.extended.pages()))
            throw Errno.ENOSPC.exception();
        status.extended = next;
        status.changed = Tree.now();
        return true;
    }

    private void apply(AttributeChange change) {
        var time = change.accessed();
        if (time != null) accessed = time;
    }

    private void apply(AttributeChange change, Status status) {
        if (change.mode() != null) status.mode = type | (change.mode() & Mode.PERMISSIONS);
        if (change.uid() != null) status.uid = change.uid();
        if (change.gid() != null) status.gid = change.gid();
        apply(change);
        if (change.modified() != null) status.modified = change.modified();
        status.changed = Tree.now();
    }

    /// Changes how many names it has.
    final void link(Change change, int by) throws SQLException {
        var status = change.edit(this);
        status.links += by;
        status.changed = Tree.now();
        if (status.links == 0) unlinked(change);
    }

    /// The last name is gone.
    void unlinked(Change change) throws SQLException {
        change.free(this);
    }
}
