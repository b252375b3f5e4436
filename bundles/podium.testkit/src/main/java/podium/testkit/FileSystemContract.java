package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import podium.engine.ModuleSource;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.FileSystem.Capability;
import podium.vfs.Mode;
import podium.vfs.Node;

/// What every writable backend promises ([Node], [FileSystem]); for others, see
/// [ReadOnlyFileSystemContract]. A backend's test is a subclass with
/// [#create]. Capabilities that a backend does not claim are not asked for.
public abstract class FileSystemContract {

    private FileSystem fs;
    private Node.Directory root;

    /// A new, empty file system.
    protected abstract FileSystem create() throws Exception;

    @BeforeEach
    void open() throws Exception {
        fs = create();
        root = fs.root();
    }

    @AfterEach
    void close() {
        fs.close();
    }

    @Test
    void theRootIsADirectory() {
        var attributes = root.attributes();
        assertEquals(Mode.DIRECTORY, Mode.type(attributes.mode()));
        assertTrue(attributes.links() >= 2, "links: " + attributes.links());
        assertEquals(root, fs.root());
        assertTrue(fs.capabilities().contains(Capability.WRITE));
    }

    @Test
    void aNameThatIsNotThereIsNull() {
        assertNull(root.lookup("none"));
    }

    @Test
    void aNewFileIsEmptyAndItsOwners() {
        var file = root.create("f", 0640, 12, 34);
        var attributes = file.attributes();
        assertEquals(Mode.REGULAR | 0640, attributes.mode());
        if (can(Capability.OWNERS))
            assertEquals("12 34", attributes.uid() + " " + attributes.gid());
        assertEquals(0, attributes.size());
        assertEquals(1, attributes.links());
        assertEquals(file, root.lookup("f"));
        assertEquals(attributes.inode(), node("f").attributes().inode());
        fails(Errno.EEXIST, () -> root.create("f", 0644, 0, 0));
        fails(Errno.EEXIST, () -> root.createDirectory("f", 0755, 0, 0));
    }

    @Test
    void inodeNumbersDiffer() {
        var numbers = new HashSet<Long>();
        for (int i = 0; i < 100; i++)
            numbers.add(root.create("f" + i, 0644, 0, 0).attributes().inode());
        numbers.add(root.attributes().inode());
        assertEquals(101, numbers.size());
    }

    @Test
    void directoriesCountTheirSubdirectories() {
        int before = root.attributes().links();
        var directory = root.createDirectory("d", 0750, 0, 0);
        assertEquals(Mode.DIRECTORY | 0750, directory.attributes().mode());
        assertEquals(2, directory.attributes().links());
        assertEquals(before + 1, root.attributes().links());
        directory.createDirectory("e", 0755, 0, 0);
        assertEquals(3, directory.attributes().links());
        fails(Errno.ENOTEMPTY, () -> root.removeDirectory("d"));
        directory.removeDirectory("e");
        root.removeDirectory("d");
        assertEquals(before, root.attributes().links());
        assertNull(root.lookup("d"));
    }

    @Test
    void aRemovedDirectoryTakesNothing() {
        var directory = root.createDirectory("d", 0755, 0, 0);
        var file = root.create("f", 0644, 0, 0);
        root.removeDirectory("d");
        fails(Errno.ENOENT, () -> directory.create("x", 0644, 0, 0));
        fails(Errno.ENOENT, () -> directory.createDirectory("x", 0755, 0, 0));
        fails(Errno.ENOENT, () -> root.rename("f", directory, "x", false));
        if (can(Capability.SYMBOLIC_LINKS))
            fails(Errno.ENOENT, () -> directory.createLink("x", "y", 0, 0));
        if (can(Capability.HARD_LINKS)) fails(Errno.ENOENT, () -> directory.link("x", file));
        assertEquals(List.of(), directory.entries(0, 10));
    }

    @Test
    void removingTheWrongKindFails() {
        root.createDirectory("d", 0755, 0, 0);
        root.create("f", 0644, 0, 0);
        fails(Errno.EISDIR, () -> root.unlink("d"));
        fails(Errno.ENOTDIR, () -> root.removeDirectory("f"));
        fails(Errno.ENOENT, () -> root.unlink("none"));
        fails(Errno.ENOENT, () -> root.removeDirectory("none"));
    }

