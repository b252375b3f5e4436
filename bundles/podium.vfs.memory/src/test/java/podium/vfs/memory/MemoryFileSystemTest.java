package podium.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.DigestContract;
import podium.testkit.FileSystemContract;
import podium.testkit.SnapshotContract;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;

class MemoryFileSystemTest {

    private static FileSystem with(String... options) throws MountException {
        return new MemoryFileSystemType().create(spec(options));
    }

    private static MountSpec spec(String... options) {
        var spec = MountSpec.of("/", "memory");
        for (int i = 0; i < options.length; i += 2)
            spec = spec.withOption(options[i], options[i + 1]);
        return spec;
    }

    @Nested
    class Contract extends FileSystemContract {

        @Override
        protected FileSystem create() throws MountException {
            return with();
        }
    }

    @Nested
    class Snapshots extends SnapshotContract {

        @Override
        protected FileSystem create() throws MountException {
            return with("size", "16m");
        }
    }

    /// Over an empty base, nothing may be different.
    @Nested
    class ContractOverABase extends FileSystemContract {

        @Override
        protected FileSystem create() throws MountException {
            return new MemoryFileSystemType().create(spec(), with());
        }
    }

    /// Files of a base that knows their digests.
    @Nested
    class Digests extends DigestContract {

        @Override
        protected Node.Regular measured() throws MountException {
            var fs = new MemoryFileSystemType().create(spec(), MeasuredFile.create());
            return (Node.Regular) fs.root().lookup("file");
        }
    }

    @Test
    void contentIsBounded() throws MountException {
        var fs = with("size", "100k");
        var file = fs.root().create("f", 0644, 0, 0);
        var bytes = ByteBuffer.allocate(200 * 1024);
        assertEquals(100 * 1024, file.write(bytes, 0));
        fails(Errno.ENOSPC, () -> file.write(bytes, 100 * 1024));
        fails(Errno.ENOSPC, () -> file.allocate(0, 0, 1L << 40));
        assertEquals(0, fs.statistics().free());
        file.truncate(0);
        assertEquals(25, fs.statistics().free());
        file.write(ByteBuffer.allocate(100), 1L << 50);
        fs.root().unlink("f");
        assertEquals(25, fs.statistics().free());
    }

    @Test
    void anOpenFileKeepsItsSpaceUntilItIsClosed() throws MountException {
        var fs = with("size", "64k");
        var file = fs.root().create("f", 0644, 0, 0);
        file.opened();
        file.write(ByteBuffer.allocate(65_536), 0);
        fs.root().unlink("f");
        assertEquals(0, fs.statistics().free());
        file.released();
        assertEquals(16, fs.statistics().free());
    }

    @Test
    void inodesAreBounded() throws MountException {
        var fs = with("inodes", "3");
        fs.root().create("a", 0644, 0, 0);
        fs.root().createDirectory("b", 0755, 0, 0);
        fs.root().createLink("c", "x", 0, 0);
        fails(Errno.ENOSPC, () -> fs.root().create("d", 0644, 0, 0));
        assertNull(fs.root().lookup("d"));
        fs.root().unlink("a");
        fs.root().create("d", 0644, 0, 0);
        assertEquals(0, fs.statistics().freeFiles());
    }

    @Test
    void wrongOptionsAreRefusedInOneLine() {
        for (var option :
                new String[][] {
                    {"size", "many"},
                    {"size", "-1"},
                    {"size", "9999999999g"},
                    {"mode", "9"},
                    {"sise", "1"},
                    {"seed", "/does/not/exist"}
                }) {
            var e = assertThrows(MountException.class, () -> with(option));
            assertTrue(!e.getMessage().contains("\n"), e.getMessage());
        }
    }

    @Test
    void theRootIsAsAsked() throws MountException {
        var attributes = with("mode", "1777", "uid", "7", "gid", "8").root().attributes();
        assertEquals(Mode.DIRECTORY | 01777, attributes.mode());
        assertEquals("7 8", attributes.uid() + " " + attributes.gid());
    }

