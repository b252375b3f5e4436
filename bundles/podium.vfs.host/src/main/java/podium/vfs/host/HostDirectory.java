package podium.vfs.host;

import java.io.ByteArrayOutputStream;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A directory. Each operation is one on a name in a descriptor of it.
final class HostDirectory extends HostNode implements Node.Directory {

    /// Entries that are read at a time.
    private static final int AT_ONCE = 1024;

    /// A longer way up than this goes round in circles: the host moved things meanwhile.
    private static final int DEEPEST = 1 << 16;

    /// What a path may have at once, in bytes.
    private static final int PATH = 4000;

    private static final int TARGET_MAX = 4095;

    private volatile @Nullable Descriptor descriptor;
    private volatile @Nullable SoftReference<Listing> listing;
    private volatile boolean watched;

    HostDirectory(HostFileSystem fs, Status first) {
        super(fs, first);
    }

    /// It is open for good.
    void setDescriptor(Descriptor root) {
        descriptor = root;
    }

    @Override
    @Nullable Descriptor open() {
        var known = descriptor;
        return known == null ? null : known.use();
    }

    @Override
    Descriptor reach() {
        var open = open();
        if (open != null) return open;
        if (isGone()) throw Errno.ENOENT.exception();
        var names = new ArrayDeque<byte[]>();
        var directory = this;
        do {
            var place = directory.place();
            if (place == null || names.size() == DEEPEST) throw Errno.ENOENT.exception();
            names.push(place.bytes());
            directory = place.directory();
            open = directory.open();
        } while (open == null);
        var reached = descend(open, names);
        boolean same = false;
        try {
            same = Linux.stat(reached.number()).same(first);
        } finally {
            if (!same) reached.passing().close();
        }
        if (!same) throw Errno.ENOENT.exception();
        if (watched) return reached.passing();
        descriptor = fs.descriptors.keep(reached);
        if (watched) letGo();
        return reached;
    }

    @Override
    void watched(boolean watched) {
        this.watched = watched;
        if (watched && this != fs.root()) letGo();
    }

    private void letGo() {
        var known = descriptor;
        descriptor = null;
        if (known != null) fs.descriptors.end(known);
    }

    /// Opens what names lead to below a directory whose use this ends.
    private Descriptor descend(Descriptor from, Deque<byte[]> names) {
        var at = from;
        while (!names.isEmpty()) {
            var path = new ByteArrayOutputStream();
            while (!names.isEmpty() && path.size() + names.element().length < PATH) {
                path.writeBytes(names.remove());
                path.write('/');
            }
            Descriptor next;
            try (var above = at) {
                next = below(above, path.toByteArray(), Linux.O_PATH | Linux.O_DIRECTORY);
            }
            if (next == null) throw Errno.ENOENT.exception();
            at = names.isEmpty() ? next : next.passing();
        }
        return at;
    }