    @Test
    void symbolicLinksKeepTheirText() {
        assumeTrue(can(Capability.SYMBOLIC_LINKS));
        var text = "../" + "x".repeat(4000) + "/ä";
        var link = root.createLink("l", text, 0, 0);
        assertEquals(text, link.target());
        assertEquals(text, assertInstanceOf(Node.Link.class, node("l")).target());
        assertEquals(Mode.LINK, Mode.type(link.attributes().mode()));
        assertEquals(text.length() + 1, link.attributes().size());
        root.unlink("l");
    }

    @Test
    void specialFilesKeepTypeAndNumber() {
        assumeTrue(can(Capability.SPECIAL_FILES));
        root.createSpecial("p", Mode.FIFO | 0600, 0, 0, 0);
        root.createSpecial("c", Mode.CHARACTER | 0666, 0x0105, 0, 0);
        assertEquals(Mode.FIFO | 0600, node("p").attributes().mode());
        assertEquals(0x0105, node("c").attributes().device());
        assertInstanceOf(Node.Special.class, node("c"));
    }

    @Test
    void hardLinksAreOneInode() {
        assumeTrue(can(Capability.HARD_LINKS));
        var file = root.create("a", 0644, 0, 0);
        var directory = root.createDirectory("d", 0755, 0, 0);
        directory.link("b", file);
        assertEquals(file, directory.lookup("b"));
        assertEquals(2, file.attributes().links());
        fails(Errno.EEXIST, () -> directory.link("b", file));
        fails(Errno.EPERM, () -> root.link("x", directory));
        write(file, 0, "both");
        root.unlink("a");
        assertEquals(1, file.attributes().links());
        assertEquals("both", text((Node.Regular) found(directory, "b")));
        directory.unlink("b");
        assertEquals(0, file.attributes().links());
        fails(Errno.ENOENT, () -> root.link("x", file));
    }

    @Test
    void anOpenFileOutlivesItsName() {
        var file = root.create("f", 0644, 0, 0);
        file.opened();
        write(file, 0, "still here");
        root.unlink("f");
        assertNull(root.lookup("f"));
        assertEquals(0, file.attributes().links());
        assertEquals("still here", text(file));
        write(file, 10, "!");
        assertEquals("still here!", text(file));
        file.released();
    }

    @Test
    void anUnnamedFileCanGetAName() {
        Node.Regular file;
        try {
            file = root.createUnnamed(0600, 0, 0);
        } catch (ErrnoException e) {
            assertEquals(Errno.EOPNOTSUPP, e.errno());
            return;
        }
        file.opened();
        write(file, 0, "text");
        assertEquals(0, file.attributes().links());
        root.link("named", file);
        file.released();
        assertEquals("text", text((Node.Regular) node("named")));
    }

    @Test
    void renamingReplaces() {
        var a = root.create("a", 0644, 0, 0);
        var b = root.create("b", 0644, 0, 0);
        b.opened();
        write(b, 0, "old");
        root.rename("a", root, "b", false);
        assertNull(root.lookup("a"));
        assertEquals(a, root.lookup("b"));
        assertEquals("old", text(b));
        assertEquals(0, b.attributes().links());
        b.released();
        fails(Errno.ENOENT, () -> root.rename("a", root, "c", false));
    }

    @Test
    void renamingHeedsKinds() {
        root.create("f", 0644, 0, 0);
        var empty = root.createDirectory("empty", 0755, 0, 0);
        var full = root.createDirectory("full", 0755, 0, 0);
        full.create("x", 0644, 0, 0);
        fails(Errno.EISDIR, () -> root.rename("f", root, "empty", false));
        fails(Errno.ENOTDIR, () -> root.rename("empty", root, "f", false));
        var e = assertThrows(ErrnoException.class, () -> root.rename("empty", root, "full", false));
        assertTrue(e.errno() == Errno.ENOTEMPTY || e.errno() == Errno.EEXIST, e.toString());
        root.rename("full", root, "empty", false);
        assertEquals(full, root.lookup("empty"));
        assertNotEquals(empty, root.lookup("empty"));
        assertNotNull(full.lookup("x"));
    }

