package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static podium.testkit.Backends.content;
import static podium.testkit.Backends.fails;
import static podium.testkit.Backends.file;
import static podium.testkit.Backends.random;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.FileSystem.Capability;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;

/// What every backend promises that keeps snapshots of itself ([FileSystem#snapshots]).
public abstract class SnapshotContract {

    private static final int SIZE = 200_000;

    private FileSystem fs;
    private Snapshots snapshots;

    /// An empty file system with room for some megabytes and a thousand inodes at least.
    protected abstract FileSystem create() throws Exception;

    /// The same tree after the file system was closed and opened again; for one that does not last,
    /// the same file system.
    protected FileSystem reopen(FileSystem fs) throws Exception {
        return fs;
    }

    /// Whether entries stand in the order in which they were made, in places that outlive a mount.
    protected boolean isOrdered() {
        return true;
    }

    /// A tree written down, as far as restoring promises it.
    protected String text(FileSystem fs) {
        return isOrdered() ? Trees.text(fs) : Trees.sorted(fs);
    }

    /// Whether its inodes have numbers that it gives itself: what was removed, and is restored, has
    /// the one that it had. Not so in a directory of the host.
    protected boolean givesNumbers() {
        return true;
    }

    /// Whether its statistics are about all that snapshots hold, and about nothing else.
    protected boolean countsSpace() {
        return true;
    }

    /// An extended attribute of a directory, of a namespace that it keeps.
    protected String attribute() {
        return "trusted.d";
    }

    private boolean can(Capability capability) {
        return fs.capabilities().contains(capability);
    }

    @BeforeEach
    void open() throws Exception {
        use(create());
    }

    private void use(FileSystem opened) {
        fs = opened;
        snapshots = Objects.requireNonNull(fs.snapshots());
    }

    @AfterEach
    void close() {
        fs.close();
    }

    private void again() throws Exception {
        use(reopen(fs));
    }

    private Node.Directory root() {
        return fs.root();
    }

    /// A snapshot's tree, written down.
    private String tree(String name) {
        try (var then = snapshots.open(name)) {
            return text(then);
        }
    }

    private List<String> names() {
        return snapshots.list().stream().map(Snapshot::name).toList();
    }

    private Snapshot snapshot(String name) {
        for (var one : snapshots.list()) if (one.name().equals(name)) return one;
        throw new AssertionError("no snapshot " + name);
    }

    private Node.Directory directory(String name) {
        return (Node.Directory) Objects.requireNonNull(root().lookup(name));
    }

    /// A tree with something of every kind.
    private void plant() {
        var d = root().createDirectory("d", 0755, 1, 2);
        var f = file(fs, "f", random(SIZE, 1));
        file(fs, "g", random(5000, 2));
        file(fs, "empty", new byte[0]);
        d.createDirectory("deep", 01777, 3, 4).link("hard", f);
        d.createLink("l", "../f", 0, 0);
        root().createSpecial("p", Mode.FIFO | 0600, 0, 0, 0);
        if (can(Capability.SPECIAL_FILES))
            root().createSpecial("null", Mode.CHARACTER | 0666, 0x0103, 0, 0);
        else root().createSpecial("null", Mode.SOCKET | 0666, 0, 0, 0);
        var sparse = root().create("sparse", 0644, 0, 0);
        sparse.truncate(1 << 22);
        sparse.write(ByteBuffer.wrap(random(10_000, 3)), 1 << 21);
        f.setExtendedAttribute("user.a", new byte[] {1, 2});
        d.setExtendedAttribute(attribute(), new byte[300]);
        f.change(change(04751, 11, 22, 5L, 1_234_567_890_123_456_789L));
    }

    private AttributeChange change(
            @Nullable Integer mode, int uid, int gid, long accessed, long modified) {
        return can(Capability.OWNERS)
                ? new AttributeChange(mode, uid, gid, accessed, modified)
                : new AttributeChange(mode, null, null, accessed, modified);
    }