    /// What a name in it is, or null when there is none.
    @Nullable Status status(byte[] name) {
        try (var at = reach()) {
            return Linux.stat(at.number(), name);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) return null;
            throw e;
        }
    }

    @Override
    public @Nullable Node lookup(String name) {
        fs.pause.await();
        var status = status(Place.bytes(name));
        return status == null ? null : (Node) fs.node(status, new Place(this, name));
    }

    @Override
    public Regular create(String name, int mode, int uid, int gid) {
        fs.checkWritable();
        var bytes = Place.bytes(name);
        int wanted = fs.permissions(Mode.REGULAR, mode);
        synchronized (fs.names) {
            try (var at = reach()) {
                var made =
                        fs.made(
                                () ->
                                        fs.descriptors.open(
                                                true,
                                                () ->
                                                        Linux.create(
                                                                at.number(),
                                                                bytes,
                                                                wanted & 0777)));
                return made(made, wanted, new Place(this, name));
            }
        }
    }

    @Override
    public Regular createUnnamed(int mode, int uid, int gid) {
        fs.checkWritable();
        int wanted = fs.permissions(Mode.REGULAR, mode);
        try (var at = reach()) {
            var made =
                    fs.made(
                            () ->
                                    fs.descriptors.open(
                                            true,
                                            () -> Linux.createUnnamed(at.number(), wanted & 0777)));
            return made(made, wanted, null);
        }
    }

    /// @param place null when it has no name
    private HostRegular made(Descriptor made, int wanted, @Nullable Place place) {
        boolean done = false;
        try {
            var status = Linux.stat(made.number());
            // The process's umask.
            if ((status.mode() & Mode.PERMISSIONS) != wanted) Linux.chmod(made.number(), wanted);
            var file = (HostRegular) fs.node(status, place);
            if (place == null) file.madeUnnamed(made);
            else file.made(made);
            done = true;
            return file;
        } finally {
            if (!done) made.passing().close();
        }
    }

    @Override
    public Directory createDirectory(String name, int mode, int uid, int gid) {
        fs.checkWritable();
        var bytes = Place.bytes(name);
        int wanted = fs.permissions(Mode.DIRECTORY, mode);
        return (Directory) make(name, wanted, at -> Linux.mkdirat(at, bytes, wanted & 0777));
    }

    @Override
    public Link createLink(String name, String target, int uid, int gid) {
        fs.checkWritable();
        var bytes = Place.bytes(name);
        var text = LinuxString.encode(target);
        if (text.length > TARGET_MAX) throw Errno.ENAMETOOLONG.exception();
        return (Link) make(name, 0777, at -> Linux.symlinkat(text, at, bytes));
    }

    /// Makes FIFOs and sockets. No guest makes devices.
    @Override
    public Special createSpecial(String name, int mode, long device, int uid, int gid) {
        fs.checkWritable();
        int type = Mode.type(mode);
        if (type != Mode.FIFO && type != Mode.SOCKET) throw Errno.EPERM.exception();
        var bytes = Place.bytes(name);
        int wanted = fs.permissions(type, mode);
        return (Special)
                make(name, wanted, at -> Linux.mknodat(at, bytes, type | (wanted & 0777), 0));
    }

    /// Makes a name in an open directory.
    @FunctionalInterface
    interface Maker {
        void make(int directory);
    }

    /// Makes what is no regular file.
    HostNode make(String name, int wanted, Maker maker) {
        var place = new Place(this, name);
        HostNode node;
        Status status;
        synchronized (fs.names) {
            try (var at = reach()) {
                fs.made(
                        () -> {
                            maker.make(at.number());
                            return true;
                        });
                status = Linux.stat(at.number(), place.bytes());
                node = fs.node(status, place);
            }
        }
        // The process's umask.
        if ((status.mode() & Mode.PERMISSIONS) != wanted && status.type() != Mode.LINK)
            try (var reached = node.reach()) {
                Linux.chmod(reached.number(), wanted);
            }
        return node;
    }

    @Override
    public void link(String name, Node existing) {
        fs.checkWritable();
        if (!(existing instanceof HostNode node) || node.fs != fs) throw Errno.EXDEV.exception();
        if (node instanceof HostDirectory) throw Errno.EPERM.exception();
        var place = new Place(this, name);
        synchronized (fs.names) {
            try (var at = reach();
                    var reached = node.reach()) {
                Linux.link(reached.number(), at.number(), place.bytes());
            }
            node.found(place);
        }
    }

    @Override
    public void unlink(String name) {
        remove(name, 0);
    }

    @Override
    public void removeDirectory(String name) {
        remove(name, Linux.AT_REMOVEDIR);
    }

    private void remove(String name, int flags) {
        fs.checkWritable();
        var place = new Place(this, name);
        var bytes = place.bytes();
        synchronized (fs.names) {
            try (var at = reach()) {
                var status = Linux.stat(at.number(), bytes);
                Linux.unlinkat(at.number(), bytes, flags);
                fs.unlinked(status, place);
            }
        }
    }

    /// It stays open for a while if it is: its number is nobody else's as long as programs that
    /// stand in it may look.
    @Override
    void unlinked(Status status) {
        freed(status);
        listing = null;
    }

    @Override
    public void rename(String name, Directory to, String newName, boolean exchange) {
        fs.checkWritable();
        if (!(to instanceof HostDirectory target) || target.fs != fs) throw Errno.EXDEV.exception();
        var old = new Place(this, name);
        var now = new Place(target, newName);
        int flags = exchange ? Linux.RENAME_EXCHANGE : 0;
        synchronized (fs.names) {
            try (var from = reach();
                    var into = target.reach()) {
                var moved = Linux.stat(from.number(), old.bytes());
                var there = target.status(now.bytes());
                Linux.renameat2(from.number(), old.bytes(), into.number(), now.bytes(), flags);
                // Two names of one inode stay.
                if (there != null && there.id().equals(moved.id())) return;
                fs.moved(moved, old, now);
                if (there == null) return;
                if (exchange) fs.moved(there, now, old);
                else fs.unlinked(there, now);
            }
        }
    }

    /// Does something with all entries, some of which may be gone by then.
    void forEach(Consumer<Entry> work) {
        for (long cookie = 0; ; ) {
            var some = entries(cookie, AT_ONCE);
            if (some.isEmpty()) return;
            some.forEach(work);
            cookie = some.getLast().cookie();
        }
    }

    @Override
    public List<Entry> entries(long cookie, int limit) {
        fs.pause.await();
        if (isGone()) return List.of();
        var known = listing;
        var read = known == null || cookie == 0 ? null : known.get();
        if (read == null || !read.covers(cookie)) {
            try (var at = reach();
                    var open =
                            fs.descriptors
                                    .open(false, () -> Linux.openToRead(at.number()))
                                    .passing()) {
                read = Listing.read(fs, open.number(), cookie);
            } catch (ErrnoException e) {
                if (e.errno() == Errno.ENOENT) return List.of();
                throw e;
            }
            listing = new SoftReference<>(read);
        }
        var entries = read.entries(cookie, limit);
        if (entries.isEmpty()) listing = null;
        return entries;
    }
}
