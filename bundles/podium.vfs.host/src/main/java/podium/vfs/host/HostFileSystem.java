package podium.vfs.host;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Attributes;
import podium.vfs.ChangeSource;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.Snapshots;

/// A directory of the host. Nothing of it is remembered but which inodes were met where: every
/// answer is the host's at that moment.
final class HostFileSystem implements FileSystem {

    /// V9FS_MAGIC (linux/magic.h), of file systems that a host shares with its guests. Which one
    /// the host has is its own affair.
    static final long MAGIC = 0x0102_1997;

    /// Those without links, permissions and exact names (linux/magic.h): vfat, exfat, ntfs3, cifs,
    /// smb2.
    private static final Set<Integer> SIMPLE =
            Set.of(0x4d44, 0x2011_bab0, 0x7366_746e, 0xff53_4d42, 0xfe53_4d42);

    final Descriptors descriptors = new Descriptors();
    final Owners owners;
    final boolean readOnly;

    /// Whether what the host has mounted below belongs to it.
    final boolean submounts;

    /// Whether the host has extended attributes there.
    final boolean extended;

    private final boolean suid;
    final @Nullable HostQuota quota;

    /// In which calls that only read wait.
    final Pause pause = new Pause();

    /// Held while names change through this file system, so that what it knows of them follows in
    /// the same order.
    final Object names = new Object();

    private final ConcurrentHashMap<Status.Id, Known> nodes = new ConcurrentHashMap<>();
    private final ReferenceQueue<HostNode> forgotten = new ReferenceQueue<>();
    private final long secret = ThreadLocalRandom.current().nextLong();
    private final Set<Capability> capabilities;
    private final Status top;
    private final HostDirectory root;
    private final @Nullable Watches watches;
    private @Nullable HostSnapshots snapshots;

    private static final class Known extends WeakReference<HostNode> {

        private final Status.Id id;

        Known(HostNode node, ReferenceQueue<HostNode> queue) {
            super(node, queue);
            id = node.first.id();
        }
    }

    /// @param path the directory, in bytes
    /// @throws podium.syscall.ErrnoException it cannot be opened
    HostFileSystem(byte[] path, HostOptions options) {
        readOnly = options.readOnly();
        submounts = options.submounts();
        suid = options.suid();
        quota = options.quota();
        owners = options.owners();
        var opened = descriptors.open(false, () -> Linux.openDirectory(path));
        descriptors.stay(opened);
        opened.close();
        top = Linux.stat(opened.number());
        root = new HostDirectory(this, top);
        root.setDescriptor(opened);
        nodes.put(top.id(), new Known(root, forgotten));
        watches = Watches.areThere() ? new Watches(this) : null;
        capabilities = capabilities((int) Linux.fstatfs(opened.number()).getLong(0));
        extended = UserAttributes.supported(opened.number());
        if (!extended) capabilities.remove(Capability.EXTENDED_ATTRIBUTES);
        if (quota != null) count(quota);
    }

    private void count(HostQuota quota) {
        boolean done = false;
        try {
            quota.count(this);
            done = true;
        } finally {
            if (!done) close();
        }
    }

    private Set<Capability> capabilities(int magic) {
        var all = EnumSet.complementOf(EnumSet.of(Capability.SPECIAL_FILES, Capability.OWNERS));
        if (SIMPLE.contains(magic))
            all.retainAll(
                    EnumSet.of(
                            Capability.WRITE,
                            Capability.NANOSECONDS,
                            Capability.EXTENDED_ATTRIBUTES,
                            Capability.DURABLE));
        if (readOnly) all.remove(Capability.WRITE);
        return all;
    }

    /// Keeps snapshots, before anybody uses it. Closed when that fails.
    ///
    /// @throws MountException in one line
    void keepSnapshots(String directory) throws MountException {
        boolean done = false;
        try {
            snapshots = HostSnapshots.open(this, directory);
            done = true;
        } finally {
            if (!done) close();
        }
    }

    @Override
    public @Nullable Snapshots snapshots() {
        return snapshots;
    }

    @Override
    public String withoutSnapshots() {
        return ", which keeps no snapshots: mount it with the option snapshots=DIRECTORY, where copies"
                + " are to be";
    }

    /// Whether the host's file system may give several changes the same time.
    boolean hasCoarseTimes() {
        return !capabilities.contains(Capability.HARD_LINKS);
    }

    @Override
    public HostDirectory root() {
        return root;
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.copyOf(capabilities);
    }

    /// The host changes it as it likes.
    @Override
    public boolean stable() {
        return false;
    }

    @Override
    public @Nullable ChangeSource changes() {
        return watches;
    }

    /// @throws podium.syscall.ErrnoException `EROFS`
    void checkWritable() {
        if (readOnly) throw Errno.EROFS.exception();
    }

    /// What of a mode reaches the host: no guest makes programs that run as Podium's user, unless
    /// it may.
    int permissions(int type, int mode) {
        boolean all = suid || type == Mode.DIRECTORY;
        return mode & (all ? Mode.PERMISSIONS : Mode.PERMISSIONS & ~Mode.SETUID & ~Mode.SETGID);
    }

