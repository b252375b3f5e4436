package podium.vfs.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.backend.Frozen;
import podium.vfs.backend.NameTable;

/// A directory. Names change under the store's tree monitor and then the own one; looking takes the
/// own one alone.
final class StoreDirectory extends StoreNode implements Node.Directory {

    final NameTable<StoreNode> names = new NameTable<>();
    private boolean removed;

    StoreDirectory(Store store, long inode, long born) {
        super(store, inode, Mode.DIRECTORY, born);
    }

    @Override
    Frozen frozenNow() {
        return Frozen.directory(attributes(), names.copy(node -> node.inode));
    }

    @Override
    boolean is(Frozen then) {
        var known = then.names();
        return known != null && names.is(known, node -> node.inode);
    }

    @Override
    void restore(Frozen was) {
        removed = false;
        names.clear();
        var then = Objects.requireNonNull(was.names());
        for (int slot = 0; slot < then.end(); slot++) {
            var name = then.name(slot);
            if (name == null) continue;
            var node = Objects.requireNonNull(store.nodes.get(then.node(slot)));
            names.add(name, node, then.cookie(slot));
        }
    }

    @Override
    synchronized void forgetNames() {
        names.clear();
        removed = true;
    }

    @Override
    public synchronized @Nullable Node lookup(String name) {
        return (Node) names.get(name);
    }

    @Override
    public Regular create(String name, int mode, int uid, int gid) {
        return make(name, mode, uid, gid, () -> new StoreRegular(store, store.number(), now()));
    }

    @Override
    public Directory createDirectory(String name, int mode, int uid, int gid) {
        return make(name, mode, uid, gid, () -> new StoreDirectory(store, store.number(), now()));
    }

    @Override
    public Link createLink(String name, String target, int uid, int gid) {
        return make(
                name, 0777, uid, gid, () -> new StoreLink(store, store.number(), now(), target));
    }

    @Override
    public Special createSpecial(String name, int mode, long device, int uid, int gid) {
        int type = Mode.type(mode);
        return make(
                name,
                mode,
                uid,
                gid,
                () -> new StoreSpecial(store, store.number(), now(), type, device));
    }

    private <T extends StoreNode> T make(
            String name, int mode, int uid, int gid, Supplier<T> maker) {
        store.begin(false);
        try {
            synchronized (store.tree) {
                synchronized (this) {
                    checkNew(name);
                    var node = store.add(maker, mode, uid, gid);
                    if (node instanceof StoreDirectory) {
                        node.links = 2;
                        links++;
                    }
                    add(name, node);
                    return node;
                }
            }
        } finally {
            store.end();
        }
    }

    @Override
    public Regular createUnnamed(int mode, int uid, int gid) {
        store.begin(false);
        try {
            synchronized (this) {
                if (removed) throw Errno.ENOENT.exception();
            }
            var node =
                    store.add(() -> new StoreRegular(store, store.number(), now()), mode, uid, gid);
            node.links = 0;
            return node;
        } finally {
            store.end();
        }
    }

    @Override
    public void link(String name, Node existing) {
        if (!(existing instanceof StoreNode node) || node.store != store)
            throw Errno.EXDEV.exception();
        if (node instanceof StoreDirectory) throw Errno.EPERM.exception();
        store.begin(false);
        try {
            synchronized (store.tree) {
                synchronized (this) {
                    checkNew(name);
                    if (node instanceof StoreRegular file) file.linked();
                    else if (node.links == 0) throw Errno.ENOENT.exception();
                    else node.changeLinks(1);
                    add(name, node);
                }
            }
        } finally {
            store.end();
        }
    }

    @Override
    public void unlink(String name) {
        store.begin(true);
        try {
            synchronized (store.tree) {
                synchronized (this) {
                    int slot = existing(name);
                    var node = names.node(slot);
                    if (node instanceof StoreDirectory) throw Errno.EISDIR.exception();
                    drop(slot);
                    touched();
                    node.changeLinks(-1);
                }
            }
        } finally {
            store.end();
        }
    }

