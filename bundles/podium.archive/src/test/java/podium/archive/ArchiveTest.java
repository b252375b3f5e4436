package podium.archive;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import podium.syscall.Credentials;
import podium.syscall.LinuxString;
import podium.vfs.Archives;
import podium.vfs.Archives.Format;
import podium.vfs.Archives.Limits;
import podium.vfs.Archives.Progress;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

class ArchiveTest {

    private static final FileTime TIME =
            FileTime.from(Instant.parse("2024-02-29T12:34:56.123456700Z"));

    private final Archives archives = new ArchiveService();
    private MountNamespace namespace;
    private FileSystem files;

    @TempDir Path folder;

    @BeforeEach
    void open() throws Exception {
        var vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        files = vfs.fileSystem(namespace, "test", Credentials.ROOT);
    }

    @AfterEach
    void close() throws Exception {
        files.close();
        namespace.close();
    }

    private Path path(String text) {
        return files.getPath(text);
    }

    private void makeTree() throws IOException {
        Files.createDirectories(path("/tree/folder/empty"));
        Files.writeString(path("/tree/folder/text"), "some text");
        Files.writeString(path("/tree/é " + "long".repeat(50)), "long name");
        Files.createLink(path("/tree/hard"), path("/tree/folder/text"));
        Files.createSymbolicLink(
                path("/tree/soft"), path("folder/" + "../folder/".repeat(0) + "text"));
        Files.createSymbolicLink(path("/tree/folder/up"), path("../hard"));
        Files.setAttribute(path("/tree/folder/text"), "unix:uid", 1234);
        Files.setAttribute(path("/tree/folder/text"), "unix:gid", 3_000_000);
        Files.setAttribute(path("/tree/folder/text"), "unix:mode", 04751);
        Files.setAttribute(path("/tree/folder"), "unix:mode", 01777);
        try (var channel =
                FileChannel.open(
                        path("/tree/sparse"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 5_000_000);
        }
        try (var all = Files.walk(path("/tree"))) {
            for (var one : all.toList())
                Files.getFileAttributeView(one, BasicFileAttributeView.class, NOFOLLOW_LINKS)
                        .setTimes(TIME, TIME, null);
        }
    }

    private byte[] archive(Format format) throws IOException {
        var bytes = new ByteArrayOutputStream();
        archives.write(path("/tree"), format, bytes, Progress.NONE);
        return bytes.toByteArray();
    }

    private Archives.Summary read(byte[] archive, String target) throws IOException {
        return archives.read(
                new ByteArrayInputStream(archive), path(target), Limits.DEFAULT, Progress.NONE);
    }

    /// @param links whether counts of links matter
    private String shown(Path tree, boolean links) throws IOException {
        var text = new StringBuilder();
        try (var all = Files.walk(tree)) {
            for (var path : (Iterable<Path>) all.sorted()::iterator) {
                if (path.equals(tree)) continue;
                var of =
                        Files.readAttributes(
                                path, "unix:mode,uid,gid,nlink,lastModifiedTime", NOFOLLOW_LINKS);
                text.append(tree.relativize(path))
                        .append(" %o ".formatted((Integer) of.get("mode")))
                        .append(of.get("uid") + ":" + of.get("gid"))
                        .append(" " + of.get("lastModifiedTime"));
                if (links) text.append(" " + of.get("nlink"));
                if (Files.isSymbolicLink(path)) text.append(" " + Files.readSymbolicLink(path));
                else if (Files.isRegularFile(path))
                    text.append(" " + Arrays.hashCode(Files.readAllBytes(path)));
                text.append('\n');
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsArchivedComesBack(Format format) throws Exception {
        makeTree();
        var summary = read(archive(format), "/back");
        boolean tar = format != Format.ZIP;
        assertEquals(shown(path("/tree"), tar), shown(path("/back"), tar));
        assertEquals(8, summary.entries());
        assertEquals(tar, Files.isSameFile(path("/back/hard"), path("/back/folder/text")));
    }

    @Test
    void holesComeBack() throws Exception {
        Files.createDirectory(path("/tree"));
        try (var channel =
                FileChannel.open(
                        path("/tree/sparse"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 50 << 20);
        }
        var archive = archive(Format.TAR_GZ);
        var store = Files.getFileStore(path("/"));
        long before = store.getUnallocatedSpace();
        read(archive, "/back");
        assertEquals((50 << 20) + 1, Files.size(path("/back/sparse")));
        assertTrue(before - store.getUnallocatedSpace() < 4 << 20);
    }

    @Test
    void aTarKeepsNamesThatAreNoText() throws Exception {
        var name = LinuxString.decode(new byte[] {(byte) 0xff, 'a'});
        var longName = LinuxString.decode(new byte[] {(byte) 0xfe}) + "x".repeat(150);
        Files.createDirectory(path("/tree"));
        Files.writeString(path("/tree").resolve(name), "1");
        Files.writeString(path("/tree").resolve(longName), "2");
        Files.createSymbolicLink(path("/tree/link"), path(longName));
        read(archive(Format.TAR), "/back");
        assertEquals("1", Files.readString(path("/back").resolve(name)));
        assertEquals("2", Files.readString(path("/back/link")));
        assertOneLine(() -> archive(Format.ZIP), "which is no text: use tar");
    }

    @Test
    void tarOfTheSystemTakesIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/tar")));
        makeTree();
        var archive = Files.write(folder.resolve("a.tar"), archive(Format.TAR));
        var out = Files.createDirectory(folder.resolve("out"));
        run("/bin/tar", "-C", out.toString(), "--no-same-owner", "-xpf", archive.toString());
        assertEquals("some text", Files.readString(out.resolve("hard")));
        assertTrue(Files.isSameFile(out.resolve("hard"), out.resolve("folder/text")));
        assertEquals(TIME, Files.getLastModifiedTime(out.resolve("folder/text")));
        assertEquals(Path.of("../hard"), Files.readSymbolicLink(out.resolve("folder/up")));
        assertEquals("long name", Files.readString(out.resolve("é " + "long".repeat(50))));
    }

    @Test
    void archivesOfTheSystemsTarAreRead() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/tar")));
        var tree = Files.createDirectories(folder.resolve("tree/sub")).getParent();
        Files.writeString(tree.resolve("sub/é" + "n".repeat(120)), "long");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("sub/é" + "n".repeat(120)));
        Files.createLink(tree.resolve("hard"), tree.resolve("sub/é" + "n".repeat(120)));
        try (var channel =
                FileChannel.open(
                        tree.resolve("sparse"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("end".getBytes("US-ASCII")), 1 << 20);
        }
        for (var format : List.of("gnu", "pax", "ustar", "oldgnu", "posix")) {
            if (format.equals("ustar")) continue; // has no room for such names
            var archive = folder.resolve(format + ".tar");
            run(
                    "/bin/tar",
                    "-C",
                    tree.toString(),
                    "--sparse",
                    "-H",
                    format,
                    "-cf",
                    archive.toString(),
                    ".");
            var back = path("/" + format);
            try (var in = Files.newInputStream(archive)) {
                archives.read(in, back, Limits.DEFAULT, Progress.NONE);
            }
            assertEquals("long", Files.readString(back.resolve("link")), format);
            assertTrue(Files.isSameFile(back.resolve("link"), back.resolve("hard")), format);
            assertArrayEquals(
                    Files.readAllBytes(tree.resolve("sparse")),
                    Files.readAllBytes(back.resolve("sparse")),
                    format);
        }
    }

    /// A link's own name in a pax header is not what it leads to.
    @Test
    void longNamesAreReadFromTheirHeaders() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/tar")));
        var tree = Files.createDirectories(folder.resolve("tree"));
        Files.writeString(tree.resolve("f"), "text");
        Files.createSymbolicLink(tree.resolve("l".repeat(150)), Path.of("f"));
        Files.createLink(tree.resolve("h".repeat(150)), tree.resolve("f"));
        Files.writeString(tree.resolve("\u00e9".repeat(100)), "");
        for (var format : List.of("gnu", "posix")) {
            var archive = folder.resolve(format + ".tar").toString();
            run(
                    "/bin/tar",
                    "-C",
                    tree.toString(),
                    "--sort=name",
                    "-H",
                    format,
                    "-cf",
                    archive,
                    ".");
            read(Files.readAllBytes(Path.of(archive)), "/" + format);
            assertEquals("text", Files.readString(path("/" + format + "/" + "l".repeat(150))));
            assertEquals("text", Files.readString(path("/" + format + "/" + "h".repeat(150))));
            assertTrue(Files.exists(path("/" + format + "/" + "\u00e9".repeat(100))), format);
        }
    }

    private static final Map<String, String> EXTENDED =
            Map.of("a", "1\n\0\u00ff", "empty", "", "p%25=%41", "pq", "\u00e4 b", "z");

    private static void setExtended(Path path) throws IOException {
        var view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        for (var one : EXTENDED.entrySet())
            view.write(
                    one.getKey(),
                    ByteBuffer.wrap(one.getValue().getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static Map<String, String> extended(Path path) throws IOException {
        var view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        var all = new HashMap<String, String>();
        for (var name : view.list()) {
            var value = new byte[view.size(name)];
            view.read(name, ByteBuffer.wrap(value));
            all.put(name, new String(value, StandardCharsets.ISO_8859_1));
        }
        return all;
    }

    private void makeExtended() throws IOException {
        Files.createDirectories(path("/tree/d"));
        Files.writeString(path("/tree/d/f"), "text");
        Files.writeString(path("/tree/" + "n".repeat(150)), "long name");
        Files.createLink(path("/tree/hard"), path("/tree/d/f"));
        Files.createSymbolicLink(path("/tree/soft"), path("d/f"));
        for (var name : List.of("d", "d/f", "n".repeat(150))) {
            setExtended(path("/tree/" + name));
            Files.setLastModifiedTime(path("/tree/" + name), TIME);
        }
        Files.setAttribute(path("/tree/d/f"), "unix:mode", 0444);
    }

    @Test
    void extendedAttributesComeBackOfATar() throws Exception {
        makeExtended();
        for (var format : Format.values()) {
            boolean tar = format != Format.ZIP;
            var back = path("/" + format);
            read(archive(format), "/" + format);
            for (var name : List.of("d", "d/f", "n".repeat(150), "soft")) {
                var path = back.resolve(name);
                assertEquals(tar ? EXTENDED : Map.of(), extended(path), name);
                if (tar) assertEquals(TIME, Files.getLastModifiedTime(path));
            }
            assertEquals(tar ? EXTENDED : Map.of(), extended(back.resolve("hard")));
            assertEquals(
                    0444,
                    (int) (Integer) Files.getAttribute(back.resolve("d/f"), "unix:mode") & 07777);
        }
    }

    /// GNU tar lists and unpacks what is written here, and what it writes is read.
    @Test
    void extendedAttributesAreThoseOfTheSystemsTar() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/tar")));
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("user"));
        makeExtended();
        var archive = Files.write(folder.resolve("a.tar"), archive(Format.TAR)).toString();
        var listing =
                output("/bin/tar", "--xattrs", "--xattrs-include=*", "-tvvf", archive)
                        .lines()
                        .toList();
        for (var name : EXTENDED.keySet()) {
            var line = "  x: %d user.%s".formatted(EXTENDED.get(name).length(), name);
            assertEquals(3, listing.stream().filter(line::equals).count(), line + " of " + listing);
        }
        var out = Files.createDirectory(folder.resolve("out")).toString();
        run("/bin/tar", "-C", out, "--no-same-owner", "--xattrs", "-xpf", archive);
        for (var name : List.of("d", "d/f", "n".repeat(150), "hard")) {
            assertEquals(EXTENDED, extended(Path.of(out, name)), name);
            assertEquals(TIME, Files.getLastModifiedTime(Path.of(out, name)));
        }
        var again = folder.resolve("b.tar");
        run("/bin/tar", "-C", out, "--xattrs", "-cf", again.toString(), ".");
        read(Files.readAllBytes(again), "/back");
        for (var name : List.of("d", "d/f", "n".repeat(150), "hard"))
            assertEquals(EXTENDED, extended(path("/back/" + name)), name);
        // A tree of the host's own goes into an archive and back as well.
        var bytes = new ByteArrayOutputStream();
        archives.write(Path.of(out), Format.TAR, bytes, Progress.NONE);
        var copy = folder.resolve("copy");
        archives.read(
                new ByteArrayInputStream(bytes.toByteArray()), copy, Limits.DEFAULT, Progress.NONE);
        assertEquals(EXTENDED, extended(copy.resolve("d/f")));
    }

    private static String output(String... command) throws Exception {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C.UTF-8");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return output;
    }

    @Test
    void extendedAttributesThatMakeNoSenseAreRefused() throws Exception {
        for (var record :
                List.of(
                        "SCHILY.xattr.user.=x",
                        "SCHILY.xattr.user.a%00=x",
                        "SCHILY.xattr.user." + "n".repeat(251) + "=x",
                        "SCHILY.xattr.user.a=" + "x".repeat(65_537),
                        "LIBARCHIVE.xattr.user.a=*"))
            assertOneLine(() -> read(Hostile.extended(record), "/no"), "extended attributes");
        var many = new String[3];
        for (int i = 0; i < 3; i++) many[i] = "SCHILY.xattr.user." + i + "=" + "x".repeat(50_000);
        assertOneLine(() -> read(Hostile.extended(many), "/no"), "131072 bytes");
        // Those of others than users are left out, even by a superuser.
        var others =
                Hostile.extended(
                        "SCHILY.xattr.trusted.t=x",
                        "SCHILY.xattr.security.capability=x",
                        "SCHILY.xattr.system.posix_acl_access=x",
                        "LIBARCHIVE.xattr.user.a=eA");
        read(others, "/others");
        assertEquals(Map.of("a", "x"), extended(path("/others/f")));
    }

    @Test
    void aTargetWithoutExtendedAttributesTakesTheRest() throws Exception {
        makeExtended();
        var type = new PlainMemory();
        var vfs = new VfsService(List.of(type), null);
        try (var other = vfs.namespace(List.of(MountSpec.of("/", "plain")));
                var there = vfs.fileSystem(other, "other", Credentials.ROOT)) {
            var to = there.getPath("/back");
            archives.read(
                    new ByteArrayInputStream(archive(Format.TAR)),
                    to,
                    Limits.DEFAULT,
                    Progress.NONE);
            assertEquals("text", Files.readString(to.resolve("d/f")));
            assertEquals(Map.of(), extended(to.resolve("d/f")));
        }
    }

    private static void run(String... command) throws Exception {
        var process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, process.waitFor());
    }

    private interface Attempt {
        Object run() throws Exception;
    }

    private static void assertOneLine(Attempt attempt, String... parts) {
        var failure = assertThrows(IOException.class, attempt::run);
        var message = String.valueOf(failure.getMessage());
        assertEquals(1, message.lines().count(), message);
        for (var part : parts) assertTrue(message.contains(part), message);
    }

    @Test
    void hostileNamesAreRefused() throws Exception {
        Files.writeString(path("/outside"), "mine");
        for (var format : List.of(Format.TAR, Format.ZIP))
            for (var name :
                    List.of(
                            "../outside",
                            "/outside",
                            "a/../../outside",
                            "a/..",
                            "..",
                            "//outside")) {
                var archive = Hostile.of(format).file(name, "evil").bytes();
                assertOneLine(() -> read(archive, "/target"), "refused");
                assertEquals("mine", Files.readString(path("/outside")));
            }
        assertOneLine(
                () -> read(Hostile.of(Format.TAR).hard("h", "../outside").bytes(), "/target"),
                "refused");
        assertOneLine(
                () -> read(Hostile.of(Format.TAR).hard("h", "/outside").bytes(), "/target"),
                "refused");
        assertOneLine(
                () -> read(Hostile.of(Format.TAR).hard("h", "none").bytes(), "/target"),
                "not there");
        assertFalse(Files.exists(path("/target/h")));
    }

    @Test
    void nothingIsMadeThroughALink() throws Exception {
        Files.createDirectory(path("/elsewhere"));
        Files.writeString(path("/elsewhere/file"), "mine");
        var anywhere = Limits.DEFAULT.withOutsideLinks(true);
        for (var format : List.of(Format.TAR, Format.ZIP)) {
            for (var link : List.of("/elsewhere", "../elsewhere")) {
                var through = Hostile.of(format).symbolic("l", link).file("l/file", "evil").bytes();
                assertOneLine(
                        () ->
                                archives.read(
                                        new ByteArrayInputStream(through),
                                        path("/t"),
                                        anywhere,
                                        Progress.NONE),
                        "its way leads through a link");
                // A directory that was there becomes a link, and is looked at again.
                var swapped =
                        Hostile.of(format)
                                .directory("d")
                                .symbolic("d", link)
                                .file("d/file", "evil")
                                .bytes();
                assertOneLine(
                        () ->
                                archives.read(
                                        new ByteArrayInputStream(swapped),
                                        path("/t2"),
                                        anywhere,
                                        Progress.NONE),
                        "its way leads through a link");
                // The file takes the link's place, and is not written to where it leads.
                var replaced =
                        Hostile.of(format).symbolic("f", link + "/file").file("f", "new").bytes();
                archives.read(
                        new ByteArrayInputStream(replaced), path("/t3"), anywhere, Progress.NONE);
                assertEquals("new", Files.readString(path("/t3/f")));
            }
            assertEquals("mine", Files.readString(path("/elsewhere/file")));
        }
        var linked = Hostile.of(Format.TAR).symbolic("l", "/elsewhere").hard("h", "l/file").bytes();
        assertOneLine(
                () ->
                        archives.read(
                                new ByteArrayInputStream(linked),
                                path("/t4"),
                                anywhere,
                                Progress.NONE),
                "its way leads through a link");
        assertEquals(1, Files.getAttribute(path("/elsewhere/file"), "unix:nlink"));
    }

    @Test
    void linksThatPointOutsideAreRefused() throws Exception {
        for (var format : List.of(Format.TAR, Format.ZIP)) {
            for (var link :
                    List.of(
                            "/etc/passwd",
                            "..",
                            "../x",
                            "a/../../x",
                            "a/..",
                            "./..",
                            "../../target/x")) {
                var archive = Hostile.of(format).symbolic("l", link).bytes();
                assertOneLine(() -> read(archive, "/target"), "refused", "link", "outside");
            }
            var chained =
                    Hostile.of(format)
                            .symbolic("a/b/c/s", "../../..")
                            .symbolic("t", "a/b/c/s/../x")
                            .bytes();
            assertOneLine(() -> read(chained, "/target"), "refused");
            var fine =
                    Hostile.of(format)
                            .symbolic("a/b/l", "../../x")
                            .symbolic("in", "/target/x")
                            .file("x", "1")
                            .bytes();
            read(fine, "/target");
            assertEquals("1", Files.readString(path("/target/a/b/l")));
            assertEquals("1", Files.readString(path("/target/in")));
        }
    }

    @Test
    void bombsAreRefused() throws Exception {
        Files.createDirectory(path("/tree"));
        try (var channel =
                FileChannel.open(
                        path("/tree/zeros"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1]), 200 << 20);
        }
        for (var format : List.of(Format.TAR_GZ, Format.ZIP)) {
            var archive = archive(format);
            assertTrue(archive.length < 1 << 20);
            assertOneLine(() -> read(archive, "/ratio"), "200 times", "limit");
            var generous = Limits.DEFAULT.withRatio(5000);
            assertOneLine(
                    () ->
                            archives.read(
                                    new ByteArrayInputStream(archive),
                                    path("/size"),
                                    generous.withBytes(1 << 20),
                                    Progress.NONE),
                    "1.0 MiB",
                    "limit");
            archives.read(
                    new ByteArrayInputStream(archive), path("/fine"), generous, Progress.NONE);
        }
        for (var format : List.of(Format.TAR, Format.ZIP)) {
            var many = Hostile.of(format);
            for (int i = 0; i < 11; i++) many.file("f" + i, "");
            var archive = many.bytes();
            assertOneLine(
                    () ->
                            archives.read(
                                    new ByteArrayInputStream(archive),
                                    path("/many"),
                                    Limits.DEFAULT.withEntries(10),
                                    Progress.NONE),
                    "more than 10 entries");
        }
    }

    @Test
    void oneNameMakesNoMillionOfDirectories() throws Exception {
        var archive = Hostile.of(Format.TAR).file("a/".repeat(40) + "f", "").bytes();
        assertOneLine(
                () ->
                        archives.read(
                                new ByteArrayInputStream(archive),
                                path("/deep"),
                                Limits.DEFAULT.withEntries(30),
                                Progress.NONE),
                "more than 30 entries");
    }

    @Test
    void whatNobodyReadsHasAnEnd() throws Exception {
        var device = Hostile.header("device", '3', 32 << 20, 32 << 20);
        assertOneLine(() -> read(device, "/target"), "16 MiB");
        Files.createDirectory(path("/tree"));
        var tail = Arrays.copyOf(archive(Format.TAR), 32 << 20);
        assertOneLine(() -> read(tail, "/target"), "16 MiB");
    }

    @Test
    void endlessHeadersAreRefused() throws Exception {
        for (char type : new char[] {'L', 'K', 'x'}) {
            var archive = Hostile.header("name", type, 3L << 30, 2 << 20);
            assertOneLine(() -> read(archive, "/target"), "headers are longer");
        }
    }

    @Test
    void whatIsCutOffOrDamagedIsRefused() throws Exception {
        makeTree();
        for (var format : Format.values()) {
            var whole = archive(format);
            int step = Math.max(1, whole.length / 60);
            for (int length = 0; length < whole.length - 1024; length += step) {
                var cut = Arrays.copyOf(whole, length);
                assertOneLine(() -> read(cut, "/cut"));
            }
        }
        assertOneLine(() -> read("#!/bin/sh\necho hi".getBytes("US-ASCII"), "/no"));
        assertOneLine(() -> read("x".repeat(4096).getBytes("US-ASCII"), "/no"));
        assertFalse(Files.exists(path("/no")));
        var random = new java.util.Random(7);
        for (var format : List.of(Format.TAR, Format.ZIP)) {
            Files.deleteIfExists(path("/tree/sparse"));
            var whole = archive(format);
            for (int i = 0; i < 400; i++) {
                var broken = whole.clone();
                for (int n = 0; n < 8; n++)
                    broken[random.nextInt(broken.length)] = (byte) random.nextInt();
                try {
                    read(broken, "/broken/" + i);
                } catch (java.nio.file.FileSystemException e) {
                    // A name that cannot be made.
                    assertFalse(e.getMessage().isEmpty());
                } catch (IOException e) {
                    assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.toString());
                }
            }
        }
    }

    @Test
    void progressIsToldAndEndsIt() throws Exception {
        Files.createDirectory(path("/tree"));
        Files.write(path("/tree/big"), new byte[5 << 20]);
        var told = new long[1];
        for (var format : Format.values()) {
            told[0] = 0;
            var bytes = new ByteArrayOutputStream();
            var summary =
                    archives.write(
                            path("/tree"),
                            format,
                            bytes,
                            (entries, count) -> {
                                assertTrue(count - told[0] <= 1 << 20);
                                told[0] = count;
                                return true;
                            });
            assertEquals(5 << 20, told[0]);
            assertEquals(new Archives.Summary(1, 5 << 20, 0), summary);
            assertThrows(
                    InterruptedIOException.class,
                    () ->
                            archives.write(
                                    path("/tree"),
                                    format,
                                    new ByteArrayOutputStream(),
                                    (_, count) -> count < 1 << 20));
            assertThrows(
                    InterruptedIOException.class,
                    () ->
                            archives.read(
                                    new ByteArrayInputStream(bytes.toByteArray()),
                                    path("/stopped"),
                                    Limits.DEFAULT,
                                    (_, count) -> count < 1 << 20));
        }
    }
}