    /// Changes of every kind, each of something [#plant] has made.
    private List<Runnable> changes() {
        var f = file(fs, "f");
        var g = file(fs, "g");
        var sparse = file(fs, "sparse");
        var d = directory("d");
        return List.of(
                () -> f.write(ByteBuffer.wrap(random(10, 9)), 4090),
                () -> f.write(ByteBuffer.wrap(random(100_000, 9)), 50_000),
                () -> f.append(ByteBuffer.wrap(random(70_000, 8))),
                () -> f.truncate(4097),
                () -> f.truncate(SIZE),
                () -> g.truncate(1 << 20),
                () -> g.allocate(0, 0, 3 << 20),
                () -> g.allocate(3, 4096, 4096),
                () -> sparse.allocate(3, 1 << 21, 1 << 20),
                () -> sparse.write(ByteBuffer.wrap(random(5000, 4)), 77),
                () -> f.change(AttributeChange.mode(0600)),
                () -> f.setExtendedAttribute("user.a", new byte[] {3}),
                () -> f.setExtendedAttribute("user.b", new byte[] {4}),
                () -> d.setExtendedAttribute(attribute(), null),
                () -> d.change(change(null, 7, 8, 1L, 2L)),
                () -> root().rename("g", d, "moved", false),
                () -> root().rename("empty", d, "l", false),
                () -> root().rename("d", root(), "f", true),
                () -> root().rename("f", root(), "e", false),
                () -> root().link("again", g),
                () -> root().unlink("p"),
                () -> d.unlink("moved"),
                () -> directory("e").createDirectory("below", 0700, 0, 0),
                () -> root().create("p", 0644, 0, 0).write(ByteBuffer.wrap(random(9, 1)), 0),
                () -> directory("e").removeDirectory("below"),
                () -> root().unlink("null"));
    }

    @Test
    void anEmptyTree() {
        assertEquals(List.of(), snapshots.list());
        var before = text(fs);
        snapshots.take("empty");
        assertEquals(before, tree("empty"));
        file(fs, "f", random(10, 1));
        snapshots.restore("empty");
        assertEquals(before, text(fs));
        assertEquals(0, snapshot("empty").bytes());
    }

    @Test
    void aSnapshotIsWhatTheTreeWas() throws Exception {
        plant();
        var before = text(fs);
        snapshots.take("one");
        assertEquals(before, text(fs));
        for (var change : changes()) {
            change.run();
            assertEquals(before, tree("one"));
        }
        again();
        assertEquals(before, tree("one"));
        try (var then = snapshots.open("one")) {
            assertFalse(then.capabilities().contains(Capability.WRITE));
            assertNull(then.snapshots());
            fails(Errno.EROFS, () -> then.root().create("x", 0644, 0, 0));
            fails(Errno.EROFS, () -> file(then, "f").truncate(0));
            var sparse = file(then, "sparse");
            assertEquals(1 << 21, sparse.seek(0, true));
            assertEquals((1 << 22) - 1, sparse.seek((1 << 22) - 1, false));
            fails(Errno.ENXIO, () -> sparse.seek(1 << 22, false));
            fails(Errno.ENXIO, () -> sparse.seek(3 << 20, true));
            assertEquals(then.root(), then.root());
            checkExtended(then);
            assertEquals(file(then, "f"), file(then, "f"));
            assertEquals(0, file(then, "g").read(ByteBuffer.allocate(1), 5000));
        }
    }

    private void checkExtended(FileSystem fs) {
        var f = file(fs, "f");
        assertEquals(List.of("user.a"), f.extendedAttributes());
        assertArrayEquals(new byte[] {1, 2}, f.extendedAttribute("user.a"));
        var d = Objects.requireNonNull(fs.root().lookup("d"));
        assertArrayEquals(new byte[300], d.extendedAttribute(attribute()));
    }

