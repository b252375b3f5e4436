package podium.vfs.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A directory.
final class SqliteDirectory extends SqliteNode implements Node.Directory {

    /// What [Status#size] counts for a name.
    private static final int NAME = 32;

    SqliteDirectory(Tree tree, long inode, Status status, long accessed) {
        super(tree, inode, status, accessed);
    }

    @Override
    public @Nullable Node lookup(String name) {
        var key = LinuxString.encode(name);
        return (Node) tree.find(inode, row -> checkEntry(row, key), Sql.LOOKUP, inode, key);
    }

    /// Whether an entry leads to the inode of a row of [Sql#LOOKUP].
    void checkEntry(ResultSet row, byte[] name) throws SQLException {
        Names.check(inode, name, row.getLong("place"), row.getLong("id"), row.getLong("seal"));
    }

    @Override
    public Regular create(String name, int mode, int uid, int gid) {
        return (Regular) make(name, Mode.REGULAR | mode & Mode.PERMISSIONS, 0, uid, gid, null);
    }

    @Override
    public Directory createDirectory(String name, int mode, int uid, int gid) {
        return (Directory) make(name, Mode.DIRECTORY | mode & Mode.PERMISSIONS, 0, uid, gid, null);
    }

    @Override
    public Link createLink(String name, String target, int uid, int gid) {
        return (Link) make(name, Mode.LINK | 0777, 0, uid, gid, LinuxString.encode(target));
    }

    @Override
    public Special createSpecial(String name, int mode, long device, int uid, int gid) {
        int all = Mode.type(mode) | mode & Mode.PERMISSIONS;
        return (Special) make(name, all, device, uid, gid, null);
    }

    private SqliteNode make(
            String name, int mode, long device, int uid, int gid, byte @Nullable [] target) {
        var key = LinuxString.encode(name);
        return tree.change(
                0,
                change -> {
                    checkNew(change, key);
                    var node = change.add(mode, device, uid, gid, target);
                    enter(change, key, node);
                    if (node instanceof SqliteDirectory) change.edit(this).links++;
                    return node;
                });
    }

    @Override
    public Regular createUnnamed(int mode, int uid, int gid) {
        return tree.change(
                0,
                change -> {
                    Change.checkThere(change.of(this));
                    int all = Mode.REGULAR | mode & Mode.PERMISSIONS;
                    var node = change.add(all, 0, uid, gid, null);
                    change.edit(node).links = 0;
                    return (Regular) node;
                });
    }

    @Override
    public void link(String name, Node existing) {
        if (!(existing instanceof SqliteNode node) || node.tree != tree)
            throw Errno.EXDEV.exception();
        if (node instanceof SqliteDirectory) throw Errno.EPERM.exception();
        var key = LinuxString.encode(name);
        tree.change(
                0,
                change -> {
                    checkNew(change, key);
                    // A file that never had a name may get its first while it is open.
                    boolean open = node instanceof SqliteRegular file && file.isOpen();
                    if (node.isGone() || change.of(node).links == 0 && !open)
                        throw Errno.ENOENT.exception();
                    node.link(change, 1);
                    enter(change, key, node);
                    return true;
                });
    }

    @Override
    public void unlink(String name) {
        var key = LinuxString.encode(name);
        var removed =
                tree.free(
                        change -> {
                            var node = existing(change, key);
                            if (node instanceof SqliteDirectory) throw Errno.EISDIR.exception();
                            drop(change, key);
                            node.link(change, -1);
                            return node;
                        });
        freeIfForgotten(removed);
    }

    /// It may have been closed just when its last name went.
    private static void freeIfForgotten(SqliteNode node) {
        if (node instanceof SqliteRegular file) file.freeIfForgotten();
    }

    @Override
    public void removeDirectory(String name) {
        var key = LinuxString.encode(name);
        tree.free(
                change -> {
                    if (!(existing(change, key) instanceof SqliteDirectory directory))
                        throw Errno.ENOTDIR.exception();
                    directory.remove(change);
                    drop(change, key);
                    change.edit(this).links--;
                    return true;
                });
    }

