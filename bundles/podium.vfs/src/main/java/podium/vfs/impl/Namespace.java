package podium.vfs.impl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationSummary;
import podium.vfs.MountActivity;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Snapshots;

/// A pod's mounts, and the entry to everything by path.
final class Namespace implements MountNamespace {

    /// More are a guest's or a configuration's mistake.
    private static final int MOST_MOUNTS = 1000;

    private final FileSystems types;
    private final Opener opener;

    /// Mounts in the tree, in the order of mounting. Replaced under this object's monitor.
    private volatile List<Mount> mounts = List.of();

    private @Nullable Mount rootMount;
    private @Nullable Mount places;
    private @Nullable Mount memoryFiles;
    private int devices = 32;

    /// Held while entries move; before any directory's names.
    final NameLock renames = new NameLock();

    private final AtomicInteger moves = new AtomicInteger();

    /// Watches on its inodes: none, mostly, and then events cost nothing.
    final AtomicInteger watched = new AtomicInteger();

    /// Runs when it is closed.
    private final Consumer<Namespace> closed;

    Namespace(FileSystems types, Consumer<Namespace> closed) {
        this.types = types;
        this.closed = closed;
        opener = new Opener(types);
    }

    /// Grows when a path may lead to another directory than before: one was renamed or removed, a
    /// mount has come, gone or been exchanged, a process has another root.
    int moves() {
        return moves.get();
    }

    void moved() {
        moves.incrementAndGet();
    }

    @Nullable Mount rootMount() {
        return rootMount;
    }

    /// The root directory, with what is mounted on it.
    Entry root() {
        var mount = rootMount;
        if (mount == null) throw Errno.ENOENT.exception();
        return mount.root().covered();
    }

    @Override
    public OpenFile open(
            FsContext context, @Nullable Location at, String path, int flags, int mode) {
        return opener.open((Context) context, at, path, flags, mode);
    }

    @Override
    public OpenFile memoryFile(FsContext context, String name) {
        var mount = memoryMount();
        var who = context.credentials();
        var root = (DirectoryInode) mount.root().inode;
        var inode = root.createUnnamed(0777, who.euid(), who.egid());
        return new RegularFile(
                who, Entry.unnamed(mount, "/memfd:" + name + " (deleted)", inode), OpenFile.O_RDWR);
    }

    @Override
    public Location resolve(FsContext context, @Nullable Location at, String path, int flags) {
        if (path.isEmpty() && (flags & AT_EMPTY_PATH) != 0)
            return at == null ? context.workingDirectory() : at;
        try (var walker = new Walker((Context) context)) {
            return walker.resolve(at, path, (flags & AT_SYMLINK_NOFOLLOW) == 0);
        }
    }

    @Override
    public void makeDirectory(FsContext context, @Nullable Location at, String path, int mode) {
        Names.makeDirectory((Context) context, at, path, mode);
    }

    @Override
    public void makeNode(
            FsContext context, @Nullable Location at, String path, int mode, long device) {
        Names.makeNode((Context) context, at, path, mode, device);
    }

    @Override
    public void symlink(FsContext context, String target, @Nullable Location at, String path) {
        Names.symlink((Context) context, target, at, path);
    }

    @Override
    public void link(
            FsContext context,
            @Nullable Location from,
            String existing,
            @Nullable Location at,
            String path,
            int flags) {
        Names.link((Context) context, from, existing, at, path, flags);
    }

    @Override
    public void unlink(FsContext context, @Nullable Location at, String path, int flags) {
        Names.unlink((Context) context, at, path, (flags & AT_REMOVEDIR) != 0);
    }

    @Override
    public void rename(
            FsContext context,
            @Nullable Location from,
            String old,
            @Nullable Location to,
            String path,
            int flags) {
        Rename.rename((Context) context, from, old, to, path, flags);
    }

    @Override
    public String readLink(FsContext context, @Nullable Location at, String path) {
        if (path.isEmpty()) {
            if (at != null && Entry.of(at).inode instanceof LinkInode link) return link.target();
            throw Errno.ENOENT.exception();
        }
        try (var walker = new Walker((Context) context)) {
            var entry = walker.resolve(at, path, false);
            if (entry.inode instanceof LinkInode link) return link.target();
            throw Errno.EINVAL.exception();
        }
    }

    @Override
    public void change(FsContext context, Location place, AttributeChange change) {
        Changes.change(context.credentials(), Entry.of(place), change);
    }

    @Override
    public List<String> extendedAttributes(FsContext context, Location place) {
        return ExtendedAttributes.list(context.credentials(), Entry.of(place));
    }

    @Override
    public byte[] extendedAttribute(FsContext context, Location place, String name) {
        return ExtendedAttributes.get(context.credentials(), Entry.of(place), name);
    }

