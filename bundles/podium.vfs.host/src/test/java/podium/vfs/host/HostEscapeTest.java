package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static podium.vfs.host.HostFileSystemTest.fails;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.FsContext;
import podium.vfs.Mode;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

/// Guests that try to get out of a directory of the host, with the walker in front of it and
/// without.
class HostEscapeTest {

    private static final int O_CREATE = OpenFile.O_CREAT | OpenFile.O_RDWR;

    @TempDir Path folder;
    private Path inside;
    private Path outside;
    private List<String> before;
    private MountNamespace namespace;
    private FsContext context;

    @BeforeEach
    void mount() throws Exception {
        inside = Files.createDirectories(folder.resolve("inside"));
        outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createDirectories(inside.resolve("d/e"));
        Files.writeString(inside.resolve("d/f"), "mine");
        Files.createSymbolicLink(inside.resolve("absolute"), outside);
        Files.createSymbolicLink(inside.resolve("file"), outside.resolve("secret"));
        Files.createSymbolicLink(inside.resolve("relative"), Path.of("../outside"));
        Files.createSymbolicLink(inside.resolve("d/up"), Path.of("../.."));
        Files.createSymbolicLink(inside.resolve("chain"), Path.of("d/up/outside/secret"));
        Files.createSymbolicLink(inside.resolve("dangling"), outside.resolve("new"));
        Files.createSymbolicLink(inside.resolve("proc"), Path.of("/proc/self/fd"));
        before = HostDirectories.shape(outside);
        var types = List.of(new HostFileSystemType(), new MemoryFileSystemType());
        var vfs = new VfsService(types, null);
        var host = HostDirectories.spec(inside);
        namespace =
                vfs.namespace(
                        List.of(
                                MountSpec.of("/", "memory"),
                                MountSpec.of("/m", "host", host.source()),
                                MountSpec.of("/ro", "host", host.source()).asReadOnly()));
        context = vfs.context(namespace, Credentials.ROOT);
    }

    @AfterEach
    void nothingOutsideHasChanged() throws Exception {
        context.close();
        namespace.close();
        // JUnit would warn of it.
        Files.delete(inside.resolve("proc"));
        assertEquals(before, HostDirectories.shape(outside));
    }

    private void open(String path, int flags) {
        namespace.open(context, null, path, flags, 0644).release();
    }

    private List<String> ways() {
        return List.of(
                "/m/../outside/secret",
                "/m/../../outside/secret",
                "/m/d/../../outside/secret",
                "/m/absolute/secret",
                "/m/absolute/../outside/secret",
                "/m/file",
                "/m/relative/secret",
                "/m/d/up/outside/secret",
                "/m/d/up/inside/../outside/secret",
                "/m/chain",
                "/m/chain/",
                "/m/absolute/",
                "/m/absolute/.",
                "/m/proc/0",
                outside + "/secret",
                "/m" + outside + "/secret",
                "/m/" + folder.relativize(outside) + "/secret");
    }

    @Test
    void noPathLeadsOutside() {
        for (var way : ways())
            for (int flags : new int[] {0, OpenFile.O_RDWR, OpenFile.O_RDWR | OpenFile.O_TRUNC}) {
                fails(Errno.ENOENT, () -> open(way, flags));
                fails(Errno.ENOENT, () -> namespace.resolve(context, null, way, 0));
            }
        fails(Errno.EINVAL, () -> open("/m/d\0/f", 0));
        fails(Errno.EINVAL, () -> open("/m/\0", O_CREATE));
    }

    /// What exists on the host, and what does not, look the same.
    @Test
    void nothingIsLearntOfWhatIsOutside() throws Exception {
        Files.createSymbolicLink(inside.resolve("none"), outside.resolve("none/none"));
        for (var name : List.of("file", "none", "proc", "dangling", "absolute")) {
            fails(Errno.ENOENT, () -> namespace.resolve(context, null, "/m/" + name, 0));
            fails(Errno.ENOENT, () -> namespace.resolve(context, null, "/m/" + name + "/x", 0));
            var link = namespace.resolve(context, null, "/m/" + name, 0x100);
            assertTrue(link.attributes().isLink());
        }
        assertEquals("/m/d", namespace.resolve(context, null, "/m/d/e/..", 0).path());
    }

