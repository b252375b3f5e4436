package podium.vfs.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.backend.Frozen;
import podium.vfs.backend.NameTable;

/// A directory. Names change under the file system's tree monitor and then the own one; looking
/// takes the own one alone.
final class MemoryDirectory extends MemoryNode implements Node.Directory {

    private final NameTable<MemoryNode> names = new NameTable<>();
    private @Nullable Directory base;
    private boolean removed;

    /// @param base whose entries it has at first, or null
    MemoryDirectory(
            MemoryFileSystem fs,
            int mode,
            int uid,
            int gid,
            @Nullable Directory base,
            boolean counted) {
        super(fs, Mode.DIRECTORY, mode, uid, gid, counted);
        links = 2;
        this.base = base;
        if (base != null) inherit(base);
    }

    MemoryDirectory(MemoryFileSystem fs, Frozen was, boolean counted) {
        super(fs, was, counted);
    }

    @Override
    public synchronized @Nullable Node lookup(String name) {
        load();
        return (Node) names.get(name);
    }

    @Override
    public Regular create(String name, int mode, int uid, int gid) {
        synchronized (fs.tree) {
            synchronized (this) {
                checkNew(name);
                var node = new MemoryRegular(fs, mode, uid, gid, null, true);
                add(name, node, node.born);
                return node;
            }
        }
    }

    @Override
    public Directory createDirectory(String name, int mode, int uid, int gid) {
        synchronized (fs.tree) {
            synchronized (this) {
                checkNew(name);
                var node = new MemoryDirectory(fs, mode, uid, gid, null, true);
                add(name, node, node.born);
                links++;
                return node;
            }
        }
    }

    @Override
    public Link createLink(String name, String target, int uid, int gid) {
        synchronized (fs.tree) {
            synchronized (this) {
                checkNew(name);
                var node = new MemoryLink(fs, target, uid, gid, true);
                add(name, node, node.born);
                return node;
            }
        }
    }

    @Override
    public Special createSpecial(String name, int mode, long device, int uid, int gid) {
        synchronized (fs.tree) {
            synchronized (this) {
                checkNew(name);
                var node = new MemorySpecial(fs, mode, device, uid, gid, true);
                add(name, node, node.born);
                return node;
            }
        }
    }

    @Override
    public Regular createUnnamed(int mode, int uid, int gid) {
        synchronized (this) {
            if (removed) throw Errno.ENOENT.exception();
        }
        var node = new MemoryRegular(fs, mode, uid, gid, null, true);
        node.links = 0;
        return node;
    }

    @Override
    public void link(String name, Node existing) {
        if (!(existing instanceof MemoryNode node) || node.fs != fs) throw Errno.EXDEV.exception();
        if (node instanceof MemoryDirectory) throw Errno.EPERM.exception();
        synchronized (fs.tree) {
            synchronized (this) {
                checkNew(name);
                long now = MemoryFileSystem.now();
                if (node instanceof MemoryRegular file) file.linked(now);
                else if (node.links == 0) throw Errno.ENOENT.exception();
                else node.changeLinks(1, now);
                add(name, node, now);
            }
        }
    }

    @Override
    public void unlink(String name) {
        synchronized (fs.tree) {
            synchronized (this) {
                int slot = existing(name);
                var node = names.node(slot);
                if (node instanceof MemoryDirectory) throw Errno.EISDIR.exception();
                names.remove(slot);
                long now = MemoryFileSystem.now();
                touched(now);
                node.changeLinks(-1, now);
            }
        }
    }

    @Override
    public void removeDirectory(String name) {
        synchronized (fs.tree) {
            synchronized (this) {
                int slot = existing(name);
                if (!(names.node(slot) instanceof MemoryDirectory directory))
                    throw Errno.ENOTDIR.exception();
                directory.remove();
                names.remove(slot);
                links--;
                touched(MemoryFileSystem.now());
            }
        }
    }

    @Override
    public void rename(String name, Directory to, String newName, boolean exchange) {
        if (!(to instanceof MemoryDirectory target) || target.fs != fs)
            throw Errno.EXDEV.exception();
        // Any order will do: only holders of the tree's monitor hold two directories' ones.
        synchronized (fs.tree) {
            synchronized (this) {
                synchronized (target) {
                    if (exchange) exchange(name, target, newName);
                    else move(name, target, newName);
                }
            }
        }
    }

