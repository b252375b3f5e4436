package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// The same random operations on an overlay and on a plain file system that begins with the same
/// tree
/// give the same results and the same tree; and threads at once lose nothing.
class OverlayHammerTest {

    private static final int SEEDS = Integer.getInteger("podium.hammer.seeds", 60);
    private static final int STEPS = 400;
    private static final int ROUNDS = Integer.getInteger("podium.hammer.rounds", 5_000);

    /// Two lower layers, and one file system with what they show together.
    private static List<FileSystem> lowers(Random random) throws Exception {
        var bottom = Layers.memory();
        fill(bottom.root(), random, 3);
        var middle = new OverlayFileSystem(Layers.memory(), List.of(bottom));
        for (int i = 0; i < 60; i++) step(middle, random, new ArrayList<>());
        return List.of(middle);
    }

    static void fill(Node.Directory in, Random random, int depth) {
        for (int i = 0; i < 5; i++) {
            var name = "n" + i;
            switch (random.nextInt(depth > 0 ? 5 : 3)) {
                case 0 -> Layers.file(in, name, "text " + random.nextInt(100));
                case 1 -> in.createLink(name, "n" + random.nextInt(5), 0, 0);
                case 2 -> {
                    if (in.lookup("n0") instanceof Node.Regular file) in.link(name, file);
                }
                default -> fill(in.createDirectory(name, 0755, 0, 0), random, depth - 1);
            }
        }
    }