    /// One after each change, and each stays what it is, whatever becomes of the others.
    @Test
    void manySnapshots() throws Exception {
        plant();
        var known = new TreeMap<String, String>();
        int number = 0;
        for (var change : changes()) {
            var name = "s%02d".formatted(number++);
            snapshots.take(name);
            known.put(name, text(fs));
            change.run();
        }
        known.forEach((name, tree) -> assertEquals(tree, tree(name), name));
        assertEquals(new ArrayList<>(known.keySet()), names());
        again();
        assertEquals(new ArrayList<>(known.keySet()), names());
        var random = new Random(1);
        while (!known.isEmpty()) {
            var some = new ArrayList<>(known.keySet());
            var name = some.get(random.nextInt(some.size()));
            snapshots.restore(name);
            assertEquals(known.get(name), text(fs), name);
            // What is restored shares what it has with what it was restored from.
            root().create("x", 0644, 0, 0);
            if (root().lookup("f") instanceof Node.Regular file)
                file.write(ByteBuffer.wrap(random(3, 3)), 1000);
            snapshots.delete(some.get(random.nextInt(some.size())));
            known.keySet().retainAll(names());
            known.forEach((other, tree) -> assertEquals(tree, tree(other), other));
            if (random.nextInt(4) == 0) again();
        }
        assertEquals(List.of(), names());
    }

    @Test
    void restoringIsExact() throws Exception {
        plant();
        var before = text(fs);
        snapshots.take("one");
        for (var change : changes()) change.run();
        var after = text(fs);
        snapshots.take("two");
        snapshots.restore("one");
        assertEquals(before, text(fs));
        assertEquals(List.of("one", "two"), names());
        checkExtended(fs);
        again();
        checkExtended(fs);
        assertEquals(before, text(fs));
        snapshots.restore("two");
        assertEquals(after, text(fs));
        snapshots.restore("one");
        snapshots.restore("one");
        assertEquals(before, text(fs));
        assertEquals(after, tree("two"));
        if (!givesNumbers()) return;
        // Inodes have numbers that none had, and names made now come behind the others.
        long inode = root().create("new", 0644, 0, 0).attributes().inode();
        assertFalse((before + after).contains("#" + inode + " "));
        if (!isOrdered()) return;
        var entries = root().entries(0, 1000);
        assertEquals("new", entries.getLast().name());
    }

    /// Whoever has a file open goes on with what the snapshot has of it, or with what it is.
    @Test
    void restoringUnderOpenFiles() {
        plant();
        var f = file(fs, "f");
        var g = file(fs, "g");
        f.opened();
        g.opened();
        snapshots.take("one");
        var late = file(fs, "late", random(3000, 5));
        late.opened();
        root().unlink("g");
        f.truncate(0);
        root().rename("f", root(), "other", false);
        snapshots.restore("one");
        assertEquals(f, root().lookup("f"));
        assertArrayEquals(random(SIZE, 1), content(f));
        if (givesNumbers()) assertEquals(g, root().lookup("g"));
        assertArrayEquals(random(5000, 2), content(file(fs, "g")));
        assertArrayEquals(random(5000, 2), content(g));
        assertNull(root().lookup("late"));
        assertEquals(0, late.attributes().links());
        assertArrayEquals(random(3000, 5), content(late));
        late.append(ByteBuffer.wrap(new byte[] {1}));
        assertEquals(3001, late.attributes().size());
        late.released();
        f.released();
        g.released();
        assertArrayEquals(random(SIZE, 1), content(f));
        root().unlink("g");
        assertNull(root().lookup("g"));
    }

    @Test
    void directoriesThatAreNoMoreAreRemoved() {
        plant();
        int links = directory("d").attributes().links();
        snapshots.take("one");
        var late = root().createDirectory("late", 0755, 0, 0);
        late.create("x", 0644, 0, 0);
        var d = directory("d");
        root().rename("d", late, "inside", false);
        snapshots.restore("one");
        assertEquals(d, root().lookup("d"));
        assertNotNull(d.lookup("deep"));
        assertEquals(List.of(), late.entries(0, 10));
        assertEquals(0, late.attributes().links());
        fails(Errno.ENOENT, () -> late.create("y", 0644, 0, 0));
        assertEquals(links, d.attributes().links());
    }