    private void remove(Change change) throws SQLException {
        var status = change.edit(this);
        if (status.size != 0) throw Errno.ENOTEMPTY.exception();
        status.changed = Tree.now();
        change.free(this);
    }

    @Override
    public void rename(String name, Directory to, String newName, boolean exchange) {
        if (!(to instanceof SqliteDirectory target) || target.tree != tree)
            throw Errno.EXDEV.exception();
        var from = LinuxString.encode(name);
        var key = LinuxString.encode(newName);
        var replaced =
                tree.free(
                        change -> {
                            if (!exchange)
                                return Optional.ofNullable(move(change, from, target, key));
                            exchange(change, from, target, key);
                            return Optional.<SqliteNode>empty();
                        });
        replaced.ifPresent(SqliteDirectory::freeIfForgotten);
    }

    /// @return what had the new name
    private @Nullable SqliteNode move(
            Change change, byte[] name, SqliteDirectory target, byte[] newName)
            throws SQLException {
        var node = existing(change, name);
        Change.checkThere(change.of(target));
        var old = change.lookup(target, newName);
        if (old == node) return null;
        boolean directory = node instanceof SqliteDirectory;
        if (old instanceof SqliteDirectory there) {
            if (!directory) throw Errno.EISDIR.exception();
            there.remove(change);
            change.edit(target).links--;
        } else if (old != null && directory) throw Errno.ENOTDIR.exception();
        drop(change, name);
        if (old == null) target.enter(change, newName, node);
        else target.set(change, newName, node);
        if (directory) {
            change.edit(this).links--;
            change.edit(target).links++;
        }
        if (old != null && !(old instanceof SqliteDirectory)) old.link(change, -1);
        change.edit(node).changed = Tree.now();
        return old;
    }

    private void exchange(Change change, byte[] name, SqliteDirectory target, byte[] newName)
            throws SQLException {
        var a = existing(change, name);
        var b = target.existing(change, newName);
        if (a == b) return;
        set(change, name, b);
        target.set(change, newName, a);
        int gained =
                (b instanceof SqliteDirectory ? 1 : 0) - (a instanceof SqliteDirectory ? 1 : 0);
        change.edit(this).links += gained;
        change.edit(target).links -= gained;
        change.edit(a).changed = Tree.now();
        change.edit(b).changed = Tree.now();
    }

    @Override
    public List<Entry> entries(long cookie, int limit) {
        return tree.read(
                inode, session -> Names.entries(session, inode, Sql.ENTRIES, inode, cookie, limit));
    }

    private void checkNew(Change change, byte[] name) throws SQLException {
        Change.checkThere(change.of(this));
        if (change.session.number(0, Sql.COOKIE, inode, name) != 0) throw Errno.EEXIST.exception();
    }

    private SqliteNode existing(Change change, byte[] name) throws SQLException {
        var node = change.lookup(this, name);
        if (node == null) throw Errno.ENOENT.exception();
        return node;
    }

    private void enter(Change change, byte[] name, SqliteNode node) throws SQLException {
        var status = change.edit(this);
        long cookie = ++status.cookie;
        long crc = Checksum.of(inode, name, cookie, node.inode);
        change.session.run(Sql.ADD_ENTRY, inode, name, cookie, node.inode, crc, change.last());
        status.size += NAME;
        status.touch();
    }

    /// Lets a name stand for another inode, with the same cookie.
    private void set(Change change, byte[] name, SqliteNode node) throws SQLException {
        long cookie = change.session.number(0, Sql.COOKIE, inode, name);
        long crc = Checksum.of(inode, name, cookie, node.inode);
        change.keep(Sql.KEEP_ENTRY, inode, name);
        change.session.run(Sql.SET_ENTRY, node.inode, crc, change.last(), inode, name);
        change.edit(this).touch();
    }

    private void drop(Change change, byte[] name) throws SQLException {
        change.keep(Sql.KEEP_ENTRY, inode, name);
        change.session.run(Sql.FREE_ENTRY, inode, name);
        var status = change.edit(this);
        status.size -= NAME;
        status.touch();
    }
}
