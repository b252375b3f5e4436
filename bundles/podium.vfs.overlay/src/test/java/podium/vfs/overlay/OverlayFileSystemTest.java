package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.vfs.overlay.Layers.file;
import static podium.vfs.overlay.Layers.overlay;
import static podium.vfs.overlay.Layers.shape;
import static podium.vfs.overlay.Layers.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.FileSystemContract;
import podium.testkit.ReadOnlyFileSystemContract;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;

class OverlayFileSystemTest {

    @TempDir Path folder;

    @Nested
    class MemoryOverMemory extends FileSystemContract {

        @Override
        protected FileSystem create() throws MountException {
            return overlay("upper", "memory", "lower.1", "memory");
        }
    }

    @Nested
    class MemoryOverImage extends FileSystemContract {

        @Override
        protected FileSystem create() throws MountException {
            var image = Layers.emptyImage(folder).toString();
            return overlay("upper", "memory", "lower.1", "image", "lower.1.file", image);
        }
    }

    @Nested
    class HostOverHost extends FileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            return hostOverHost();
        }
    }

    @Nested
    class MemoryOverTwo extends FileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            return overlay("upper", "memory", "lower.1", "memory", "lower.2", "memory");
        }
    }

    @Nested
    class NothingOverHost extends ReadOnlyFileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            for (var layer : List.of("one", "two")) {
                Files.createDirectories(folder.resolve(layer + "/d/" + layer));
                Files.writeString(folder.resolve(layer + "/d/f"), layer);
                Files.writeString(folder.resolve(layer + "/" + layer), layer);
            }
            return overlay(
                    "lower.1",
                    "host",
                    "lower.1.source",
                    folder.resolve("one").toString(),
                    "lower.2",
                    "host",
                    "lower.2.source",
                    folder.resolve("two").toString());
        }
    }

    private FileSystem hostOverHost() throws Exception {
        var upper = Files.createDirectories(folder.resolve("upper"));
        var lower = Files.createDirectories(folder.resolve("lower"));
        return overlay(
                "upper",
                "host",
                "upper.source",
                upper.toString(),
                "lower.1",
                "host",
                "lower.1.source",
                lower.toString());
    }

    /// An overlay over a tree that [#tree] made.
    private static FileSystem over(FileSystem lower, String... upper) throws MountException {
        return new OverlayFileSystem(Layers.memory(upper), List.of(lower));
    }

    private static FileSystem tree() throws MountException {
        var fs = Layers.memory();
        var d = fs.root().createDirectory("d", 0750, 0, 0);
        file(d, "f", "lower");
        file(d.createDirectory("e", 0755, 0, 0), "g", "deep");
        fs.root().link("hard", node(d, "f"));
        fs.root().createLink("l", "d/f", 0, 0);
        file(fs.root(), "top", "top");
        return fs;
    }

    private static Node node(Node.Directory in, String name) {
        var node = in.lookup(name);
        assertNotNull(node, name);
        return node;
    }

    private static Node.Directory directory(FileSystem fs, String name) {
        return (Node.Directory) node(fs.root(), name);
    }

    @Test
    void theLowerLayerNeverChanges() throws Exception {
        var lower = tree();
        var before = shape(lower);
        var fs = over(lower);
        var d = directory(fs, "d");
        ((Node.Regular) node(d, "f")).append(bytes("more"));
        fs.root().rename("d", fs.root(), "moved", false);
        node(fs.root(), "l").change(AttributeChange.times(1L, 1L));
        fs.root().unlink("top");
        fs.root().createDirectory("top", 0755, 0, 0);
        assertEquals(before, shape(lower));
        assertEquals(
                Map.of(
                        "/", "40755 4 ",
                        "/moved/", "40750 3 ",
                        "/moved/f", "100644 2 lowermore",
                        "/moved/e/", "40755 2 ",
                        "/moved/e/g", "100644 1 deep",
                        "/hard", "100644 2 lowermore",
                        "/l", "120777 1 d/f",
                        "/top/", "40755 2 "),
                shape(fs));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whoHasAFileOpenSeesWhatIsWrittenLater() throws Exception {
        var fs = over(tree());
        var reader = (Node.Regular) node(directory(fs, "d"), "f");
        reader.opened();
        var before = reader.attributes();
        assertEquals("lower", text(reader));
        var writer = (Node.Regular) node(directory(fs, "d"), "f");
        assertEquals(reader, writer);
        writer.write(bytes("UPPER"), 0);
        assertEquals("UPPER", text(reader));
        var after = reader.attributes();
        assertEquals(before.inode(), after.inode());
        assertEquals(before.links(), after.links());
        assertTrue(after.modified() > before.modified());
        directory(fs, "d").unlink("f");
        fs.root().unlink("hard");
        assertEquals(0, reader.attributes().links());
        assertEquals("UPPER", text(reader));
        reader.released();
    }

    @Test
    void aFileWithoutANameIsWrittenToo() throws Exception {
        var fs = over(tree());
        var file = (Node.Regular) node(fs.root(), "top");
        file.opened();
        fs.root().unlink("top");
        assertEquals(0, file.attributes().links());
        file.append(bytes("+"));
        assertEquals("top+", text(file));
        assertEquals(0, file.attributes().links());
        fails(Errno.ENOENT, () -> fs.root().link("again", file));
        long free = fs.statistics().freeFiles();
        file.released();
        assertEquals(free + 1, fs.statistics().freeFiles());
    }

    @Test
    void namesOfOneInodeStayOne() throws Exception {
        var fs = over(tree());
        var d = directory(fs, "d");
        var file = (Node.Regular) node(d, "f");
        assertEquals(2, file.attributes().links());
        file.append(bytes("+"));
        assertEquals(file, fs.root().lookup("hard"));
        assertEquals(2, file.attributes().links());
        fs.root().link("third", file);
        assertEquals(3, file.attributes().links());
        d.unlink("f");
        fs.root().rename("hard", d, "f", false);
        assertEquals(file, d.lookup("f"));
        assertEquals(2, file.attributes().links());
        assertNull(fs.root().lookup("hard"));
        fs.root().unlink("third");
        d.unlink("f");
        assertEquals(0, file.attributes().links());
    }

    @Test
    void readingCopiesNothing() throws Exception {
        var fs = over(tree());
        long free = fs.statistics().freeFiles();
        var file = node(directory(fs, "d"), "f");
        text(file);
        file.change(AttributeChange.times(5L, null));
        assertEquals(5, file.attributes().accessed());
        shape(fs);
        fs.root().rename("top", fs.root(), "top", false);
        fails(Errno.ENOTEMPTY, () -> fs.root().removeDirectory("d"));
        fails(Errno.EISDIR, () -> fs.root().rename("top", fs.root(), "d", false));
        assertEquals(free, fs.statistics().freeFiles());
    }

    @Test
    void aCopyChangesNothingElse() throws Exception {
        var lower = tree();
        var fs = over(lower);
        var d = directory(fs, "d");
        var before = d.attributes();
        var root = fs.root().attributes();
        Thread.sleep(5);
        ((Node.Regular) node(d, "f")).append(bytes("+"));
        assertEquals(before.modified(), d.attributes().modified());
        assertEquals(before.inode(), d.attributes().inode());
        assertEquals(before.mode(), d.attributes().mode());
        assertEquals(root.modified(), fs.root().attributes().modified());
    }

    @Test
    void whatIsHiddenStaysHidden() throws Exception {
        var fs = over(tree());
        var d = directory(fs, "d");
        d.unlink("f");
        node(d, "e");
        ((Node.Directory) node(d, "e")).unlink("g");
        d.removeDirectory("e");
        fs.root().removeDirectory("d");
        assertNull(fs.root().lookup("d"));
        var again = fs.root().createDirectory("d", 0755, 0, 0);
        assertEquals(List.of(), again.entries(0, 10));
        assertNull(again.lookup("f"));
        fs.root().removeDirectory("d");
        fs.root().create("d", 0644, 0, 0);
        fs.root().unlink("d");
        assertNull(fs.root().lookup("d"));
    }

    @Test
    void whiteoutsAreNoNamesOfGuests() throws Exception {
        var fs = over(tree());
        var root = fs.root();
        for (var name : List.of(".wh.top", ".wh.", Whiteouts.WORK)) {
            fails(Errno.EPERM, () -> root.create(name, 0644, 0, 0));
            fails(Errno.EPERM, () -> root.createDirectory(name, 0755, 0, 0));
            fails(Errno.EPERM, () -> root.rename("top", root, name, false));
            fails(Errno.ENOENT, () -> root.unlink(name));
            fails(Errno.ENOENT, () -> root.rename(name, root, "x", false));
            assertNull(root.lookup(name));
        }
        assertEquals(5, root.entries(0, 100).size() + 1);
    }

    @Test
    void longNamesAreHiddenToo() throws Exception {
        var lower = Layers.memory();
        var names = List.of("x".repeat(251), "y".repeat(252), "z".repeat(255), "ä".repeat(127));
        for (var name : names) file(lower.root(), name, "text");
        var fs = over(lower);
        for (var name : names) {
            fs.root().unlink(name);
            assertNull(fs.root().lookup(name));
        }
        assertEquals(List.of(), fs.root().entries(0, 10));
    }

    /// What was done outlives the mount, and is the upper layer's alone.
    @Test
    void anUpperLayerIsMountedAgain() throws Exception {
        Files.createDirectories(folder.resolve("lower/d/e"));
        Files.writeString(folder.resolve("lower/d/f"), "lower");
        Files.writeString(folder.resolve("lower/gone"), "gone");
        Files.writeString(folder.resolve("lower/stays"), "stays");
        Files.createLink(folder.resolve("lower/one"), folder.resolve("lower/stays"));
        Files.createLink(folder.resolve("lower/two"), folder.resolve("lower/stays"));
        Map<String, String> seen;
        Map<String, Long> numbers;
        try (var fs = hostOverHost()) {
            fs.root().unlink("gone");
            ((Node.Regular) node(directory(fs, "d"), "f")).append(bytes("+"));
            fs.root().rename("d", fs.root(), "moved", false);
            fs.root().createDirectory("d", 0755, 0, 0);
            ((Node.Regular) node(fs.root(), "one")).append(bytes("+"));
            fs.root().unlink("one");
            seen = shape(fs);
            numbers = Layers.numbers(fs);
        }
        assertEquals("100644 2 stays+", seen.get("/two"));
        assertEquals(
                Set.of("/", "/d/", "/moved/", "/moved/e/", "/moved/f", "/stays", "/two"),
                seen.keySet());
        // A crash leaves such things.
        Files.createDirectories(folder.resolve("upper/" + Whiteouts.WORK + "/copy0/x"));
        try (var fs = hostOverHost()) {
            assertEquals(seen, shape(fs));
            assertEquals(numbers, Layers.numbers(fs));
            for (var name : List.of("stays", "two")) fs.root().unlink(name);
        }
        try (var links = Files.list(folder.resolve("upper/.wh..wh..links"))) {
            assertEquals(List.of(), links.toList());
        }
        seen.keySet().removeAll(Set.of("/stays", "/two"));
        assertEquals("lower", Files.readString(folder.resolve("lower/d/f")));
        // As a lower layer it hides the same.
        try (var fs =
                overlay(
                        "upper",
                        "memory",
                        "lower.1",
                        "host",
                        "lower.1.source",
                        folder.resolve("upper").toString(),
                        "lower.2",
                        "host",
                        "lower.2.source",
                        folder.resolve("lower").toString())) {
            assertEquals(seen.keySet(), shape(fs).keySet());
        }
    }

    @Test
    void aFullUpperLayerLosesNothing() throws Exception {
        var lower = Layers.memory();
        file(lower.root(), "f", "x".repeat(100_000));
        var fs = over(lower, "size", "64k");
        var file = (Node.Regular) node(fs.root(), "f");
        file.opened();
        fails(Errno.ENOSPC, () -> file.append(bytes("more")));
        fails(Errno.ENOSPC, () -> fs.root().rename("f", fs.root(), "g", false));
        assertEquals("x".repeat(100_000), text(file));
        assertEquals(16, fs.statistics().free());
        file.truncate(10);
        file.append(bytes("more"));
        assertEquals("x".repeat(10) + "more", text(file));
        file.released();
    }

    /// A copy that found no room leaves nothing behind.
    @Test
    void aFileWithSeveralNamesIsWrittenWhenThereIsRoomAgain() throws Exception {
        var lower = Layers.memory();
        var one = file(lower.root(), "one", "text");
        lower.root().link("two", one);
        var upper = Layers.memory("inodes", "5");
        var fs = new OverlayFileSystem(upper, List.of(lower));
        fs.root().create("full", 0644, 0, 0);
        fs.root().create("fuller", 0644, 0, 0);
        var file = (Node.Regular) node(fs.root(), "one");
        fails(Errno.ENOSPC, () -> file.append(bytes("+")));
        fails(Errno.ENOSPC, () -> fs.root().unlink("two"));
        assertEquals(2, file.attributes().links());
        fs.root().unlink("full");
        file.append(bytes("+"));
        assertEquals("text+", text(node(fs.root(), "two")));
        assertEquals(2, file.attributes().links());
    }

    @Test
    void holesAreNotCopied() throws Exception {
        var lower = Layers.memory();
        var sparse = lower.root().create("f", 0644, 0, 0);
        sparse.truncate(1L << 40);
        sparse.write(bytes("middle"), 1L << 39);
        var fs = over(lower);
        var file = (Node.Regular) node(fs.root(), "f");
        file.write(bytes("start"), 0);
        assertEquals(1L << 40, file.attributes().size());
        assertTrue(file.attributes().blocks() < 1000);
        var read = ByteBuffer.allocate(6);
        file.read(read, 1L << 39);
        assertEquals("middle", new String(read.array(), StandardCharsets.UTF_8));
    }

    @Test
    void wrongLayersAreRefusedInOneLine() throws Exception {
        var readOnly = Layers.spec("upper", "memory", "lower.1", "memory").asReadOnly();
        try (var fs = new OverlayFileSystemType(Layers.types()).create(readOnly)) {
            fails(Errno.EROFS, () -> fs.root().create("f", 0644, 0, 0));
        }
        var image = Layers.emptyImage(folder).toString();
        for (var spec :
                new ArrayList<MountSpec>(
                        List.of(
                                Layers.spec(),
                                Layers.spec("upper", "memory"),
                                Layers.spec("upper", "none", "lower.1", "memory"),
                                Layers.spec("upper", "memory", "lower.2", "memory"),
                                Layers.spec("lower.1", "memory", "lower.1.size", "x"),
                                Layers.spec("lower.1", "memory", "mode", "755"),
                                Layers.spec("lower.1", "host"),
                                Layers.spec(
                                        "upper",
                                        "image",
                                        "upper.file",
                                        image,
                                        "lower.1",
                                        "memory")))) {
            var type = new OverlayFileSystemType(Layers.types());
            var e = assertThrows(MountException.class, () -> type.create(spec), spec.toString());
            assertEquals(1, e.getMessage().lines().count());
        }
    }

    static void fails(Errno errno, Executable call) {
        assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
    }
}
