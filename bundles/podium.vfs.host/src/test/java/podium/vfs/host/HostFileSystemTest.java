package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
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
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;

class HostFileSystemTest {

    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir Path folder;

    @Nested
    class Contract extends FileSystemContract {

        @Override
        protected FileSystem create() throws MountException {
            return HostDirectories.mount(folder);
        }
    }

    @Nested
    class ContractOnTmpfs extends FileSystemContract {

        private Path directory;

        @Override
        protected FileSystem create() throws Exception {
            assumeTrue(Files.isWritable(MEMORY));
            directory = Files.createTempDirectory(MEMORY, "podium");
            return HostDirectories.mount(directory);
        }

        @AfterEach
        void remove() throws IOException {
            HostDirectories.remove(directory);
        }
    }

    @Nested
    class ReadOnlyContract extends ReadOnlyFileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            Files.createDirectories(folder.resolve("d/e"));
            Files.writeString(folder.resolve("d/f"), "text");
            Files.createSymbolicLink(folder.resolve("l"), Path.of("/d"));
            Files.createLink(folder.resolve("hard"), folder.resolve("d/f"));
            return new HostFileSystemType().create(HostDirectories.spec(folder).asReadOnly());
        }
    }

    @Test
    void theHostsChangesAreSeenAtOnce() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            assertNull(fs.root().lookup("f"));
            Files.writeString(folder.resolve("f"), "one");
            var file = (Node.Regular) fs.root().lookup("f");
            assertNotNull(file);
            assertEquals(3, file.attributes().size());
            Files.writeString(folder.resolve("f"), "three");
            assertEquals(5, file.attributes().size());
            assertEquals("three", text(file));
            file.opened();
            Files.writeString(folder.resolve("g"), "other");
            Files.move(folder.resolve("g"), folder.resolve("f"), replace());
            assertEquals("three", text(file));
            assertEquals(0, file.attributes().links());
            var other = (Node.Regular) fs.root().lookup("f");
            assertNotNull(other);
            assertNotEquals(file, other);
            assertEquals("other", text(other));
            file.released();
            fails(Errno.ENOENT, () -> text(file));
        }
    }

    private static java.nio.file.CopyOption replace() {
        return java.nio.file.StandardCopyOption.REPLACE_EXISTING;
    }

    @Test
    void aReusedInodeNumberIsAnotherInode() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            for (int i = 0; i < 50; i++) {
                Files.writeString(folder.resolve("f"), "old");
                var old = (Node.Regular) fs.root().lookup("f");
                assertNotNull(old);
                Files.delete(folder.resolve("f"));
                Thread.sleep(5);
                Files.writeString(folder.resolve("g"), "new");
                var fresh = (Node.Regular) fs.root().lookup("g");
                assertNotNull(fresh);
                assertNotEquals(old, fresh);
                fails(Errno.ENOENT, old::attributes);
                fails(Errno.ENOENT, () -> text(old));
                Files.delete(folder.resolve("g"));
            }
        }
    }

    @Test
    void anInodeKeepsItsNumberAndIdentityWhateverItIsCalled() throws Exception {
        try (var fs = HostDirectories.mount(folder);
                var other = HostDirectories.mount(folder)) {
            var file = fs.root().create("a", 0644, 0, 0);
            long number = file.attributes().inode();
            Files.createLink(folder.resolve("b"), folder.resolve("a"));
            assertEquals(file, fs.root().lookup("b"));
            Files.move(folder.resolve("a"), folder.resolve("c"));
            assertEquals(file, fs.root().lookup("c"));
            assertEquals(number, file.attributes().inode());
            var there = other.root().lookup("c");
            assertNotNull(there);
            assertEquals(number, there.attributes().inode());
            assertEquals(2, there.attributes().links());
        }
    }

    @Test
    void everythingBelongsToThePodsSuperuserOrToNobody() throws Exception {
        Files.writeString(folder.resolve("f"), "");
        try (var fs = HostDirectories.mount(folder)) {
            assertEquals("0 0", owners(fs.root()));
            var file = fs.root().create("g", 0600, 1000, 1000);
            assertEquals("0 0", owners(file));
            file.change(AttributeChange.owner(0, 0));
            fails(Errno.EPERM, () -> file.change(AttributeChange.owner(1, null)));
            fails(Errno.EPERM, () -> file.change(AttributeChange.owner(null, 1)));
        }
        var spec = HostDirectories.spec(folder).withOption("uid", "1000").withOption("gid", "50");
        try (var fs = new HostFileSystemType().create(spec)) {
            assertEquals("1000 50", owners(fs.root()));
            assumeTrue(Linux.geteuid() == 0, "only the superuser gives files away");
            Files.setAttribute(folder.resolve("f"), "unix:uid", 7);
            var file = fs.root().lookup("f");
            assertNotNull(file);
            assertEquals(Owners.NOBODY + " 50", owners(file));
        }
    }

    private static String owners(Node node) {
        return node.attributes().uid() + " " + node.attributes().gid();
    }

    @Test
    void permissionsAreThoseAskedForButNobodyBecomesTheHostsUser() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            var root = fs.root();
            assertEquals(0666, permissions(root.create("f", 0666, 0, 0)));
            assertEquals(0777, permissions(root.createDirectory("d", 0777, 0, 0)));
            assertEquals(01777, permissions(root.createDirectory("t", 01777, 0, 0)));
            assertEquals(0622, permissions(root.createSpecial("p", Mode.FIFO | 0622, 0, 0, 0)));
            var file = root.create("s", 06755, 0, 0);
            assertEquals(0755, permissions(file));
            file.change(AttributeChange.mode(06711));
            assertEquals(0711, permissions(file));
            assertEquals(
                    "rwx--x--x",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("s"))));
        }
    }

    private static int permissions(Node node) {
        return node.attributes().mode() & Mode.PERMISSIONS;
    }

    @Test
    void specialFilesAreNeverOpened() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            for (int type : new int[] {Mode.CHARACTER, Mode.BLOCK})
                fails(Errno.EPERM, () -> fs.root().createSpecial("d", type | 0600, 0x103, 0, 0));
            fs.root().createSpecial("socket", Mode.SOCKET | 0600, 0, 0, 0);
            fs.root().createSpecial("fifo", Mode.FIFO | 0600, 0, 0, 0);
            fails(Errno.ENXIO, () -> special(fs, "socket").open(0));
            // The pod's own: nobody waits for a reader on the host.
            assertNull(special(fs, "fifo").open(1));
        }
        try (var fs = HostDirectories.mount(Path.of("/dev"))) {
            fails(Errno.EACCES, () -> special(fs, "null").open(0));
            assertEquals(0x103, special(fs, "null").attributes().device());
        }
    }

    private static Node.Special special(FileSystem fs, String name) {
        return assertInstanceOf(Node.Special.class, fs.root().lookup(name));
    }

    @Test
    void whatTheHostMountedBelowIsClosedUnlessItIsAskedFor() throws Exception {
        assumeTrue(Files.isDirectory(MEMORY));
        var dev = Path.of("/dev");
        assumeTrue(!Files.getFileStore(MEMORY).equals(Files.getFileStore(dev)));
        try (var fs = HostDirectories.mount(dev)) {
            fails(Errno.EACCES, () -> fs.root().lookup("shm"));
            assertTrue(HostDirectories.names(fs.root(), 1000).contains("shm"));
        }
        var spec = HostDirectories.spec(dev).withOption("submounts", "true").asReadOnly();
        try (var fs = new HostFileSystemType().create(spec)) {
            var there = assertInstanceOf(Node.Directory.class, fs.root().lookup("shm"));
            assertNotEquals(fs.root().attributes().inode(), there.attributes().inode());
            assertNull(there.lookup("no such name"));
        }
    }

    @Test
    void aReadOnlyMountChangesNothingNotEvenAnOpenFile() throws Exception {
        Files.writeString(folder.resolve("f"), "text");
        var before = HostDirectories.shape(folder);
        var spec = HostDirectories.spec(folder).asReadOnly();
        try (var fs = new HostFileSystemType().create(spec)) {
            var file = (Node.Regular) fs.root().lookup("f");
            assertNotNull(file);
            file.opened();
            fails(Errno.EROFS, () -> file.truncate(0));
            fails(Errno.EROFS, () -> file.change(AttributeChange.times(1L, 1L)));
            fails(Errno.EROFS, () -> file.change(AttributeChange.mode(0777)));
            fails(Errno.EROFS, () -> file.write(ByteBuffer.allocate(1), 0));
            assertEquals("text", text(file));
            file.released();
        }
        assertEquals(before, HostDirectories.shape(folder));
    }

    /// Git makes its objects so: whoever makes a file may write it, whatever its mode.
    @Test
    void aNewFileIsWrittenWhateverItsModeIs() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            var file = fs.root().create("f", 0, 0, 0);
            file.opened();
            file.write(ByteBuffer.wrap("text".getBytes(StandardCharsets.US_ASCII)), 0);
            assertEquals("text", text(file));
            file.released();
            assertEquals(0, permissions(file));
        }
    }

    /// Watchers of the host would take it for a change.
    @Test
    void whatIsOnlyReadIsOpenForReading() throws Exception {
        var path = Files.writeString(folder.resolve("f"), "text");
        try (var fs = HostDirectories.mount(folder)) {
            var file = (Node.Regular) fs.root().lookup("f");
            assertNotNull(file);
            file.opened();
            assertEquals("text", text(file));
            assertEquals(List.of(0), HostDirectories.accessModes(path));
            file.openedForWriting();
            assertEquals(List.of(2), HostDirectories.accessModes(path));
            file.write(ByteBuffer.wrap(new byte[] {'T'}), 0);
            file.released();
            assertEquals(List.of(), HostDirectories.accessModes(path));
        }
        assertEquals("Text", Files.readString(path));
    }

    @Test
    void whatTheHostForbidsIsForbidden() throws Exception {
        assumeTrue(Linux.geteuid() != 0, "the superuser may do everything");
        var path = Files.writeString(folder.resolve("f"), "text");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--r--r--"));
        try (var fs = HostDirectories.mount(folder)) {
            var file = (Node.Regular) fs.root().lookup("f");
            assertNotNull(file);
            file.opened();
            fails(Errno.EACCES, file::openedForWriting);
            assertEquals("text", text(file));
            file.released();
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("-w-------"));
            file.opened();
            file.openedForWriting();
            file.write(ByteBuffer.wrap(new byte[] {'T'}), 0);
            file.released();
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
            fails(Errno.EACCES, file::opened);
        }
    }

    @Test
    void manyEntriesAreReadInSeveralPasses() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            for (int i = 0; i < 40_000; i++) Files.createFile(folder.resolve("f" + i));
            var names = HostDirectories.names(fs.root(), 1000);
            assertEquals(40_000, names.size());
            assertEquals(40_000, new HashSet<>(names).size());
            assertEquals(names, HostDirectories.names(fs.root(), 16_384));
        }
    }

    /// Two readers of one directory, and a third that changes it.
    @Test
    void readersDoNotDisturbEachOther() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            for (int i = 0; i < 300; i++) Files.createFile(folder.resolve("f" + i));
            long[] cookies = {0, 0};
            List<HashSet<String>> seen = List.of(new HashSet<>(), new HashSet<>());
            for (int round = 0; round < 400; round++) {
                int reader = round % 3 == 0 ? 0 : 1;
                for (var entry : fs.root().entries(cookies[reader], 2)) {
                    cookies[reader] = entry.cookie();
                    assertTrue(seen.get(reader).add(entry.name()), entry.name());
                }
                Files.createFile(folder.resolve("new" + round));
                Files.delete(folder.resolve("new" + round));
            }
            for (int reader = 0; reader < 2; reader++) {
                var names = seen.get(reader);
                names.removeIf(name -> name.startsWith("new"));
                for (var some = fs.root().entries(cookies[reader], 9);
                        !some.isEmpty();
                        some = fs.root().entries(some.getLast().cookie(), 9))
                    for (var entry : some) assertTrue(names.add(entry.name()), entry.name());
                assertEquals(300, names.size());
            }
        }
    }

    /// What the JDK sees of them, and the other way round.
    @Test
    void extendedAttributesAreTheHosts() throws Exception {
        var path = Files.writeString(folder.resolve("f"), "");
        var view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        assumeTrue(Files.getFileStore(path).supportsFileAttributeView("user"));
        try (var fs = HostDirectories.mount(folder)) {
            var file = fs.root().lookup("f");
            assertNotNull(file);
            file.setExtendedAttribute("user.mine", new byte[] {0, -1});
            view.write("its", ByteBuffer.wrap(new byte[] {7}));
            var read = ByteBuffer.allocate(9);
            assertEquals(2, view.read("mine", read));
            assertArrayEquals(new byte[] {0, -1}, Arrays.copyOf(read.array(), 2));
            assertEquals(Set.of("user.mine", "user.its"), Set.copyOf(file.extendedAttributes()));
            assertArrayEquals(new byte[] {7}, file.extendedAttribute("user.its"));
            view.delete("its");
            assertNull(file.extendedAttribute("user.its"));
        }
    }

    @Test
    void whatHasNoNameKeepsExtendedAttributesWhileItIsOpen() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            assumeTrue(fs.capabilities().contains(FileSystem.Capability.EXTENDED_ATTRIBUTES));
            var file = fs.root().create("f", 0600, 0, 0);
            file.opened();
            fs.root().unlink("f");
            file.setExtendedAttribute("user.a", new byte[] {1});
            assertEquals(List.of("user.a"), file.extendedAttributes());
            file.released();
            fails(Errno.ENOENT, () -> file.setExtendedAttribute("user.a", null));
            fails(Errno.ENOENT, file::extendedAttributes);
        }
    }

    @Test
    void linksAndPipesHaveNoExtendedAttributes() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            var link = fs.root().createLink("l", "nowhere", 0, 0);
            var pipe = fs.root().createSpecial("p", Mode.FIFO | 0600, 0, 0, 0);
            for (var node : List.of(link, pipe)) {
                assertEquals(List.of(), node.extendedAttributes());
                assertNull(node.extendedAttribute("user.a"));
                fails(Errno.EOPNOTSUPP, () -> node.setExtendedAttribute("user.a", new byte[] {1}));
            }
        }
    }

    @Test
    void wrongMountsAreRefusedInOneLine() throws Exception {
        Files.writeString(folder.resolve("f"), "");
        var here = HostDirectories.spec(folder);
        for (var spec :
                List.of(
                        MountSpec.of("/", "host"),
                        HostDirectories.spec(folder.resolve("none")),
                        HostDirectories.spec(folder.resolve("f")),
                        here.withOption("uid", "-1"),
                        here.withOption("gid", "x"),
                        here.withOption("submounts", "yes"),
                        here.withOption("suid", ""),
                        here.withOption("size", "1"))) {
            var e = assertThrows(MountException.class, () -> new HostFileSystemType().create(spec));
            assertEquals(1, e.getMessage().lines().count());
            assertFalse(e.getMessage().isBlank());
        }
    }

    static String text(Node.Regular file) {
        var buffer = ByteBuffer.allocate((int) file.attributes().size());
        file.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    static void fails(Errno errno, Executable call) {
        assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
    }
}