    /// A snapshot costs what is different from it, and gives that back.
    @Test
    void spaceIsCountedOnce() throws Exception {
        assumeTrue(countsSpace());
        plant();
        long files = fs.statistics().freeFiles();
        long free = fs.statistics().free();
        snapshots.take("one");
        snapshots.take("two");
        assertEquals(free, fs.statistics().free());
        assertEquals(files, fs.statistics().freeFiles());
        assertEquals(0, snapshot("one").own());
        assertTrue(snapshot("one").bytes() >= SIZE);
        root().unlink("g");
        file(fs, "f").truncate(0);
        sameSpace(free, files);
        assertEquals(0, snapshot("one").own());
        again();
        snapshots.delete("one");
        sameSpace(free, files);
        long own = snapshot("two").own();
        assertTrue(own >= SIZE && own <= snapshot("two").bytes(), "own " + own);
        snapshots.restore("two");
        sameSpace(free, files);
        assertEquals(0, snapshot("two").own());
        root().unlink("g");
        snapshots.delete("two");
        long block = fs.statistics().blockSize();
        assertTrue(fs.statistics().free() >= free + 5000 / block, "the snapshot's is free");
        assertEquals(files + 1, fs.statistics().freeFiles());
        file(fs, "f").truncate(0);
        root().unlink("sparse");
        directory("d").rename("l", root(), "l", false);
        assertEquals(files + 2, fs.statistics().freeFiles());
        assertTrue(fs.statistics().free() >= free + SIZE / block);
    }

    private void sameSpace(long free, long files) {
        assertEquals(free, fs.statistics().free());
        assertEquals(files, fs.statistics().freeFiles());
    }