    /// Whether it is of the tree, and not of something that the host has mounted there.
    boolean shows(Status status) {
        return submounts || status.mount() == top.mount();
    }

    /// The node of an inode, the same one while somebody holds it.
    ///
    /// @param place where it was found; null when it has no name
    /// @throws podium.syscall.ErrnoException `EACCES`: the host has mounted something there
    HostNode node(Status status, @Nullable Place place) {
        if (!shows(status)) throw Errno.EACCES.exception();
        tidy();
        for (; ; ) {
            var known = nodes.get(status.id());
            var node = known == null ? null : known.get();
            if (node == null || node.isGone() || !node.first.same(status)) {
                node = make(status);
                var fresh = new Known(node, forgotten);
                boolean first =
                        known == null
                                ? nodes.putIfAbsent(status.id(), fresh) == null
                                : nodes.replace(status.id(), known, fresh);
                if (!first) continue;
            }
            if (place != null) node.found(place);
            return node;
        }
    }

    private HostNode make(Status status) {
        return switch (status.type()) {
            case Mode.REGULAR -> new HostRegular(this, status);
            case Mode.DIRECTORY -> new HostDirectory(this, status);
            case Mode.LINK -> new HostLink(this, status);
            default -> new HostSpecial(this, status);
        };
    }

    private void tidy() {
        for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll())
            if (gone instanceof Known known) nodes.remove(known.id, known);
    }

    private @Nullable HostNode known(Status status) {
        var known = nodes.get(status.id());
        var node = known == null ? null : known.get();
        return node == null || node.isGone() || !node.first.same(status) ? null : node;
    }

    /// An inode that exists no longer: its number may become another one's.
    void forget(HostNode node) {
        var known = nodes.get(node.first.id());
        if (known != null && known.get() == node) nodes.remove(node.first.id(), known);
    }

    /// A name was removed. [#names] is held.
    ///
    /// @param status what it was before
    void unlinked(Status status, Place place) {
        var node = known(status);
        if (node != null) node.lost(place);
        if (!status.directory() && status.links() > 1) return;
        if (node == null) freed(status);
        else node.unlinked(status.unlinked(Clock.realtime()));
    }

    /// An inode exists no longer.
    void freed(Status status) {
        if (quota != null) quota.freed(status);
    }

    /// Makes an inode, if there may be one more.
    <T> T made(Supplier<T> maker) {
        if (quota == null) return maker.get();
        // What was there once may be there again.
        if (pause.isOwn()) quota.inodes().count(1);
        else quota.inodes().take(1);
        boolean done = false;
        try {
            var made = maker.get();
            done = true;
            return made;
        } finally {
            if (!done) quota.inodes().give(1);
        }
    }

    /// A name was moved. [#names] is held.
    void moved(Status status, Place from, Place to) {
        var node = known(status);
        if (node == null) return;
        node.lost(from);
        node.found(to);
    }

    Attributes attributes(Status status) {
        return status.attributes(inode(status.id()), owners.uid(status), owners.gid(status));
    }

    private long inode(Status.Id id) {
        if (id.device() == top.id().device()) return id.inode();
        // Of another device of the host's: spread over numbers no file system counts up to.
        long mixed = mixed(id.device() * 0x9e37_79b9_7f4a_7c15L ^ id.inode());
        return mixed & Long.MAX_VALUE | 1L << 62;
    }

    /// The number of an inode on the root's device.
    long inode(long number) {
        return inode(new Status.Id(top.id().device(), number));
    }

    /// Where a name stands in its directory: positive, and no number that leaves no room behind it.
    long cookie(byte[] name) {
        long hash = secret;
        for (byte b : name) hash = mixed(hash ^ b);
        return (hash >>> 2) + 1;
    }

    /// A permutation of all numbers (the finalizer of MurmurHash3).
    private static long mixed(long number) {
        number = (number ^ number >>> 33) * 0xff51_afd7_ed55_8ccdL;
        number = (number ^ number >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return number ^ number >>> 33;
    }

    @Override
    public Statistics statistics() {
        try (var at = root.reach()) {
            var found = Linux.fstatfs(at.number());
            var host =
                    new Statistics(
                            MAGIC,
                            (int) found.getLong(72),
                            found.getLong(16),
                            readOnly ? 0 : found.getLong(32),
                            found.getLong(40),
                            readOnly ? 0 : found.getLong(48));
            return quota == null ? host : quota.within(host);
        }
    }

    @Override
    public void sync() {
        if (!readOnly) syncTree();
        var kept = snapshots;
        if (kept != null) kept.sync();
    }

    /// Makes what is in the directory durable, with all that is on the same disk.
    void syncTree() {
        try (var at = root.reach();
                var open = descriptors.open(false, () -> Linux.openToRead(at.number())).passing()) {
            Linux.syncfs(open.number());
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EACCES) throw e;
            // What nobody may read cannot be opened for this one's sake.
            Linux.sync();
        }
    }

    @Override
    public void close() {
        var kept = snapshots;
        if (kept != null) kept.close();
        if (watches != null) watches.close();
        descriptors.close();
    }
}