    @Test
    void movingADirectoryMovesItsLink() {
        var from = root.createDirectory("from", 0755, 0, 0);
        var to = root.createDirectory("to", 0755, 0, 0);
        var moved = from.createDirectory("d", 0755, 0, 0);
        moved.create("f", 0644, 0, 0);
        from.rename("d", to, "e", false);
        assertEquals(2, from.attributes().links());
        assertEquals(3, to.attributes().links());
        assertEquals(moved, to.lookup("e"));
        assertNotNull(moved.lookup("f"));
    }

    @Test
    void renamingOneInodeOntoItselfDoesNothing() {
        assumeTrue(can(Capability.HARD_LINKS));
        var file = root.create("a", 0644, 0, 0);
        root.link("b", file);
        root.rename("a", root, "b", false);
        root.rename("a", root, "a", false);
        assertEquals(file, root.lookup("a"));
        assertEquals(2, file.attributes().links());
    }

    @Test
    void exchangingSwaps() {
        var file = root.create("f", 0644, 0, 0);
        var directory = root.createDirectory("d", 0755, 0, 0);
        var inner = directory.createDirectory("e", 0755, 0, 0);
        try {
            root.rename("f", directory, "e", true);
        } catch (ErrnoException e) {
            assertEquals(Errno.EINVAL, e.errno());
            return;
        }
        assertEquals(inner, root.lookup("f"));
        assertEquals(file, directory.lookup("e"));
        assertEquals(2, directory.attributes().links());
        fails(Errno.ENOENT, () -> root.rename("f", root, "none", true));
    }

    @Test
    void namesAreBytes() {
        assumeTrue(can(Capability.ARBITRARY_NAMES));
        var names =
                List.of(
                        "\n",
                        " ",
                        "\\",
                        "*",
                        "ä",
                        "a\u0308",
                        "\udc80\udcff",
                        "x".repeat(255),
                        "-rf");
        for (var name : names) root.create(name, 0644, 0, 0);
        for (var name : names) assertNotNull(root.lookup(name), name);
        assertEquals(new HashSet<>(names), new HashSet<>(Directories.names(root, 3)));
        if (can(Capability.CASE_SENSITIVE)) assertNull(root.lookup("X".repeat(255)));
    }

    @Test
    void entriesComeOnceEach() {
        for (int i = 0; i < 1000; i++) root.create("f" + i, 0644, 0, 0);
        root.createDirectory("d", 0755, 0, 0);
        for (int limit : new int[] {1, 7, 64, 5000}) {
            var names = Directories.names(root, limit);
            assertEquals(1001, names.size());
            assertEquals(1001, new HashSet<>(names).size());
        }
        for (var entry : root.entries(0, 5000)) {
            assertEquals(entry.inode(), node(entry.name()).attributes().inode());
            assertEquals(entry.type(), Mode.type(node(entry.name()).attributes().mode()));
            assertTrue(entry.cookie() > 0);
        }
    }

    @Test
    void entriesAreStableWhileOthersComeAndGo() {
        var random = new Random(7);
        for (int i = 0; i < 500; i++) root.create("stays" + i, 0644, 0, 0);
        for (int i = 0; i < 500; i++) root.create("goes" + i, 0644, 0, 0);
        var seen = new ArrayList<String>();
        long cookie = 0;
        for (int round = 0; ; round++) {
            var some = root.entries(cookie, 5);
            if (some.isEmpty()) break;
            for (var entry : some) if (entry.name().startsWith("stays")) seen.add(entry.name());
            cookie = some.getLast().cookie();
            if (round < 100) {
                root.create("new" + round, 0644, 0, 0);
                int gone = random.nextInt(500);
                if (root.lookup("goes" + gone) != null) root.unlink("goes" + gone);
            }
        }
        assertEquals(500, seen.size());
        assertEquals(500, new HashSet<>(seen).size());
    }