    @Test
    void makingAndMovingThroughLinksStaysInside() throws Exception {
        fails(Errno.ENOENT, () -> open("/m/dangling", O_CREATE));
        fails(Errno.ENOENT, () -> open("/m/absolute/new", O_CREATE));
        fails(Errno.ENOENT, () -> namespace.makeDirectory(context, null, "/m/relative/n", 0755));
        fails(Errno.ENOENT, () -> namespace.unlink(context, null, "/m/absolute/secret", 0));
        fails(Errno.ENOTDIR, () -> rename("/m/absolute/", "/m/x"));
        fails(Errno.ENOENT, () -> rename("/m/d/f", "/m/absolute/f"));
        rename("/m/absolute", "/m/moved");
        assertEquals(outside, Files.readSymbolicLink(inside.resolve("moved")));
        namespace.link(context, null, "/m/file", null, "/m/hard", 0);
        assertEquals(outside.resolve("secret"), Files.readSymbolicLink(inside.resolve("hard")));
        fails(Errno.ENOENT, () -> namespace.link(context, null, "/m/file", null, "/m/h", 0x400));
        namespace.unlink(context, null, "/m/moved", 0);
        namespace.unlink(context, null, "/m/file", 0);
    }

    private void rename(String from, String to) {
        namespace.rename(context, null, from, null, to, 0);
    }

    @Test
    void aReadOnlyMountTakesNothing() throws Exception {
        var mine = HostDirectories.shape(inside);
        fails(Errno.EROFS, () -> open("/ro/d/f", OpenFile.O_RDWR));
        fails(Errno.EROFS, () -> open("/ro/d/f", OpenFile.O_RDONLY | OpenFile.O_TRUNC));
        fails(Errno.EROFS, () -> open("/ro/new", O_CREATE));
        var file = namespace.open(context, null, "/ro/d/f", 0, 0);
        var place = file.location();
        fails(Errno.EROFS, () -> change(place, AttributeChange.times(1L, 1L)));
        fails(Errno.EROFS, () -> change(place, AttributeChange.mode(0777)));
        fails(Errno.EINVAL, () -> file.truncate(0));
        file.release();
        fails(Errno.EXDEV, () -> namespace.link(context, null, "/ro/d/f", null, "/m/h", 0));
        fails(Errno.EXDEV, () -> rename("/ro/d/f", "/m/g"));
        fails(Errno.EROFS, () -> rename("/ro/d/f", "/ro/g"));
        assertEquals(mine, HostDirectories.shape(inside));
    }

    private void change(podium.vfs.Location place, AttributeChange change) {
        namespace.change(context, place, change);
    }

    /// As if the walker let through what it never does.
    @Test
    void whatIsNoNameReachesNothing() throws Exception {
        var mine = HostDirectories.shape(inside);
        try (var fs = HostDirectories.mount(inside)) {
            var root = fs.root();
            var file = root.create("mine", 0644, 0, 0);
            for (var name :
                    List.of("", ".", "..", "/", "d/f", "../outside/secret", "/etc", "a\0b")) {
                refuses(() -> root.lookup(name));
                refuses(() -> root.create(name, 0644, 0, 0));
                refuses(() -> root.createDirectory(name, 0755, 0, 0));
                refuses(() -> root.createLink(name, "x", 0, 0));
                refuses(() -> root.createSpecial(name, Mode.FIFO | 0600, 0, 0, 0));
                refuses(() -> root.link(name, file));
                refuses(() -> root.unlink(name));
                refuses(() -> root.removeDirectory(name));
                refuses(() -> root.rename(name, root, "x", false));
                refuses(() -> root.rename("mine", root, name, false));
            }
            root.unlink("mine");
        }
        assertEquals(mine, HostDirectories.shape(inside));
    }

    private static void refuses(Runnable call) {
        fails(Errno.EINVAL, call::run);
    }

    /// Those of the host's own namespaces are neither seen nor set, whatever Podium may do.
    @Test
    void extendedAttributesAreThoseOfUsers() throws Exception {
        try (var fs = HostDirectories.mount(inside)) {
            assumeTrue(fs.capabilities().contains(FileSystem.Capability.EXTENDED_ATTRIBUTES));
            var directory = (Node.Directory) fs.root().lookup("d");
            var file = directory.lookup("f");
            boolean superuser = Linux.geteuid() == 0;
            try (var open = ((HostNode) file).reach()) {
                if (superuser)
                    for (var name : List.of("trusted.own", "security.own"))
                        Linux.setxattr(open.number(), name.getBytes(), new byte[] {1});
            }
            file.setExtendedAttribute("user.mine", new byte[] {2});
            for (var name :
                    List.of(
                            "trusted.own",
                            "security.own",
                            "security.capability",
                            "system.posix_acl_access",
                            "user",
                            "usermine",
                            "USER.mine",
                            "",
                            "mine")) {
                assertNull(file.extendedAttribute(name));
                fails(Errno.EOPNOTSUPP, () -> file.setExtendedAttribute(name, new byte[] {3}));
                fails(Errno.EOPNOTSUPP, () -> file.setExtendedAttribute(name, null));
            }
            assertEquals(List.of("user.mine"), file.extendedAttributes());
            try (var open = ((HostNode) file).reach()) {
                var names = new String(Linux.listxattr(open.number()), StandardCharsets.UTF_8);
                assertEquals(superuser, names.contains("trusted.own\0"));
                if (superuser)
                    assertArrayEquals(
                            new byte[] {1},
                            Linux.getxattr(open.number(), "trusted.own".getBytes()));
            }
        }
    }

