package podium.vfs.impl;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Node;

/// A directory's inode. What it finds and makes are [Inode]s, too.
final class DirectoryInode extends Inode implements Node.Directory {

    /// Held while names in it change.
    final NameLock names = new NameLock();

    private volatile Node.Directory node;

    /// Where its streams stood when the backend was exchanged under them.
    private volatile @Nullable StreamOrder order;

    DirectoryInode(Mount mount, Node.Directory node, @Nullable Identity identity) {
        super(mount, identity);
        this.node = node;
    }

    @Override
    Node node() {
        return this;
    }

    @Override
    Node.Directory backend() {
        return node;
    }

    @Override
    void exchange(Node node) {
        this.node = (Node.Directory) node;
    }

    /// The entries will come in this order, for streams that have begun.
    void setOrder(@Nullable StreamOrder order) {
        this.order = order;
    }

    @Override
    public @Nullable Node lookup(String name) {
        var found = find(name);
        return found == null ? null : found.node();
    }

    /// The inode of a name, or null when there is none.
    @Nullable Inode find(String name) {
        mount.gate.enter();
        try {
            mount.activity.lookups.increment();
            var found = node.lookup(name);
            return found == null ? null : mount.inode(found);
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            mount.gate.exit();
        }
    }

    @Override
    public RegularInode create(String name, int mode, int uid, int gid) {
        return (RegularInode) made(name, () -> node.create(name, mode, uid, gid));
    }

    @Override
    public DirectoryInode createDirectory(String name, int mode, int uid, int gid) {
        return (DirectoryInode) made(name, () -> node.createDirectory(name, mode, uid, gid));
    }

    @Override
    public LinkInode createLink(String name, String target, int uid, int gid) {
        return (LinkInode) made(name, () -> node.createLink(name, target, uid, gid));
    }

    @Override
    public SpecialInode createSpecial(String name, int mode, long device, int uid, int gid) {
        return (SpecialInode) made(name, () -> node.createSpecial(name, mode, device, uid, gid));
    }

    @Override
    public RegularInode createUnnamed(int mode, int uid, int gid) {
        mount.gate.enter();
        try {
            var made = node.createUnnamed(mode, uid, gid);
            mount.activity.creates.increment();
            var inode = (RegularInode) mount.fresh(made, false);
            inode.await();
            return inode;
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            mount.gate.exit();
        }
    }

    private Inode made(String name, Supplier<Node> maker) {
        mount.gate.enter();
        try {
            var made = maker.get();
            mount.activity.creates.increment();
            return mount.fresh(made, true);
        } catch (ErrnoException e) {
            // That there is one already is what a look-up would have said.
            throw e.errno() == Errno.EEXIST ? e : mount.activity.failed(e);
        } finally {
            noteName(name, null);
            mount.gate.exit();
        }
    }

    @Override
    public void link(String name, Node existing) {
        var inode = (Inode) existing;
        // It will be found by two names.
        mount.weaken(inode);
        mount.gate.enter();
        try {
            node.link(name, inode.backend());
            mount.activity.creates.increment();
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            noteName(name, inode.backend());
            mount.gate.exit();
        }
    }

    @Override
    public void unlink(String name) {
        unlink(name, null);
    }

    /// @param entry of the name
    void unlink(String name, podium.vfs.impl.@Nullable Entry entry) {
        Node victim = null;
        mount.gate.enter();
        try {
            victim = movingLookup(name);
            remove(entry, () -> node.unlink(name));
            passed(name);
            mount.activity.removals.increment();
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            noteName(name, victim);
            mount.gate.exit();
        }
    }

    /// Nobody opens a file between the removal of its name and that of the entry. For within the
    /// gate.
    private static void remove(podium.vfs.impl.@Nullable Entry entry, Runnable removal) {
        if (entry == null) removal.run();
        else
            synchronized (entry.inode) {
                removal.run();
                entry.remove();
            }
    }

    @Override
    public void removeDirectory(String name) {
        mount.gate.enter();
        try {
            node.removeDirectory(name);
            passed(name);
            mount.activity.removals.increment();
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            noteName(name, null);
            mount.gate.exit();
        }
    }

    @Override
    public void rename(String name, Node.Directory to, String newName, boolean exchange) {
        rename(name, to, newName, exchange, null);
    }

    /// @param replaced the entry of the new name, when it is removed
    void rename(
            String name,
            Node.Directory to,
            String newName,
            boolean exchange,
            podium.vfs.impl.@Nullable Entry replaced) {
        var other = (DirectoryInode) to;
        Node moved = null;
        Node victim = null;
        mount.gate.enter();
        try {
            moved = movingLookup(name);
            victim = other.movingLookup(newName);
            remove(replaced, () -> node.rename(name, other.node, newName, exchange));
            passed(name);
            other.passed(newName);
            mount.activity.renames.increment();
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            noteName(name, moved);
            other.noteName(newName, victim);
            mount.gate.exit();
        }
    }

    /// What a name leads to, if that has to be noted. For within the gate.
    private @Nullable Node movingLookup(String name) {
        return mount.dirty() == null ? null : node.lookup(name);
    }

    /// A name leads to something else. For within the gate.
    ///
    /// @param inode what has got or lost a name besides
    private void noteName(String name, @Nullable Node inode) {
        var dirty = mount.dirty();
        if (dirty == null) return;
        dirty.name(node, name);
        if (inode != null) dirty.attributes(inode);
    }

    /// An entry is no longer the one that streams may have seen. For within the gate.
    private void passed(String name) {
        var known = order;
        if (known != null) known.remove(name);
    }

    @Override
    public List<Node.Entry> entries(long cookie, int limit) {
        mount.gate.enter();
        try {
            return list(cookie, limit);
        } finally {
            mount.gate.exit();
        }
    }

    /// [#entries] for within the gate, or while it is shut.
    List<Node.Entry> list(long cookie, int limit) {
        var known = order;
        var found =
                known == null ? node.entries(cookie, limit) : known.entries(node, cookie, limit);
        var identities = mount.identities();
        if (identities == null) return found;
        return found.stream()
                .map(
                        entry ->
                                new Node.Entry(
                                        entry.name(),
                                        identities.number(entry.inode()),
                                        entry.type(),
                                        entry.cookie()))
                .toList();
    }

    /// The streams that knew the old order are closed.
    @Override
    void released() {
        order = null;
    }
}