    @Test
    void readingAndWritingAtPositions() {
        var file = root.create("f", 0644, 0, 0);
        assertEquals(0, file.read(ByteBuffer.allocate(10), 0));
        write(file, 0, "hello");
        write(file, 3, "p!");
        assertEquals("help!", text(file));
        assertEquals(0, file.read(ByteBuffer.allocate(10), 5));
        assertEquals(0, file.read(ByteBuffer.allocate(10), Long.MAX_VALUE));
        var buffer = ByteBuffer.allocate(10);
        assertEquals(2, file.read(buffer, 3));
        assertEquals(2, buffer.position());
        assertEquals(10, buffer.limit());
        assertEquals(0, file.write(ByteBuffer.allocate(0), 3));
        assertEquals(5, file.attributes().size());
    }

    @Test
    void gapsReadAsZeros() {
        var file = root.create("f", 0644, 0, 0);
        write(file, 100_000, "x");
        assertEquals(100_001, file.attributes().size());
        var bytes = bytes(file);
        for (int i = 0; i < 100_000; i++) assertEquals(0, bytes[i], "at " + i);
        assertEquals('x', bytes[100_000]);
    }

    /// From a place in a page on where nothing was written of that, but to the page itself.
    @Test
    void whatWasNotWrittenOfAPageReadsAsZeros() {
        var file = root.create("f", 0644, 0, 0);
        write(file, 0, "x".repeat(100));
        file.sync(false);
        file.truncate(5000);
        fs.sync();
        var buffer = ByteBuffer.allocate(1000);
        assertEquals(1000, file.read(buffer, 2000));
        assertArrayEquals(new byte[1000], buffer.array());
    }

    @Test
    void truncatingForgets() {
        var file = root.create("f", 0644, 0, 0);
        write(file, 0, "x".repeat(100_000));
        file.truncate(10);
        assertEquals("x".repeat(10), text(file));
        file.truncate(70_000);
        var bytes = bytes(file);
        assertEquals(70_000, bytes.length);
        for (int i = 10; i < bytes.length; i++) assertEquals(0, bytes[i], "at " + i);
        file.truncate(0);
        assertEquals(0, file.attributes().size());
    }