    @Override
    public void setExtendedAttribute(
            FsContext context, Location place, String name, byte[] value, int flags) {
        ExtendedAttributes.set(context.credentials(), Entry.of(place), name, value, flags);
    }

    @Override
    public void removeExtendedAttribute(FsContext context, Location place, String name) {
        ExtendedAttributes.remove(context.credentials(), Entry.of(place), name);
    }

    @Override
    public void truncate(FsContext context, Location place, long size) {
        Changes.truncate(context.credentials(), Entry.of(place), size);
    }

    @Override
    public void access(FsContext context, Location place, int mode, boolean effective) {
        var entry = Entry.of(place);
        if ((mode & ~7) != 0) throw Errno.EINVAL.exception();
        boolean special = entry.inode instanceof SpecialInode;
        if ((mode & Access.WRITE) != 0 && !special && entry.readOnly())
            throw Errno.EROFS.exception();
        var who = context.credentials();
        if (!effective) who = who.real();
        if (mode != 0 && !Access.allowed(who, entry.attributes(), mode))
            throw Errno.EACCES.exception();
    }

    @Override
    public FileSystem.Statistics statistics(Location place) {
        return Entry.of(place).mount.statistics();
    }

    @Override
    public MountActivity activity(Location place) {
        return Entry.of(place).mount.activity.now();
    }

    @Override
    public void mount(FsContext context, MountSpec spec) throws MountException {
        mount(spec, point((Context) context, spec.target()));
    }

    /// Mounts the namespace's root.
    void mountRoot(MountSpec spec) throws MountException {
        if (!spec.target().equals("/"))
            throw new MountException("the first mount's target is /, not " + spec.target());
        mount(spec, null);
    }

    private void mount(MountSpec asked, @Nullable Entry point) throws MountException {
        if (mounts.size() >= MOST_MOUNTS)
            throw new MountException("more than %d mounts".formatted(MOST_MOUNTS));
        var spec = FileSystems.current(asked);
        var backend = spec.type().equals(SnapshotMount.TYPE) ? snapshot(spec) : types.create(spec);
        if (!place(backend, point)) {
            backend.fs().close();
            throw new MountException(spec.target() + " is gone");
        }
    }

    private Backend snapshot(MountSpec spec) throws MountException {
        int at = spec.source().lastIndexOf('@');
        if (at < 0 || rootMount == null)
            throw new MountException(
                    "the source of a snapshot is PATH@NAME, not '%s'".formatted(spec.source()));
        var root = root();
        try (var context = new Context(this, () -> Credentials.ROOT, root, root, 022)) {
            var mount = mountAt(context, "mount a snapshot of", spec.source().substring(0, at));
            boolean done = false;
            try {
                var name = spec.source().substring(at + 1);
                var made = SnapshotMount.create(spec, mount, MountSnapshots.of(this, mount), name);
                done = true;
                return made;
            } finally {
                if (!done) mount.release();
            }
        }
    }

    private synchronized boolean place(Backend backend, @Nullable Entry point) {
        var top = point == null ? null : point.covered();
        if (top != null && (top.gone() || !top.mount.acquire())) return false;
        var mount = new Mount(this, backend, devices++, top);
        if (top == null) rootMount = mount;
        else top.setMounted(mount);
        moved();
        var more = new ArrayList<>(mounts);
        more.add(mount);
        mounts = List.copyOf(more);
        return true;
    }

    /// The directory to mount on, made if it is missing.
    private static Entry point(Context context, String target) throws MountException {
        var path = new StringBuilder();
        try {
            for (var part : target.split("/+")) {
                if (part.isEmpty()) continue;
                path.append('/').append(part);
                try {
                    Names.makeDirectory(context, null, path.toString(), 0755);
                } catch (ErrnoException e) {
                    if (e.errno() != Errno.EEXIST && e.errno() != Errno.EROFS) throw e;
                }
            }
            try (var walker = new Walker(context)) {
                var entry = walker.resolve(null, target, true);
                if (!entry.inode.isDirectory()) throw Errno.ENOTDIR.exception();
                return entry;
            }
        } catch (ErrnoException e) {
            throw new MountException(
                    "cannot mount on %s: %s".formatted(target, e.errno().text()), e);
        }
    }

    @Override
    public MigrationSummary migrate(
            FsContext context, MountSpec to, MigrationPlan plan, MigrationProgress progress)
            throws MountException {
        if (!Access.superuser(context.credentials())) throw Errno.EPERM.exception();
        var mount = mountAt((Context) context, "move", to.target());
        try {
            var kept = mount.fs().snapshots();
            int count = kept == null ? 0 : kept.list().size();
            if (count > 0)
                throw new MountException(
                        "cannot move %s: its snapshots, of which there are %d, would be left behind;"
                                        .formatted(to.target(), count)
                                + " delete them first");
            return migrate(mount, to, plan, progress);
        } finally {
            mount.release();
        }
    }

