package podium.vfs.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.LinuxString;
import podium.vfs.MountException;
import podium.vfs.Snapshot;
import podium.vfs.backend.HostSpace;
import podium.vfs.backend.SourceLock;

/// The directory of the host's in which the snapshots of another one are: each a directory `NAME`
/// with a `manifest` and, in `content`, the files' contents by number. What is being made, or
/// removed, is in [#PRIVATE] until it is whole, or out of the way; so is the intent to restore one.
///
/// One user at a time, but for [#heads], [#tree] and [#content].
final class SnapshotDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotDirectory.class);

    /// No snapshot's name begins with a dot.
    private static final String PRIVATE = ".podium";

    /// What is being taken.
    static final String NEW = PRIVATE + "/new";

    /// What was there before a restore.
    static final String UNDO = PRIVATE + "/undo";

    private static final String OLD = PRIVATE + "/old";
    private static final String INTENT = PRIVATE + "/restore";
    private static final String NUMBERS = PRIVATE + "/numbers";
    private static final String MANIFEST = "manifest";
    private static final String CONTENT = "/content/";

    private final HostFileSystem fs;
    private final Descriptor top;
    private final Path path;
    private final SourceLock lock;
    private final LinkedHashMap<String, HostTree.Head> heads = new LinkedHashMap<>();

    /// @throws MountException in one line: it cannot be had
    static SnapshotDirectory open(HostFileSystem fs, String directory) throws MountException {
        try {
            var bytes = LinuxString.encode(directory);
            try (var top = fs.descriptors.open(false, () -> Linux.openDirectory(bytes))) {
                return new SnapshotDirectory(fs, fs.descriptors.stay(top));
            }
        } catch (podium.syscall.ErrnoException e) {
            throw new MountException(
                    "cannot keep snapshots in %s: %s".formatted(directory, e.errno().text()), e);
        } catch (IOException | UncheckedIOException e) {
            throw new MountException(
                    "cannot keep snapshots in %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private SnapshotDirectory(HostFileSystem fs, Descriptor top) throws IOException {
        this.fs = fs;
        this.top = top;
        // Whatever its name is, and becomes.
        path = Path.of("/proc/self/fd/" + top.number());
        checkApart();
        OwnFiles.makeDirectory(path.resolve(PRIVATE));
        lock = SourceLock.take(path, path.resolve(PRIVATE, "lock"));
        boolean done = false;
        try {
            remove(NEW);
            remove(OLD);
            OwnFiles.removeFresh(path.resolve(INTENT));
            OwnFiles.removeFresh(path.resolve(NUMBERS));
            load();
            done = true;
        } finally {
            if (!done) lock.close();
        }
    }

    /// Neither is in the other: a snapshot would have itself, and guests what others had.
    private void checkApart() throws IOException {
        try (var root = fs.root().reach()) {
            var source = Path.of("/proc/self/fd/" + root.number()).toRealPath();
            if (OwnFiles.isIn(path.toRealPath(), source))
                throw new IOException("it is in the directory that is mounted, or that itself");
            if (OwnFiles.isIn(source, path))
                throw new IOException("the directory that is mounted is in it");
        }
    }

    private void load() throws IOException {
        var found = new HashMap<String, HostTree.Head>();
        try (var all = Files.newDirectoryStream(path)) {
            for (var one : all) {
                var name = one.getFileName().toString();
                if (!Snapshot.isName(name)) continue;
                try (var in = Files.newInputStream(one.resolve(MANIFEST))) {
                    found.put(name, Manifest.head(in));
                } catch (IOException e) {
                    // Something else of the host's, or one that was damaged.
                    LOG.warn("{} is no snapshot: {}", name, e.getMessage());
                }
            }
        }
        found.entrySet().stream()
                .sorted(Comparator.comparing(one -> one.getValue().taken()))
                .forEach(one -> heads.put(one.getKey(), one.getValue()));
    }

    /// Those that there are, the oldest first.
    LinkedHashMap<String, HostTree.Head> heads() {
        synchronized (heads) {
            return new LinkedHashMap<>(heads);
        }
    }

    /// The tree of one, with the inodes' present numbers on a device.
    ///
    /// @param directory the name of one, or [#UNDO]
    /// @throws podium.syscall.ErrnoException `ENOENT`; `EIO`: it is damaged
    HostTree tree(String directory, long device) {
        try (var in = Files.newInputStream(path.resolve(directory, MANIFEST))) {
            return Manifest.read(in, device);
        } catch (NoSuchFileException e) {
            throw Errno.ENOENT.exception();
        } catch (IOException e) {
            throw failure("snapshot " + directory, e);
        }
    }

    private RuntimeException failure(String what, IOException e) {
        LOG.error("{}: {}", what, e.toString());
        var lack = HostSpace.error(e);
        return (lack == null ? Errno.EIO : lack).exception();
    }

    /// Opens a file's content to read it, for one use.
    ///
    /// @throws podium.syscall.ErrnoException `ENOENT`
    Descriptor content(String directory, long number) {
        return below(directory + CONTENT + number, 0);
    }

    /// Makes a file for content, for one use.
    Descriptor create(String directory, long number) {
        return opened(true, at -> Linux.create(at, bytes(directory + CONTENT + number), 0600));
    }

    private Descriptor below(String file, int flags) {
        return opened(false, at -> Linux.openBelow(at, bytes(file), flags, true));
    }

    private static byte[] bytes(String file) {
        return file.getBytes(StandardCharsets.US_ASCII);
    }

    @FunctionalInterface
    private interface Opener {
        int open(int directory);
    }

    private Descriptor opened(boolean writable, Opener opener) {
        var at = top.use();
        if (at == null) throw Errno.EIO.exception();
        try (at) {
            return fs.descriptors.open(writable, () -> opener.open(at.number())).passing();
        }
    }

    /// Has a snapshot's content in another one, too.
    ///
    /// @return false when the host cannot
    boolean link(String directory, long number, String to, long as) {
        try {
            Files.createLink(
                    path.resolve(to + CONTENT + as), path.resolve(directory + CONTENT + number));
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    void removeContent(String directory, long number) {
        doing(directory, () -> Files.deleteIfExists(path.resolve(directory + CONTENT + number)));
    }

    /// Bytes of content that no other snapshot has.
    long own(String name) {
        long own = 0;
        try (var directory = below(name + CONTENT, Linux.O_PATH);
                var all = Files.newDirectoryStream(path.resolve(name + CONTENT))) {
            for (var one : all) {
                var is = Linux.stat(directory.number(), bytes(one.getFileName().toString()));
                if (is.links() == 1) own += 512 * is.blocks();
            }
            return own;
        } catch (IOException e) {
            throw failure("snapshot " + name, e);
        }
    }

    /// Begins to make one, in [#NEW].
    void begin() {
        doing(
                NEW,
                () -> {
                    remove(NEW);
                    OwnFiles.makeDirectory(path.resolve(NEW));
                    OwnFiles.makeDirectory(path.resolve(NEW + CONTENT));
                });
    }

    /// Forgets what was begun.
    void abandon() {
        doing(NEW, () -> remove(NEW));
    }

    /// What was begun is a snapshot: all of it is durable before it has its name, and that is with
    /// the next [#sync].
    void commit(String name, HostTree tree) {
        seal(tree);
        sync();
        move(NEW, name);
        synchronized (heads) {
            heads.put(name, tree.head());
        }
    }

    private void seal(HostTree tree) {
        doing(
                NEW,
                () -> {
                    var file = path.resolve(NEW, MANIFEST);
                    try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
                        Manifest.write(tree, out);
                    }
                });
    }

    private void move(String from, String to) {
        doing(
                from,
                () ->
                        Files.move(
                                path.resolve(from),
                                path.resolve(to),
                                StandardCopyOption.ATOMIC_MOVE));
    }

    void delete(String name) {
        doing(name, () -> remove(OLD));
        move(name, OLD);
        synchronized (heads) {
            heads.remove(name);
        }
        doing(name, () -> remove(OLD));
        if (heads().isEmpty()) doing(NUMBERS, () -> Files.deleteIfExists(path.resolve(NUMBERS)));
    }

    /// A restore of one begins; what was begun to be made is what was there before. Durable.
    ///
    /// @param root of what is restored
    void intend(String name, HostTree before, Status root) {
        doing(UNDO, () -> remove(UNDO));
        seal(before);
        move(NEW, UNDO);
        sync();
        var text = "%s %d %d%n".formatted(name, root.id().inode(), root.born());
        replace(INTENT, text);
    }

    /// The snapshot of which a restore has begun and not ended; null when there is none.
    ///
    /// @throws IOException the restore was another directory's; or it cannot be read
    @Nullable String intended(Status root) throws IOException {
        var file = path.resolve(INTENT);
        if (!Files.exists(file)) {
            remove(UNDO);
            return null;
        }
        var words = Files.readString(file).strip().split(" ");
        boolean same =
                words.length == 3
                        && words[1].equals("" + root.id().inode())
                        && words[2].equals("" + root.born());
        if (!same)
            throw new IOException(
                    "a restore of another directory was cut off; mount that one first");
        return words[0];
    }

    /// The restore has ended. Durable.
    void ended() {
        doing(
                INTENT,
                () -> {
                    Files.deleteIfExists(path.resolve(INTENT));
                    OwnFiles.force(path.resolve(PRIVATE));
                });
    }

    /// What was there before a restore need not be known any more.
    void forgetUndo() {
        doing(
                UNDO,
                () -> {
                    // It is still there if it could not be made durable.
                    Files.deleteIfExists(path.resolve(INTENT));
                    remove(UNDO);
                });
    }

    private void replace(String file, String text) {
        doing(file, () -> OwnFiles.replace(path.resolve(file), text));
    }

    private void remove(String directory) throws IOException {
        OwnFiles.remove(path.resolve(directory));
    }

    /// Which inodes came anew for which when snapshots were restored.
    Numbers numbers() {
        try {
            return Numbers.parse(Files.readString(path.resolve(NUMBERS)));
        } catch (NoSuchFileException e) {
            return Numbers.parse("");
        } catch (IOException | NumberFormatException e) {
            LOG.warn("numbers of inodes that were restored cannot be read: {}", e.toString());
            return Numbers.parse("");
        }
    }

    void setNumbers(Numbers numbers) {
        replace(NUMBERS, numbers.text());
    }

    /// Makes everything in it durable.
    void sync() {
        try (var open = opened(false, Linux::openToRead)) {
            Linux.syncfs(open.number());
        }
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private void doing(String what, Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw failure(what, e);
        }
    }

    @Override
    public void close() {
        lock.close();
        fs.descriptors.end(top);
    }
}