    @Test
    void aDigestIsTheContentsOrNotKnown() {
        var file = root.create("f", 0644, 0, 0);
        for (int i = 0; i < 3; i++) {
            file.append(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            var content = ByteBuffer.allocate(3 * (i + 1));
            file.read(content, 0);
            var digest = file.sha256();
            if (digest != null) assertEquals(ModuleSource.sha256(content.array()), digest);
        }
    }

    @Test
    void sparseFilesCostLittle() {
        assumeTrue(can(Capability.SPARSE));
        var file = root.create("f", 0644, 0, 0);
        file.truncate(1L << 40);
        write(file, 1L << 39, "middle");
        assertEquals(1L << 40, file.attributes().size());
        assertTrue(file.attributes().blocks() < 1000, "blocks: " + file.attributes().blocks());
        long data = file.seek(0, true);
        assertTrue(data <= 1L << 39 && data > (1L << 39) - (1 << 20), "data at " + data);
        assertEquals(0, file.seek(0, false));
        long hole = file.seek(1L << 39, false);
        assertTrue(hole > 1L << 39 && hole <= (1L << 39) + (1 << 20), "hole at " + hole);
        fails(Errno.ENXIO, () -> file.seek(1L << 40, true));
        fails(Errno.ENXIO, () -> file.seek(1L << 40, false));
    }

    @Test
    void randomTransfersAgreeWithAnArray() {
        var random = new Random(42);
        var file = root.create("f", 0644, 0, 0);
        var model = new byte[300_000];
        int size = 0;
        for (int i = 0; i < 2000; i++) {
            int at = random.nextInt(250_000);
            if (random.nextInt(10) == 0) {
                file.truncate(at);
                if (at < size) java.util.Arrays.fill(model, at, size, (byte) 0);
                size = at;
            } else {
                var bytes = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 50_000 : 300)];
                random.nextBytes(bytes);
                assertEquals(bytes.length, file.write(ByteBuffer.wrap(bytes), at));
                System.arraycopy(bytes, 0, model, at, bytes.length);
                size = Math.max(size, at + bytes.length);
            }
            int from = random.nextInt(size + 1);
            var part = ByteBuffer.allocate(1 + random.nextInt(1000));
            int count = file.read(part, from);
            assertEquals(Math.min(part.capacity(), size - from), count);
            for (int k = 0; k < count; k++) assertEquals(model[from + k], part.get(k));
        }
        assertArrayEquals(java.util.Arrays.copyOf(model, size), bytes(file));
    }

    @Test
    void attributesChange() {
        assumeTrue(can(Capability.PERMISSIONS) && can(Capability.OWNERS));
        var file = root.create("f", 0644, 0, 0);
        file.change(AttributeChange.mode(04751));
        file.change(AttributeChange.owner(5, null));
        file.change(AttributeChange.times(1_000_000_001L, 2_000_000_002L));
        var now = file.attributes();
        assertEquals(Mode.REGULAR | 04751, now.mode());
        assertEquals("5 0", now.uid() + " " + now.gid());
        if (can(Capability.NANOSECONDS)) {
            assertEquals(1_000_000_001L, now.accessed());
            assertEquals(2_000_000_002L, now.modified());
        }
    }

    @Test
    void extendedAttributesAreKept() throws InterruptedException {
        assumeTrue(can(Capability.EXTENDED_ATTRIBUTES));
        var file = root.create("f", 0644, 0, 0);
        assertEquals(List.of(), file.extendedAttributes());
        assertNull(file.extendedAttribute("user.none"));
        file.setExtendedAttribute("user.none", null);
        long before = file.attributes().changed();
        long modified = file.attributes().modified();
        Thread.sleep(20);
        var value = new byte[] {0, -1, 10};
        file.setExtendedAttribute("user.a", value);
        assertTrue(file.attributes().changed() > before);
        assertEquals(modified, file.attributes().modified());
        value[0] = 5;
        assertArrayEquals(new byte[] {0, -1, 10}, file.extendedAttribute("user.a"));
        file.setExtendedAttribute("user.a", new byte[0]);
        file.setExtendedAttribute("user.\u00e4", "b".getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(new byte[0], file.extendedAttribute("user.a"));
        assertEquals(Set.of("user.a", "user.\u00e4"), Set.copyOf(file.extendedAttributes()));
        file.setExtendedAttribute("user.a", null);
        assertEquals(List.of("user.\u00e4"), file.extendedAttributes());
        assertNull(file.extendedAttribute("user.a"));
    }

    @Test
    void extendedAttributesAreTheInodes() {
        assumeTrue(can(Capability.EXTENDED_ATTRIBUTES));
        var file = root.create("f", 0644, 0, 0);
        var directory = root.createDirectory("d", 0755, 0, 0);
        for (var node : List.of(root, file, directory))
            node.setExtendedAttribute("user.of", new byte[] {(byte) node.hashCode()});
        root.rename("f", directory, "g", false);
        if (can(Capability.HARD_LINKS)) {
            root.link("h", file);
            directory.unlink("g");
            assertEquals(List.of("user.of"), node("h").extendedAttributes());
        }
        assertEquals(List.of("user.of"), file.extendedAttributes());
        assertEquals(List.of("user.of"), node("d").extendedAttributes());
        assertEquals(List.of("user.of"), root.extendedAttributes());
        assertEquals(List.of(), root.create("f", 0644, 0, 0).extendedAttributes());
    }

    @Test
    void extendedAttributesHaveAnEnd() {
        assumeTrue(can(Capability.EXTENDED_ATTRIBUTES));
        var file = root.create("f", 0644, 0, 0);
        file.setExtendedAttribute("user.kept", new byte[] {1});
        int count = 0;
        try {
            for (; count < 1000; count++)
                file.setExtendedAttribute("user." + count, new byte[1000]);
        } catch (ErrnoException e) {
            assertEquals(Errno.ENOSPC, e.errno());
        }
        assertTrue(count >= 3, count + " of 1,000 bytes");
        assertTrue(count < 1000, "without an end");
        assertArrayEquals(new byte[] {1}, file.extendedAttribute("user.kept"));
        assertEquals(count + 1, file.extendedAttributes().size());
    }

    @Test
    void changesShowInTimes() throws InterruptedException {
        var file = root.create("f", 0644, 0, 0);
        var before = file.attributes();
        var above = root.attributes();
        Thread.sleep(20);
        write(file, 0, "x");
        var written = file.attributes();
        assertTrue(written.modified() > before.modified());
        assertTrue(written.changed() > before.changed());
        Thread.sleep(20);
        file.change(AttributeChange.mode(0600));
        assertTrue(file.attributes().changed() > written.changed());
        assertEquals(written.modified(), file.attributes().modified());
        root.create("g", 0644, 0, 0);
        assertTrue(root.attributes().modified() > above.modified());
    }

    @Test
    void appendsDoNotOverlap() throws Exception {
        var file = root.create("log", 0644, 0, 0);
        together(
                4,
                worker -> {
                    var line =
                            ByteBuffer.wrap(
                                    (worker + "abcdefgh\n").getBytes(StandardCharsets.UTF_8));
                    for (int i = 0; i < 500; i++) file.append(line.duplicate());
                });
        assertEquals(4 * 500 * 10, file.attributes().size());
        for (var line : text(file).split("\n")) assertTrue(line.matches("[0-3]abcdefgh"), line);
    }

    @Test
    void oneOfManyCreatesAName() throws Exception {
        var made = new AtomicInteger();
        together(
                4,
                _ -> {
                    for (int i = 0; i < 500; i++) {
                        try {
                            root.create("f" + i, 0644, 0, 0);
                            made.incrementAndGet();
                        } catch (ErrnoException e) {
                            assertEquals(Errno.EEXIST, e.errno());
                        }
                    }
                });
        assertEquals(500, made.get());
    }

    @Test
    void renamesAreAtomic() throws Exception {
        var a = root.createDirectory("a", 0755, 0, 0);
        var b = root.createDirectory("b", 0755, 0, 0);
        a.create("f", 0644, 0, 0);
        root.create("target", 0644, 0, 0);
        together(
                4,
                worker -> {
                    for (int i = 0; i < 1000; i++) {
                        switch (worker) {
                            case 0 -> quietly(() -> a.rename("f", b, "f", false));
                            case 1 -> quietly(() -> b.rename("f", a, "f", false));
                            case 2 -> {
                                root.create("new" + i, 0644, 0, 0);
                                root.rename("new" + i, root, "target", false);
                            }
                            default -> assertNotNull(root.lookup("target"));
                        }
                    }
                });
        assertEquals(1, Directories.names(a, 10).size() + Directories.names(b, 10).size());
        assertEquals(3, Directories.names(root, 10).size());
    }

    @Test
    void statisticsMakeSense() {
        var statistics = fs.statistics();
        assertTrue(statistics.blockSize() > 0);
        assertTrue(statistics.free() <= statistics.blocks());
        assertTrue(statistics.freeFiles() <= statistics.files());
        fs.sync();
    }

    private boolean can(Capability capability) {
        return fs.capabilities().contains(capability);
    }

    private Node node(String name) {
        return found(root, name);
    }

    private static Node found(Node.Directory directory, String name) {
        @Nullable Node node = directory.lookup(name);
        assertNotNull(node, name);
        return node;
    }

    private static void write(Node.Regular file, long position, String text) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) position += file.write(bytes, position);
    }

    private static String text(Node.Regular file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Node.Regular file) {
        var buffer = ByteBuffer.allocate((int) file.attributes().size());
        assertEquals(buffer.capacity(), file.read(buffer, 0));
        return buffer.array();
    }

    private static void fails(Errno errno, Executable call) {
        assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
    }

    private static void quietly(Runnable call) {
        try {
            call.run();
        } catch (ErrnoException e) {
            assertEquals(Errno.ENOENT, e.errno());
        }
    }

    private interface Work {
        void run(int worker);
    }

    private static void together(int workers, Work work) throws Exception {
        try (var pool = Executors.newFixedThreadPool(workers)) {
            var calls = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < workers; i++) {
                int worker = i;
                calls.add(
                        () -> {
                            work.run(worker);
                            return true;
                        });
            }
            for (var done : pool.invokeAll(calls)) assertTrue(done.get());
        }
    }
}