    @Override
    public Snapshots snapshots(FsContext context, String path) throws MountException {
        if (!Access.superuser(context.credentials())) throw Errno.EPERM.exception();
        var mount = mountAt((Context) context, "keep snapshots of", path);
        try {
            return MountSnapshots.of(this, mount);
        } finally {
            mount.release();
        }
    }

    /// What of a mount others are mounted on.
    List<Entry> pointsOn(Mount mount) {
        var points = new ArrayList<Entry>();
        for (var other : mounts) {
            var point = other.point();
            if (point != null && point.mount == mount) points.add(point);
        }
        return points;
    }

    /// What is mounted at a path, in use by the caller.
    private static Mount mountAt(Context context, String what, String path) throws MountException {
        try (var walker = new Walker(context)) {
            var entry = walker.resolve(null, path, true);
            if (entry == entry.mount.root() && entry.mount.acquire()) return entry.mount;
        } catch (ErrnoException e) {
            throw new MountException("cannot %s %s: %s".formatted(what, path, e.errno().text()), e);
        }
        throw new MountException("cannot %s %s: nothing is mounted there".formatted(what, path));
    }

    MigrationSummary migrate(
            Mount mount, MountSpec to, MigrationPlan plan, MigrationProgress progress)
            throws MountException {
        if (!mount.fs().capabilities().contains(FileSystem.Capability.WRITE))
            throw new MountException(
                    "cannot move %s: it is of type %s, which nobody can write"
                            .formatted(to.target(), mount.spec().type()));
        var spec = Options.moved(mount.spec(), to);
        var next = types.create(spec);
        try {
            var record = Options.record(mount.spec());
            return new Migration(mount, next, plan, progress, record, () -> types.has(spec)).run();
        } finally {
            if (mount.backend() != next) next.fs().close();
        }
    }

    @Override
    public void unmount(FsContext context, String path, boolean detach) {
        if (!Access.superuser(context.credentials())) throw Errno.EPERM.exception();
        Entry entry;
        try (var walker = new Walker((Context) context)) {
            entry = walker.resolve(null, path, true);
        }
        var mount = entry.mount;
        if (entry != mount.root()) throw Errno.EINVAL.exception();
        unmount(mount, detach);
    }

    private synchronized void unmount(Mount mount, boolean detach) {
        var point = mount.point();
        if (point == null || !mounts.contains(mount)) throw Errno.EINVAL.exception();
        if (detach) {
            for (var other : mounts) {
                var on = other.point();
                if (on != null && on.mount == mount) unmount(other, true);
            }
            remove(mount, point);
            mount.detach();
        } else {
            if (!mount.retire()) throw Errno.EBUSY.exception();
            remove(mount, point);
            mount.end();
        }
    }

    private void remove(Mount mount, Entry point) {
        point.setMounted(null);
        moved();
        var fewer = new ArrayList<>(mounts);
        fewer.remove(mount);
        mounts = List.copyOf(fewer);
    }

    @Override
    public List<Mounted> mounts() {
        return mounts.stream()
                .map(mount -> new Mounted(mount.spec(), mount.device, mount.users()))
                .toList();
    }

    @Override
    public void sync() {
        for (var mount : mounts) if (!mount.readOnly()) mount.sync();
    }

    @Override
    public synchronized void close() {
        var all = new ArrayList<>(mounts);
        if (memoryFiles != null) all.add(memoryFiles);
        for (var mount : all.reversed()) mount.end();
        mounts = List.of();
        memoryFiles = null;
        closed.accept(this);
    }

    /// What a type has made.
    List<Mount> madeBy(FileSystemType type) {
        List<Mount> all;
        synchronized (this) {
            all = new ArrayList<>(mounts);
            if (memoryFiles != null) all.add(memoryFiles);
        }
        all.removeIf(mount -> !mount.madeBy(type));
        return all;
    }

    /// A place for what an open file refers to that has none in the tree.
    Entry place(OpenFile file) {
        Mount mount;
        synchronized (this) {
            if (places == null) places = hidden("places", new EmptyFileSystem(), Set.of());
            mount = places;
        }
        var inode = new SpecialInode(mount, new OpenNode(file), null);
        return new Entry(mount, null, file.description(), inode);
    }

    private synchronized Mount memoryMount() {
        if (memoryFiles == null) {
            try {
                var made = types.create(MountSpec.of("/", "memory"));
                memoryFiles = hidden("memfd", made.fs(), made.makers());
            } catch (MountException e) {
                throw Errno.ENOSYS.exception();
            }
        }
        return memoryFiles;
    }

    private Mount hidden(String name, FileSystem fs, Set<FileSystemType> makers) {
        var spec = new MountSpec("/", name, "", Map.of(), false);
        return new Mount(this, Backend.of(spec, fs, makers), devices++, null);
    }
}