    @Test
    void aBaseIsTakenOverAsItIsNeeded() throws MountException {
        var base = with();
        var usr = base.root().createDirectory("usr", 0751, 1, 2);
        var file = usr.create("f", 0640, 3, 4);
        file.write(bytes("from the base"), 0);
        base.root().link("hard", file);
        usr.createLink("l", "f", 0, 0);
        var fs = new MemoryFileSystemType().create(spec("size", "1k"), base);
        var above = (Node.Directory) fs.root().lookup("usr");
        assertEquals(Mode.DIRECTORY | 0751, above.attributes().mode());
        var copy = (Node.Regular) above.lookup("f");
        assertEquals(fs.root().lookup("hard"), copy);
        assertEquals(2, copy.attributes().links());
        assertEquals("from the base", text(copy));
        assertEquals("3 4", copy.attributes().uid() + " " + copy.attributes().gid());
        assertEquals("f", assertInstanceOf(Node.Link.class, above.lookup("l")).target());
        copy.write(bytes("FROM"), 0);
        assertEquals("FROM the base", text(copy));
        assertEquals("from the base", text(file));
        fs.root().rename("usr", fs.root(), "moved", false);
        above.unlink("f");
        assertNotNull(usr.lookup("f"));
        assertEquals(1, copy.attributes().links());
    }

    @Test
    void aBaseIsNotCopiedToBeCutOff() throws MountException {
        var base = with();
        var large = base.root().create("large", 0644, 0, 0);
        large.write(ByteBuffer.allocate(1 << 20), 0);
        var fs = new MemoryFileSystemType().create(spec("size", "1k"), base);
        var file = (Node.Regular) fs.root().lookup("large");
        assertEquals(1 << 20, file.attributes().size());
        fails(Errno.ENOSPC, () -> file.write(bytes("x"), 0));
        assertEquals(1 << 20, file.attributes().size());
        file.truncate(0);
        file.write(bytes("x"), 0);
        assertEquals("x", text(file));
    }

    @Test
    void holesOfABaseStayHoles() throws MountException {
        var base = with();
        var sparse = base.root().create("sparse", 0644, 0, 0);
        sparse.truncate(1L << 50);
        sparse.write(bytes("middle"), 1L << 40);
        var fs = new MemoryFileSystemType().create(spec("size", "256k"), base);
        var file = (Node.Regular) fs.root().lookup("sparse");
        assertEquals(sparse.attributes().blocks(), file.attributes().blocks());
        file.write(bytes("end"), (1L << 50) - 3);
        assertEquals(1L << 50, file.attributes().size());
        assertEquals(sparse.seek(0, true), file.seek(0, true));
        var middle = ByteBuffer.allocate(6);
        file.read(middle, 1L << 40);
        assertEquals("middle", new String(middle.array(), StandardCharsets.US_ASCII));
    }

    @Test
    void aHostDirectoryIsCopiedIn(@TempDir Path host) throws IOException, MountException {
        var outside = Files.writeString(host.resolve("secret"), "secret");
        var top = Files.createDirectories(host.resolve("top/sub"));
        Files.writeString(top.resolve("f"), "content");
        Files.setPosixFilePermissions(
                top.resolve("f"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createSymbolicLink(top.resolve("out"), outside);
        Files.createSymbolicLink(top.resolve("up"), Path.of("../../secret"));
        Files.createSymbolicLink(top.resolve("dir"), host);
        var fs = with("seed", host.resolve("top").toString());
        var sub = (Node.Directory) fs.root().lookup("sub");
        var file = (Node.Regular) sub.lookup("f");
        assertEquals("content", text(file));
        assertEquals(Mode.REGULAR | 0751, file.attributes().mode());
        assertEquals(
                Files.getLastModifiedTime(top.resolve("f")).toMillis(),
                file.attributes().modified() / 1_000_000);
        assertEquals("../../secret", assertInstanceOf(Node.Link.class, sub.lookup("up")).target());
        assertInstanceOf(Node.Link.class, sub.lookup("out"));
        assertInstanceOf(Node.Link.class, sub.lookup("dir"));
        assertThrows(
                MountException.class,
                () -> with("seed", host.resolve("top").toString(), "size", "3"));
    }

    @Test
    void manySmallFilesAreCompact() throws MountException {
        var fs = with();
        int files = 200_000;
        long before = used();
        for (int d = 0; d < 200; d++) {
            var directory = fs.root().createDirectory("d" + d, 0755, 0, 0);
            for (int f = 0; f < files / 200; f++)
                directory.create("file" + f, 0644, 0, 0).write(bytes("0123456789"), 0);
        }
        long each = (used() - before) / files;
        assertTrue(each < 400, each + " bytes a file");
        assertEquals(files + 200 + 1, 4_000_000 - fs.statistics().freeFiles() + 1);
    }

    private static long used() {
        for (int i = 0; i < 3; i++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Node.Regular file) {
        var buffer = ByteBuffer.allocate((int) file.attributes().size());
        file.read(buffer, 0);
        return new String(buffer.array(), StandardCharsets.UTF_8);
    }

    private static void fails(Errno errno, org.junit.jupiter.api.function.Executable call) {
        assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
    }
}
