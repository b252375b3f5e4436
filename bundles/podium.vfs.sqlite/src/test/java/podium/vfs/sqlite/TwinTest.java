package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.syscall.ErrnoException;
import podium.testkit.Trees;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.Snapshots;
import podium.vfs.store.StoreFileSystemType;

/// Two backends that have nothing in common do the same: the same random calls on a store and on a
/// database give the same answers and the same trees, mounted again and after crashes, too.
/// `-Dpodium.seed` repeats a run, `-Dpodium.calls` makes it longer.
class TwinTest {

    private static final int NAMES = 6;
    private static final String RESTORED = " restored";

    @TempDir Path directory;

    /// One of the twins. A crash is what a copy of its files, made while it was mounted, shows.
    private final class Twin {

        private final FileSystemType type;
        private Path source;
        private FileSystem fs;
        private int crashes;

        Twin(FileSystemType type) throws MountException {
            this.type = type;
            source = directory.resolve(type.name());
            fs = mount();
        }

        private FileSystem mount() throws MountException {
            return type.create(MountSpec.of("/", type.name(), source.toString()));
        }

        void reopen() throws MountException {
            fs.close();
            fs = mount();
        }

        /// Goes on with what was durable.
        void crash() throws Exception {
            fs.sync();
            var copy = directory.resolve(type.name() + ++crashes);
            try (var files = Files.walk(directory)) {
                for (var path : files.toList()) {
                    var name = directory.relativize(path).toString();
                    var own = directory.relativize(source).toString();
                    boolean mine =
                            name.equals(own)
                                    || name.startsWith(own + "/")
                                    || name.equals(own + "-wal");
                    if (!mine) continue;
                    var to = directory.resolve(copy.getFileName() + name.substring(own.length()));
                    Files.copy(path, to);
                }
            }
            fs.close();
            source = copy;
            fs = mount();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void bothDoTheSame(int run) throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime()) + run;
        int calls = Integer.getInteger("podium.calls", 1500);
        var store = new Twin(new StoreFileSystemType());
        var database = new Twin(new SqliteFileSystemType());
        var twins = List.of(store, database);
        var random = new Random(seed);
        var said = new ArrayList<String>();
        boolean restored = false;
        try {
            for (int i = 0; i < calls; i++) {
                long call = random.nextLong();
                var answers = new ArrayList<String>();
                for (var twin : twins) answers.add(answer(twin, new Random(call)));
                said.add(answers.getFirst());
                var when = "call %d, podium.seed=%d: %s".formatted(i, seed - run, tail(said));
                assertEquals(answers.getFirst(), answers.getLast(), when);
                restored |= answers.getFirst().contains(RESTORED);
                if (random.nextInt(100) == 0) again(twins, random.nextBoolean());
                if (i % 50 == 49)
                    assertEquals(shape(store.fs, restored), shape(database.fs, restored), when);
            }
        } finally {
            for (var twin : twins) twin.fs.close();
        }
        for (var twin : twins) {
            var lines = new ArrayList<String>();
            var spec = MountSpec.of("/", twin.type.name(), twin.source.toString());
            assertEquals(0, twin.type.check(spec, false, lines::add).problems(), lines::toString);
        }
    }

    /// Of the tree, and of all its snapshots. Where a directory that was no more has come back,
    /// what cookies begin with again is the backend's.
    private static String shape(FileSystem fs, boolean restored) {
        var text = new StringBuilder(Trees.shape(fs));
        var snapshots = Objects.requireNonNull(fs.snapshots());
        for (var one : snapshots.list())
            try (var then = snapshots.open(one.name())) {
                text.append(one.name()).append('\n').append(Trees.shape(then));
            }
        return restored ? text.toString().replaceAll(" \\d+/", "/") : text.toString();
    }

    private static String tail(List<String> said) {
        return String.join("\n", said.subList(Math.max(0, said.size() - 20), said.size()));
    }

    private static void again(List<Twin> twins, boolean crash) throws Exception {
        for (var twin : twins)
            if (crash) twin.crash();
            else twin.reopen();
    }

    private static String answer(Twin twin, Random random) {
        var said = new StringBuilder();
        try {
            call(twin.fs, random, said);
        } catch (ErrnoException e) {
            said.append(' ').append(e.errno());
        }
        return said.toString();
    }