    @Test
    void whatIsNoNameOfAnExtendedAttributeReachesNothing() throws Exception {
        try (var fs = HostDirectories.mount(inside)) {
            assumeTrue(fs.capabilities().contains(FileSystem.Capability.EXTENDED_ATTRIBUTES));
            var root = fs.root();
            var bad =
                    Map.of(
                            "user.",
                            Errno.EINVAL,
                            "user.a\0",
                            Errno.EINVAL,
                            "user.a\0b",
                            Errno.EINVAL,
                            "user.\0",
                            Errno.EINVAL,
                            "user." + "n".repeat(251),
                            Errno.ERANGE,
                            "user." + "\u00e4".repeat(126),
                            Errno.ERANGE,
                            "user." + "n".repeat(100_000),
                            Errno.ERANGE,
                            "user.\ud800",
                            Errno.EILSEQ);
            for (var name : bad.keySet()) {
                fails(bad.get(name), () -> root.setExtendedAttribute(name, new byte[] {1}));
                fails(bad.get(name), () -> root.setExtendedAttribute(name, null));
                fails(bad.get(name), () -> root.extendedAttribute(name));
            }
            assertEquals(List.of(), root.extendedAttributes());
            fails(Errno.E2BIG, () -> root.setExtendedAttribute("user.a", new byte[65_537]));
            var longest = "user." + "n".repeat(250);
            var text = "user." + LinuxString.decode(new byte[] {(byte) 0xff, '/', '.', '.'});
            for (var name : List.of(longest, text)) {
                root.setExtendedAttribute(name, new byte[] {1});
                assertEquals(List.of(name), root.extendedAttributes());
                root.setExtendedAttribute(name, null);
            }
        }
    }

    /// A link that takes a file's place is not what they are set to.
    @Test
    void noExtendedAttributeIsSetThroughALink() throws Exception {
        try (var fs = HostDirectories.mount(inside)) {
            assumeTrue(fs.capabilities().contains(FileSystem.Capability.EXTENDED_ATTRIBUTES));
            Files.writeString(inside.resolve("x"), "mine");
            var file = fs.root().lookup("x");
            Files.delete(inside.resolve("x"));
            Files.createSymbolicLink(inside.resolve("x"), outside.resolve("secret"));
            fails(Errno.ENOENT, () -> file.setExtendedAttribute("user.a", new byte[] {1}));
            fails(Errno.ENOENT, () -> file.extendedAttribute("user.a"));
            fails(Errno.ENOENT, file::extendedAttributes);
            var view =
                    Files.getFileAttributeView(
                            outside.resolve("secret"), UserDefinedFileAttributeView.class);
            assertEquals(List.of(), view.list());
        }
    }

    @Test
    void aReadOnlyMountKeepsExtendedAttributesAsTheyAre() throws Exception {
        try (var fs = HostDirectories.mount(inside);
                var readOnly =
                        new HostFileSystemType()
                                .create(HostDirectories.spec(inside).asReadOnly())) {
            assumeTrue(fs.capabilities().contains(FileSystem.Capability.EXTENDED_ATTRIBUTES));
            fs.root().setExtendedAttribute("user.a", new byte[] {1});
            var root = readOnly.root();
            assertArrayEquals(new byte[] {1}, root.extendedAttribute("user.a"));
            fails(Errno.EROFS, () -> root.setExtendedAttribute("user.a", null));
            fails(Errno.EROFS, () -> root.setExtendedAttribute("user.b", new byte[] {1}));
            assertEquals(List.of("user.a"), root.extendedAttributes());
        }
    }

    /// A link that takes a directory's place after it was met is not followed.
    @Test
    void aDirectoryThatBecomesALinkIsGone() throws Exception {
        try (var fs = HostDirectories.mount(inside)) {
            var directory = (Node.Directory) fs.root().lookup("d");
            Files.writeString(inside.resolve("x"), "mine");
            var file = (Node.Regular) fs.root().lookup("x");
            assertEquals("mine", HostFileSystemTest.text(file));
            Files.delete(inside.resolve("x"));
            Files.createSymbolicLink(inside.resolve("x"), outside.resolve("secret"));
            fails(Errno.ENOENT, () -> HostFileSystemTest.text(file));
            fails(Errno.ENOENT, () -> file.change(AttributeChange.mode(0)));
            fails(Errno.ENOENT, () -> file.truncate(0));
            Files.move(inside.resolve("d"), inside.resolve("away"));
            Files.createSymbolicLink(inside.resolve("d"), outside);
            try {
                if (directory.lookup("secret") != null) throw new AssertionError("outside");
            } catch (ErrnoException e) {
                assertEquals(Errno.ENOENT, e.errno());
            }
        }
    }
}