    @Test
    void anOverlayDoesAsAPlainFileSystemDoes() throws Exception {
        long first = Long.getLong("podium.random.seed", System.nanoTime());
        for (long seed = first; seed < first + SEEDS; seed++) {
            try {
                compare(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("podium.random.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static void compare(long seed) throws Exception {
        var plain = Layers.memory();
        fill(plain.root(), new Random(seed), 3);
        var lower = Layers.memory();
        fill(lower.root(), new Random(seed), 3);
        var upper = Layers.memory();
        var one = new Random(seed);
        var other = new Random(seed);
        Map<String, Long> numbers = null;
        for (int mount = 0; mount < 4; mount++) {
            var overlay = new OverlayFileSystem(upper, List.of(lower));
            assertSame(plain, overlay);
            if (numbers != null) assertEquals(numbers, Layers.numbers(overlay));
            compare(plain, one, overlay, other);
            numbers = Layers.numbers(overlay);
        }
    }

    /// Takes the same steps on both.
    private static void compare(FileSystem plain, Random one, FileSystem overlay, Random other) {
        List<Node.Regular> open = new ArrayList<>();
        List<Node.Regular> alike = new ArrayList<>();
        for (int i = 0; i < STEPS / 4; i++) {
            assertEquals(step(plain, one, open), step(overlay, other, alike), "step " + i);
            if (i % 20 == 0) assertSame(plain, overlay);
        }
        for (int i = 0; i < open.size(); i++) {
            assertEquals(Layers.text(open.get(i)), Layers.text(alike.get(i)));
            assertEquals(open.get(i).attributes().links(), alike.get(i).attributes().links());
            open.get(i).released();
            alike.get(i).released();
        }
        assertSame(plain, overlay);
    }

    /// Says what is different, not what is there.
    static void assertSame(FileSystem plain, FileSystem overlay) {
        var expected = Layers.shape(plain).entrySet();
        var actual = Layers.shape(overlay).entrySet();
        var missing = new TreeSet<String>();
        for (var entry : expected) if (!actual.contains(entry)) missing.add("- " + entry);
        for (var entry : actual) if (!expected.contains(entry)) missing.add("+ " + entry);
        assertEquals(Set.of(), missing);
    }

    private static String name(Random random) {
        return "n" + random.nextInt(6);
    }

    /// A directory somewhere in the tree.
    private static Node.Directory directory(FileSystem fs, Random random) {
        var at = fs.root();
        for (int depth = random.nextInt(4); depth > 0; depth--)
            if (at.lookup(name(random)) instanceof Node.Directory below) at = below;
        return at;
    }

    /// Does something.
    ///
    /// @param open files that are open
    /// @return what came of it
    static String step(FileSystem fs, Random random, List<Node.Regular> open) {
        int what = random.nextInt(13);
        var in = directory(fs, random);
        var to = directory(fs, random);
        var name = name(random);
        var other = name(random);
        int number = random.nextInt(1000);
        try {
            return what + " " + result(what, in, name, to, other, number, open);
        } catch (ErrnoException e) {
            return what + " " + e.errno();
        }
    }

    private static @Nullable Object result(
            int what,
            Node.Directory in,
            String name,
            Node.Directory to,
            String other,
            int number,
            List<Node.Regular> open) {
        var there = in.lookup(name);
        switch (what) {
            case 0 -> in.create(name, 0600 + number % 64, 0, 0);
            case 1 -> in.createDirectory(name, 0700 + number % 64, 0, 0);
            case 2 -> in.createLink(name, other, 0, 0);
            case 3 -> in.unlink(name);
            case 4 -> in.removeDirectory(name);
            case 5, 6 -> rename(in, name, to, other, number % 3 == 0);
            case 7 -> {
                if (there != null) to.link(other, there);
            }
            case 8 -> {
                if (there instanceof Node.Regular file) return append(file, "" + number);
            }
            case 9 -> {
                if (there instanceof Node.Regular file) file.truncate(number % 10);
            }
            case 10 -> {
                if (there != null) there.change(AttributeChange.mode(number % 512));
            }
            case 11 -> {
                if (there instanceof Node.Regular file && open.size() < 20) {
                    file.opened();
                    open.add(file);
                }
            }
            default -> {
                if (!open.isEmpty()) return append(open.get(number % open.size()), "o" + number);
            }
        }
        return in.attributes().links();
    }

    private static long append(Node.Regular file, String text) {
        return file.append(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /// The VFS moves no directory below itself, nor over one it is in.
    private static void rename(
            Node.Directory in, String name, Node.Directory to, String other, boolean exchange) {
        var moved = in.lookup(name);
        var there = to.lookup(other);
        if (moved instanceof Node.Directory directory && contains(directory, to)) return;
        if (there instanceof Node.Directory directory && contains(directory, in)) return;
        in.rename(name, to, other, exchange);
    }

    private static boolean contains(Node.Directory top, Node.Directory what) {
        if (top.equals(what)) return true;
        for (var entry : top.entries(0, 100))
            if (top.lookup(entry.name()) instanceof Node.Directory below && contains(below, what))
                return true;
        return false;
    }

    /// The same with a lower layer that is an overlay itself.
    @Test
    void whatWasWrittenIsReadThroughAnotherOverlay() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            var below = lowers(new Random(seed));
            var before = Layers.shape(below.getFirst());
            try (var fs = new OverlayFileSystem(Layers.memory(), below)) {
                assertEquals(before, Layers.shape(fs));
                var random = new Random(seed);
                for (int i = 0; i < STEPS; i++) step(fs, random, new ArrayList<>());
                Layers.shape(fs);
                assertEquals(before, Layers.shape(below.getFirst()));
            }
        }
    }

    /// Threads append to files of a lower layer, that others rename, link, and remove names of.
    @Test
    void threadsLoseNothing() throws Exception {
        int workers = 4;
        var lower = Layers.memory();
        for (int i = 0; i < workers; i++)
            Layers.file(lower.root().createDirectory("d" + i, 0755, 0, 0), "f", "");
        try (var fs = new OverlayFileSystem(Layers.memory(), List.of(lower));
                var pool = Executors.newFixedThreadPool(workers)) {
            var appended = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                var random = new Random(worker);
                all.add(
                        pool.submit(
                                () -> {
                                    for (int i = 0; i < ROUNDS; i++) act(fs, random, appended);
                                    return null;
                                }));
            }
            for (var one : all) one.get();
            long size = 0;
            for (var what : Layers.shape(fs).entrySet())
                if (what.getKey().endsWith("f")) size += what.getValue().split(" ", 3)[2].length();
            assertEquals(appended.get(), size);
            assertTrue(size > ROUNDS / 10, "appended: " + size);
        }
    }

    private static void act(FileSystem fs, Random random, AtomicInteger appended) {
        var from = "d" + random.nextInt(4);
        var to = "d" + random.nextInt(4);
        try {
            if (!(fs.root().lookup(from) instanceof Node.Directory in)) return;
            switch (random.nextInt(5)) {
                case 0 -> fs.root().rename(from, fs.root(), to, true);
                case 1 -> {
                    if (!(fs.root().lookup(to) instanceof Node.Directory other)) return;
                    if (other != in) in.rename("f", other, "f", true);
                }
                case 2 -> in.create("x" + random.nextInt(3), 0644, 0, 0);
                case 3 -> in.unlink("x" + random.nextInt(3));
                default -> {
                    if (!(in.lookup("f") instanceof Node.Regular file)) return;
                    file.opened();
                    append(file, "x");
                    appended.incrementAndGet();
                    file.released();
                }
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.EEXIST) throw e;
        }
    }
}