    private static Node.Directory directory(FileSystem fs, Random random, StringBuilder said) {
        var at = fs.root();
        for (int depth = random.nextInt(3); depth > 0; depth--) {
            var name = name(random);
            if (at.lookup(name) instanceof Node.Directory below) {
                at = below;
                said.append(name).append('/');
            }
        }
        return at;
    }

    private static String name(Random random) {
        return "n" + random.nextInt(NAMES);
    }

    private static void call(FileSystem fs, Random random, StringBuilder said) {
        var directory = directory(fs, random, said);
        var name = name(random);
        said.append(name).append(' ');
        int kind = random.nextInt(25);
        said.append(kind);
        switch (kind) {
            case 0, 1, 2 -> directory.create(name, random.nextInt(01000), 1, 2);
            case 3, 4 -> directory.createDirectory(name, 0755, 3, 4);
            case 5 -> directory.createLink(name, "to" + random.nextInt(100), 5, 6);
            case 6 -> directory.createSpecial(name, Mode.FIFO | 0600, 0, 0, 0);
            case 7 -> directory.unlink(name);
            case 8 -> directory.removeDirectory(name);
            case 9, 10 -> rename(fs, directory, name, random, said);
            case 11 -> link(fs, directory, name, random, said);
            case 24 -> onSnapshots(Objects.requireNonNull(fs.snapshots()), random, said);
            default -> {
                var node = directory.lookup(name);
                if (node instanceof Node.Regular file) onFile(file, kind, random, said);
                else if (node != null) node.change(AttributeChange.mode(random.nextInt(07777)));
            }
        }
    }

    /// The VFS sees to it that no directory moves below itself.
    private static void rename(
            FileSystem fs, Node.Directory from, String name, Random random, StringBuilder said) {
        boolean exchange = random.nextInt(4) == 0;
        var to = directory(fs, random, said);
        var newName = name(random);
        var node = from.lookup(name);
        var other = to.lookup(newName);
        if (isAbove(node, to) || exchange && isAbove(other, from)) return;
        from.rename(name, to, newName, exchange);
    }

    private static boolean isAbove(Node node, Node.Directory below) {
        if (!(node instanceof Node.Directory directory)) return false;
        if (directory.equals(below)) return true;
        for (var entry : directory.entries(0, 100))
            if (isAbove(directory.lookup(entry.name()), below)) return true;
        return false;
    }

    private static void link(
            FileSystem fs, Node.Directory from, String name, Random random, StringBuilder said) {
        var node = from.lookup(name);
        var to = directory(fs, random, said);
        if (node != null) to.link(name(random), node);
    }

    private static void onSnapshots(Snapshots snapshots, Random random, StringBuilder said) {
        var name = name(random);
        switch (random.nextInt(5)) {
            case 0, 1 -> snapshots.take(name);
            case 2, 3 -> {
                snapshots.restore(name);
                said.append(RESTORED);
            }
            default -> snapshots.delete(name);
        }
        for (var one : snapshots.list())
            said.append(' ')
                    .append(one.name())
                    .append(one.inodes())
                    .append('/')
                    .append(one.bytes());
    }

    private static void onFile(Node.Regular file, int kind, Random random, StringBuilder said) {
        long position = random.nextInt(4) == 0 ? random.nextInt(1 << 20) : random.nextInt(50_000);
        int length = 1 + random.nextInt(random.nextInt(5) == 0 ? 100_000 : 500);
        switch (kind) {
            case 12, 13, 14, 15 -> said.append(file.write(bytes(random, length), position));
            case 16, 17 -> said.append(file.append(bytes(random, length)));
            case 18 -> file.truncate(position);
            case 19 -> file.allocate(random.nextInt(2), position, length);
            case 20 -> file.allocate(3, position, length);
            case 21 -> said.append(file.seek(position, random.nextBoolean()));
            case 22 -> file.change(AttributeChange.owner(random.nextInt(9), null));
            default -> {
                var buffer = ByteBuffer.allocate(length);
                int count = file.read(buffer, position);
                said.append(count).append(' ').append(java.util.Arrays.hashCode(buffer.array()));
                said.append(' ').append(file.attributes().blocks());
            }
        }
    }

    private static ByteBuffer bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
