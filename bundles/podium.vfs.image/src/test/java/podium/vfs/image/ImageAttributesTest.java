package podium.vfs.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;
import podium.vfs.FileSystem.Capability;
import podium.vfs.Node;

/// Extended attributes in images that GNU tar, bsdtar, mke2fs(8) and debugfs(8) make.
class ImageAttributesTest {

    @TempDir Path folder;

    /// Those of a node, with values one character a byte.
    private static Map<String, String> of(Node node) {
        var all = new TreeMap<String, String>();
        for (var name : node.extendedAttributes()) {
            var value = node.extendedAttribute(name);
            all.put(name, text(value == null ? new byte[0] : value));
        }
        return all;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /// A tree with attributes of users, if the folder's file system has any.
    private Path tree() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("user"));
        var tree = Files.createDirectories(folder.resolve("tree/d"));
        var file = Files.writeString(tree.resolve("f"), "text");
        set(tree, "directory", "1");
        set(file, "plain", "a\n\0\u00ff");
        set(file, "empty", "");
        set(file, "p%25=%41", "pq");
        set(file, "\u00e4 b", "z");
        return tree.getParent();
    }

    private static void set(Path path, String name, String value) throws Exception {
        var bytes = ByteBuffer.wrap(value.getBytes("ISO-8859-1"));
        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class).write(name, bytes);
    }

    private static final Map<String, String> OF_FILE =
            Map.of(
                    "user.plain",
                    "a\n\0\u00ff",
                    "user.empty",
                    "",
                    "user.p%25=%41",
                    "pq",
                    "user.\u00e4 b",
                    "z");

    private void check(Path image) throws Exception {
        try (var fs = Images.mount(image)) {
            assertTrue(fs.capabilities().contains(Capability.EXTENDED_ATTRIBUTES));
            assertEquals(Map.of("user.directory", "1"), of(Shape.find(fs, "d")));
            var file = Shape.find(fs, "d/f");
            assertEquals(OF_FILE, of(file));
            assertNull(file.extendedAttribute("user.none"));
            assertEquals(Map.of(), of(fs.root()));
            for (var value : new byte[][] {null, {1}}) {
                var e =
                        assertThrows(
                                ErrnoException.class,
                                () -> file.setExtendedAttribute("user.plain", value));
                assertEquals(Errno.EROFS, e.errno());
            }
        }
    }

    @Test
    void tarsOfGnuTarHaveThem() throws Exception {
        tree();
        for (var options : List.of("--xattrs -H posix", "--xattrs --xattrs-include=user.* -S -z")) {
            Native.shell(folder, "tar -C tree %s -cf a.tar .".formatted(options));
            check(folder.resolve("a.tar"));
        }
    }

    @Test
    void tarsOfBsdtarHaveThem() throws Exception {
        var found = Native.shell(folder, "command -v bsdtar || true");
        assumeTrue(found.length > 0, "there is no bsdtar");
        tree();
        Native.shell(folder, "bsdtar --xattrs -C tree --format pax -cf a.tar .");
        check(folder.resolve("a.tar"));
    }

    /// As libarchive writes them, byte by byte.
    @Test
    void bothFormsOfRecordsAreRead() throws Exception {
        var tar =
                new HostileTar()
                        .pax(
                                "LIBARCHIVE.xattr.security.s=cw",
                                "SCHILY.xattr.security.s=s",
                                "LIBARCHIVE.xattr.user.%FF%C3%A4=eg",
                                "SCHILY.xattr.user.%FF%C3%A4=z",
                                "LIBARCHIVE.xattr.user.p%2525%3Dq=cHE",
                                "SCHILY.xattr.user.p%2525%3Dq=pq",
                                "LIBARCHIVE.xattr.user.empty=",
                                "LIBARCHIVE.xattr.user.a=MQoA/w",
                                "LIBARCHIVE.xattr.user.padded=MQ==",
                                "SCHILY.xattr.user.a%=1\n\0\u00ff",
                                "SCHILY.xattr.user.a%4=half",
                                "SCHILY.xattr.trusted.t=t=t",
                                "SCHILY.xattr.system.posix_acl_access=x",
                                "SCHILY.xattr.com.apple.quarantine=x",
                                "LIBARCHIVE.xattr.com.apple.lastuseddate#PS=eA",
                                "SCHILY.acl.access=user::rw-",
                                "RHT.security.selinux=x")
                        .file("f", "x")
                        .file("g", "x")
                        .write(folder.resolve("a.tar"));
        try (var fs = Images.mount(tar)) {
            var expected = new TreeMap<String, String>();
            expected.put("security.s", "s");
            expected.put("user." + LinuxString.decode(new byte[] {(byte) 0xff}) + "\u00e4", "z");
            expected.put("user.p%25=q", "pq");
            expected.put("user.empty", "");
            expected.put("user.a", "1\n\0\u00ff");
            expected.put("user.padded", "1");
            expected.put("user.a%", "1\n\0\u00ff");
            expected.put("user.a%4", "half");
            expected.put("trusted.t", "t=t");
            assertEquals(expected, of(Shape.find(fs, "f")));
            assertEquals(Map.of(), of(Shape.find(fs, "g")));
        }
    }

    @Test
    void aLayersAttributesReplaceThoseBelow() throws Exception {
        var layout = new Layout(folder.resolve("layout"));
        var below =
                new HostileTar()
                        .pax("SCHILY.xattr.user.a=1", "SCHILY.xattr.user.b=1")
                        .directory("d")
                        .pax("SCHILY.xattr.security.capability=\1\0\0\2")
                        .file("d/f", "x")
                        .file("d/g", "x")
                        .write(folder.resolve("below.tar"));
        var above =
                new HostileTar()
                        .pax("SCHILY.xattr.user.b=2")
                        .directory("d")
                        .pax("SCHILY.xattr.user.g=3")
                        .file("d/g", "x")
                        .hardLink("d/h", "d/f")
                        .write(folder.resolve("above.tar"));
        layout.add(layout.manifest("", layout.layer(below), layout.layer(above)));
        try (var fs = Images.mount(layout.directory)) {
            assertEquals(Map.of("user.b", "2"), of(Shape.find(fs, "d")));
            assertEquals(Map.of("security.capability", "\1\0\0\2"), of(Shape.find(fs, "d/f")));
            assertEquals(Map.of("security.capability", "\1\0\0\2"), of(Shape.find(fs, "d/h")));
            assertEquals(Map.of("user.g", "3"), of(Shape.find(fs, "d/g")));
        }
    }

    @Test
    void extsOfMke2fsHaveThem() throws Exception {
        tree();
        for (var options : List.of("-t ext4", "-t ext2 -I 128 -b 1024", "-t ext4 -O inline_data"))
            check(Native.ext(folder, "image", "4M", options + " -d tree"));
    }

    /// What debugfs(8) has set, as it tells it itself.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ext2 -b 1024 -I 128",
                "-t ext2 -b 4096",
                "-t ext3 -b 2048",
                "-t ext4",
                "-t ext4 -b 1024",
                "-t ext4 -b 1024 -I 128",
                "-t ext4 -b 65536",
                "-t ext4 -b 4096 -I 1024",
                "-t ext4 -O ^64bit,^metadata_csum",
                "-t ext4 -O metadata_csum_seed",
                "-t ext4 -O inline_data -b 4096",
                "-t ext4 -O ea_inode -b 4096",
                "-t ext4 -O ea_inode,^metadata_csum -b 1024",
            })
    void extsOfDebugfsHaveThem(String options) throws Exception {
        Native.shell(folder, "mkdir tree; printf small > tree/f; ln -s nowhere tree/link");
        var image = Native.ext(folder, "image", "16M", options + " -d tree");
        int block = Integer.parseInt((options + " -b 1024").split(" -b ")[1].split(" ")[0]);
        var random = new Random(7);
        var values = new TreeMap<String, byte[]>();
        var commands = new ArrayList<String>();
        for (var name : List.of("user.a", "user.name_of_more", "trusted.t", "security.capability"))
            values.put(name, bytes(random, 1 + random.nextInt(20)));
        values.put("user.long" + "g".repeat(200), bytes(random, 90));
        values.put("user.one", bytes(random, 1));
        boolean inodes = options.contains("ea_inode");
        if (inodes)
            for (int i = 0; i < 4; i++) values.put("user.large" + i, bytes(random, block - 1 - i));
        else values.put("user.large", bytes(random, block / 3));
        int number = 0;
        for (var one : values.entrySet()) {
            var file = "value" + number++;
            Files.write(folder.resolve(file), one.getValue());
            commands.add("ea_set -f %s f %s".formatted(file, one.getKey()));
            if (one.getKey().startsWith("trusted"))
                commands.add("ea_set -f %s link %s".formatted(file, one.getKey()));
        }
        var said = Native.text(Native.debugfs(image, commands.toArray(new String[0])));
        number = 0;
        commands.clear();
        for (var name : values.keySet())
            commands.add("ea_get -f got%d f %s".formatted(number++, name));
        commands.add("ea_list f");
        var list = Native.text(Native.debugfs(image, commands.toArray(new String[0])));
        try (var fs = Images.mount(image)) {
            var file = Shape.find(fs, "f");
            number = 0;
            for (var name : values.keySet()) {
                var got = Files.readAllBytes(folder.resolve("got" + number++));
                assertArrayEquals(values.get(name), got, said + name);
                assertArrayEquals(got, file.extendedAttribute(name), name);
            }
            var names = new ArrayList<String>();
            for (var line : list.lines().toList())
                if (line.startsWith("  ")) names.add(line.strip().split(" \\(")[0]);
            names.remove("system.data");
            assertEquals(names.stream().sorted().toList(), file.extendedAttributes());
            assertEquals(List.of("trusted.t"), Shape.find(fs, "link").extendedAttributes());
            // The content is where it was, in the inode as well.
            var content = ByteBuffer.allocate(10);
            assertEquals(5, ((Node.Regular) file).read(content, 0));
            assertEquals("small", new String(content.array(), 0, 5, US_ASCII));
            assertEquals("nowhere", ((Node.Link) Shape.find(fs, "link")).target());
        }
        if (inodes) assertTrue(inodesOfValues(image), "no value has an inode");
    }

    private static boolean inodesOfValues(Path image) throws Exception {
        for (int inode = 12; inode < 30; inode++)
            if (Native.text(Native.debugfs(image, "stat <%d>".formatted(inode)))
                    .contains("Flags: 0x2")) return true;
        return false;
    }

    private static byte[] bytes(Random random, int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private void refuses(HostileTar tar, String... why) throws Exception {
        Images.refuses(tar.write(folder.resolve("a.tar")), why);
    }

    @Test
    void tarsWithOnesThatMakeNoSenseAreRefused() throws Exception {
        for (var record :
                List.of(
                        "SCHILY.xattr.user.=x",
                        "SCHILY.xattr.trusted.=x",
                        "SCHILY.xattr.user.a\0b=x",
                        "SCHILY.xattr.user.a%00b=x",
                        "LIBARCHIVE.xattr.user.a%00=eA",
                        "SCHILY.xattr.user." + "n".repeat(251) + "=x",
                        "SCHILY.xattr.user.a=" + "x".repeat(65_537)))
            refuses(new HostileTar().pax(record).file("f", "x"), "'f' in it is refused");
        for (var value : List.of("*", "A", "AA=", "AAAA=", "AA==AA", "A\0", "\u00ff"))
            refuses(
                    new HostileTar().pax("LIBARCHIVE.xattr.user.a=" + value).file("f", "x"),
                    "LIBARCHIVE.xattr.user.a=");
        var many = new String[9000];
        for (int i = 0; i < many.length; i++) many[i] = "SCHILY.xattr.user.%06d=xxxx".formatted(i);
        refuses(new HostileTar().pax(many).file("f", "x"), "'f'", "131072 bytes");
        refuses(new HostileTar().pax(many).directory("d"), "'d'", "131072 bytes");
        var three = new String[3];
        for (int i = 0; i < 3; i++) three[i] = "SCHILY.xattr.user." + i + "=" + "x".repeat(50_000);
        refuses(new HostileTar().pax(three).link("l", "x"), "'l'", "131072 bytes");
        // Just as many as there may be; those that are not shown do not count.
        three[2] = "SCHILY.xattr.system." + "x".repeat(300) + "=" + "x".repeat(100_000);
        var fits = new HostileTar().pax(three).file("f", "x").write(folder.resolve("b.tar"));
        try (var fs = Images.mount(fits)) {
            assertEquals(2, Shape.find(fs, "f").extendedAttributes().size());
        }
    }

    /// A header for all entries has its attributes once in the tar, and in memory for each of them.
    @Test
    void allOfATarsTogetherHaveAnEnd() throws Exception {
        var one = "SCHILY.xattr.user.a=" + "x".repeat(65_000);
        var length = 6 + one.length() + 2;
        var record = "%d %s\n".formatted(length - 1, one);
        assertEquals(length - 1, record.length());
        var tar = new HostileTar();
        tar.header("g", 'g', "", "%011o\0".formatted(record.length()), record);
        for (int i = 0; i < 2100; i++) tar.file("f" + i, "");
        refuses(tar, "names and attributes", "limit");
    }
}