    @Override
    public void removeDirectory(String name) {
        store.begin(true);
        try {
            synchronized (store.tree) {
                synchronized (this) {
                    int slot = existing(name);
                    if (!(names.node(slot) instanceof StoreDirectory directory))
                        throw Errno.ENOTDIR.exception();
                    directory.checkEmpty();
                    drop(slot);
                    links--;
                    touched();
                    directory.remove();
                }
            }
        } finally {
            store.end();
        }
    }

    @Override
    public void rename(String name, Directory to, String newName, boolean exchange) {
        if (!(to instanceof StoreDirectory target) || target.store != store)
            throw Errno.EXDEV.exception();
        store.begin(false);
        try {
            // Any order will do: only holders of the tree's monitor hold two directories' ones.
            synchronized (store.tree) {
                synchronized (this) {
                    synchronized (target) {
                        if (exchange) exchange(name, target, newName);
                        else move(name, target, newName);
                    }
                }
            }
        } finally {
            store.end();
        }
    }

    private void move(String name, StoreDirectory target, String newName) {
        int slot = existing(name);
        if (target.removed) throw Errno.ENOENT.exception();
        var node = names.node(slot);
        int at = target.names.find(newName);
        var old = at < 0 ? null : target.names.node(at);
        if (old == node) return;
        boolean directory = node instanceof StoreDirectory;
        if (old instanceof StoreDirectory there) {
            if (!directory) throw Errno.EISDIR.exception();
            there.checkEmpty();
        } else if (old != null && directory) throw Errno.ENOTDIR.exception();
        // Remove first: adding may move the slots when both are one directory.
        drop(slot);
        if (old == null) target.enter(newName, node);
        else target.set(at, node);
        if (directory) {
            links--;
            target.links++;
        }
        touched();
        target.touched();
        if (old instanceof StoreDirectory there) {
            target.links--;
            there.remove();
        } else if (old != null) old.changeLinks(-1);
        node.changeLinks(0);
    }

    private void exchange(String name, StoreDirectory target, String newName) {
        int slot = existing(name);
        int other = target.existing(newName);
        var a = names.node(slot);
        var b = target.names.node(other);
        if (a == b) return;
        set(slot, b);
        target.set(other, a);
        int gained = (b instanceof StoreDirectory ? 1 : 0) - (a instanceof StoreDirectory ? 1 : 0);
        links += gained;
        target.links -= gained;
        touched();
        target.touched();
        a.changeLinks(0);
        b.changeLinks(0);
    }

    @Override
    public synchronized List<Entry> entries(long cookie, int limit) {
        var entries = new ArrayList<Entry>(Math.min(limit, names.size()));
        for (int slot = names.after(cookie); slot < names.end() && entries.size() < limit; slot++) {
            var name = names.name(slot);
            if (name == null) continue;
            var node = names.node(slot);
            entries.add(new Entry(name, node.inode, node.type, names.cookie(slot)));
        }
        return entries;
    }

    @Override
    long size() {
        return size(names);
    }

    static long size(NameTable<?> names) {
        return 32L * names.size();
    }

    private synchronized void checkEmpty() {
        if (names.size() != 0) throw Errno.ENOTEMPTY.exception();
    }

    private synchronized void remove() {
        removed = true;
        links = 0;
        changed = now();
        mark();
        free();
    }

    private void checkNew(String name) {
        if (removed) throw Errno.ENOENT.exception();
        if (names.find(name) >= 0) throw Errno.EEXIST.exception();
    }

    private int existing(String name) {
        int slot = names.find(name);
        if (slot < 0) throw Errno.ENOENT.exception();
        return slot;
    }

    private void add(String name, StoreNode node) {
        enter(name, node);
        touched();
    }

    private void enter(String name, StoreNode node) {
        long cookie = names.lastCookie() + 1;
        names.add(name, node, cookie);
        store.records().entry(inode, cookie, node.inode, name);
    }

    private void set(int slot, StoreNode node) {
        names.set(slot, node);
        store.records().set(inode, names.cookie(slot), node.inode);
    }

    private void drop(int slot) {
        store.records().remove(inode, names.cookie(slot));
        names.remove(slot);
    }
}