    private void move(String name, MemoryDirectory target, String newName) {
        int slot = existing(name);
        target.load();
        if (target.removed) throw Errno.ENOENT.exception();
        var node = names.node(slot);
        int at = target.names.find(newName);
        var old = at < 0 ? null : target.names.node(at);
        if (old == node) return;
        boolean directory = node instanceof MemoryDirectory;
        if (old instanceof MemoryDirectory there) {
            if (!directory) throw Errno.EISDIR.exception();
            there.remove();
            target.links--;
        } else if (old != null) {
            if (directory) throw Errno.ENOTDIR.exception();
        }
        // Remove first: adding may move the slots when both are one directory.
        names.remove(slot);
        if (old != null) target.names.set(at, node);
        else target.names.add(newName, node, target.names.lastCookie() + 1);
        if (directory) {
            links--;
            target.links++;
        }
        long now = MemoryFileSystem.now();
        touched(now);
        target.touched(now);
        if (old != null && !(old instanceof MemoryDirectory)) old.changeLinks(-1, now);
        node.changeLinks(0, now);
    }

    private void exchange(String name, MemoryDirectory target, String newName) {
        int slot = existing(name);
        int other = target.existing(newName);
        var a = names.node(slot);
        var b = target.names.node(other);
        if (a == b) return;
        names.set(slot, b);
        target.names.set(other, a);
        int gained =
                (b instanceof MemoryDirectory ? 1 : 0) - (a instanceof MemoryDirectory ? 1 : 0);
        links += gained;
        target.links -= gained;
        long now = MemoryFileSystem.now();
        touched(now);
        target.touched(now);
        a.changeLinks(0, now);
        b.changeLinks(0, now);
    }

    @Override
    public synchronized List<Entry> entries(long cookie, int limit) {
        load();
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
        return 32L * names.size();
    }

    private synchronized void remove() {
        load();
        if (names.size() != 0) throw Errno.ENOTEMPTY.exception();
        vanish();
    }

    @Override
    synchronized void vanish() {
        base = null;
        names.clear();
        removed = true;
        links = 0;
        changed = MemoryFileSystem.now();
        frozen = null;
        gone();
    }

    @Override
    Frozen frozenNow() {
        load();
        return Frozen.directory(attributes(), names.copy(node -> node.inode));
    }

    /// What is in it. What of it the base has is taken over now.
    synchronized List<MemoryNode> children() {
        load();
        var all = new ArrayList<MemoryNode>(names.size());
        for (int slot = 0; slot < names.end(); slot++)
            if (names.name(slot) != null) all.add(names.node(slot));
        return all;
    }

    @Override
    void restore(Frozen was, Map<Long, MemoryNode> nodes) {
        var then = Objects.requireNonNull(was.names());
        removed = false;
        names.clear();
        for (int slot = 0; slot < then.end(); slot++) {
            var name = then.name(slot);
            if (name == null) continue;
            names.add(name, Objects.requireNonNull(nodes.get(then.node(slot))), then.cookie(slot));
        }
    }

    private void checkNew(String name) {
        load();
        if (removed) throw Errno.ENOENT.exception();
        if (names.find(name) >= 0) throw Errno.EEXIST.exception();
    }

    private int existing(String name) {
        load();
        int slot = names.find(name);
        if (slot < 0) throw Errno.ENOENT.exception();
        return slot;
    }

    private void add(String name, MemoryNode node, long now) {
        names.add(name, node, names.lastCookie() + 1);
        touched(now);
    }

    /// Takes over the base's entries.
    private void load() {
        var origin = base;
        if (origin == null) return;
        long cookie = 0;
        for (; ; ) {
            var entries = origin.entries(cookie, 256);
            if (entries.isEmpty()) break;
            for (var entry : entries) {
                cookie = entry.cookie();
                var node = origin.lookup(entry.name());
                if (node == null) continue;
                var taken = take(node);
                names.add(entry.name(), taken, names.lastCookie() + 1);
                if (taken instanceof MemoryDirectory) links++;
            }
        }
        base = null;
    }

    private MemoryNode take(Node origin) {
        var attributes = origin.attributes();
        boolean several = attributes.links() > 1 && !(origin instanceof Directory);
        return several ? fs.shared(origin, this::wrap) : wrap(origin);
    }

    private MemoryNode wrap(Node origin) {
        var attributes = origin.attributes();
        var node =
                switch (origin) {
                    case Directory directory -> new MemoryDirectory(fs, 0, 0, 0, directory, false);
                    case Regular file -> new MemoryRegular(fs, 0, 0, 0, file, false);
                    case Link link -> new MemoryLink(fs, link.target(), 0, 0, false);
                    case Special _ ->
                            new MemorySpecial(
                                    fs, attributes.mode(), attributes.device(), 0, 0, false);
                };
        node.inherit(origin);
        if (!(origin instanceof Directory)) node.links = Math.max(1, attributes.links());
        return node;
    }
}