    /// Whatever was done, nothing stays counted.
    @Test
    void nothingLeaks() {
        assumeTrue(countsSpace());
        var first = fs.statistics();
        var random = new Random(7);
        for (int i = 0; i < 300; i++) {
            var name = "f" + random.nextInt(6);
            try {
                step(random, name);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.EEXIST) throw e;
            }
        }
        for (var name : names()) snapshots.delete(name);
        for (var entry : root().entries(0, 1000)) root().unlink(entry.name());
        assertEquals(first.free(), fs.statistics().free());
        assertEquals(first.freeFiles(), fs.statistics().freeFiles());
    }

    private void step(Random random, String name) {
        var snapshot = "s" + random.nextInt(4);
        switch (random.nextInt(9)) {
            case 0 -> snapshots.take(snapshot);
            case 1 -> snapshots.restore(snapshot);
            case 2 -> snapshots.delete(snapshot);
            case 3 -> root().unlink(name);
            case 4 -> root().rename(name, root(), "f0", false);
            case 5 -> root().create(name, 0644, 0, 0);
            case 6 -> file(fs, existing(name)).truncate(random.nextInt(200_000));
            default ->
                    file(fs, existing(name))
                            .write(
                                    ByteBuffer.wrap(random(random.nextInt(90_000), 1)),
                                    random.nextInt(100_000));
        }
    }

    /// The same with files that are open, over everything, and written to.
    @Test
    void nothingLeaksOfOpenFiles() throws Exception {
        assumeTrue(countsSpace());
        long seed = Long.getLong("podium.seed", System.nanoTime());
        var first = fs.statistics();
        var random = new Random(seed);
        var open = new ArrayList<Node.Regular>();
        for (int i = 0; i < 300; i++) {
            var name = "f" + random.nextInt(6);
            try {
                if (random.nextInt(3) == 0) open(open, random, name);
                else step(random, name);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.EEXIST) throw e;
            }
        }
        for (var file : open) file.released();
        var last = fs.statistics();
        again();
        assertEquals(last.free(), fs.statistics().free(), "podium.seed=" + seed);
        assertEquals(last.freeFiles(), fs.statistics().freeFiles(), "podium.seed=" + seed);
        for (var name : names()) snapshots.delete(name);
        for (var entry : root().entries(0, 1000)) root().unlink(entry.name());
        assertEquals(first.free(), fs.statistics().free(), "podium.seed=" + seed);
        assertEquals(first.freeFiles(), fs.statistics().freeFiles(), "podium.seed=" + seed);
    }

    private void open(List<Node.Regular> open, Random random, String name) {
        switch (random.nextInt(4)) {
            case 0 -> {
                var file = random.nextInt(4) == 0 ? unnamed() : file(fs, existing(name));
                file.opened();
                open.add(file);
            }
            case 1 -> {
                if (!open.isEmpty()) open.remove(random.nextInt(open.size())).released();
            }
            default -> {
                if (open.isEmpty()) return;
                var file = open.get(random.nextInt(open.size()));
                var bytes = random(1 + random.nextInt(30_000), random.nextLong());
                int at = random.nextInt(100_000);
                file.write(ByteBuffer.wrap(bytes), at);
                var back = ByteBuffer.allocate(bytes.length);
                file.read(back, at);
                assertArrayEquals(bytes, back.array());
            }
        }
    }

    private Node.Regular unnamed() {
        return root().createUnnamed(0600, 0, 0);
    }

    private String existing(String name) {
        if (root().lookup(name) == null) throw Errno.ENOENT.exception();
        return name;
    }

    @Test
    void whatNamesAre() {
        for (var wrong : List.of("", ".a", "-a", "a/b", "a b", "ä", "a\n", "x".repeat(65)))
            fails(Errno.EINVAL, () -> snapshots.take(wrong));
        snapshots.take("A-1.2_3:4+5");
        snapshots.take("x".repeat(64));
        fails(Errno.EEXIST, () -> snapshots.take("A-1.2_3:4+5"));
        fails(Errno.ENOENT, () -> snapshots.restore("none"));
        fails(Errno.ENOENT, () -> snapshots.delete("none"));
        fails(Errno.ENOENT, () -> snapshots.open("none"));
        assertEquals(2, names().size());
        for (int i = names().size(); i < Snapshots.MOST; i++) snapshots.take("s" + i);
        fails(Errno.EDQUOT, () -> snapshots.take("one-more"));
    }

    @Test
    void whatIsOpenIsNotDeleted() {
        plant();
        snapshots.take("one");
        var then = snapshots.open("one");
        var other = snapshots.open("one");
        fails(Errno.EBUSY, () -> snapshots.delete("one"));
        snapshots.restore("one");
        file(fs, "f").truncate(0);
        assertArrayEquals(random(SIZE, 1), content(file(then, "f")));
        then.close();
        then.close();
        fails(Errno.EBUSY, () -> snapshots.delete("one"));
        other.close();
        snapshots.delete("one");
        assertEquals(List.of(), names());
    }

    /// Files that have no name are nobody's.
    @Test
    void filesWithoutANameAreLeftOut() {
        var file = root().createUnnamed(0600, 0, 0);
        file.opened();
        file.write(ByteBuffer.wrap(random(100, 1)), 0);
        var gone = file(fs, "gone", random(100, 2));
        gone.opened();
        root().unlink("gone");
        snapshots.take("one");
        assertEquals(1, snapshot("one").inodes());
        snapshots.restore("one");
        assertArrayEquals(random(100, 1), content(file));
        assertArrayEquals(random(100, 2), content(gone));
        root().link("named", file);
        file.released();
        gone.released();
        assertArrayEquals(random(100, 1), content(file(fs, "named")));
    }

    /// A disk that is full can still be made less full, and a snapshot be taken of it.
    @Test
    void whenThereIsNoRoom() {
        assumeTrue(countsSpace());
        plant();
        var fill = root().create("fill", 0600, 0, 0);
        if (fs.statistics().free() > 1 << 20) return; // One that is as large as the host's disk.
        var buffer = ByteBuffer.allocate(4096);
        for (long at = 0; ; at += 4096) {
            try {
                fill.write(buffer.clear(), at);
            } catch (ErrnoException e) {
                assertEquals(Errno.ENOSPC, e.errno());
                break;
            }
        }
        snapshots.take("full");
        var f = file(fs, "f");
        fails(Errno.ENOSPC, () -> f.write(ByteBuffer.allocate(10), 0));
        fails(Errno.ENOSPC, () -> f.write(ByteBuffer.allocate(100_000), 4096));
        assertArrayEquals(random(SIZE, 1), content(f));
        f.truncate(100);
        root().unlink("g");
        snapshots.restore("full");
        assertArrayEquals(random(SIZE, 1), content(f));
        root().unlink("fill");
        snapshots.delete("full");
        assertEquals(10, f.write(ByteBuffer.allocate(10), 0));
    }
}
