package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Node;

/// Archives that lie, lead out or are bombs.
class HostileImageTest {

    @TempDir Path folder;

    private void refuses(HostileTar tar, String... why) throws IOException {
        Images.refuses(tar.write(folder.resolve("hostile.tar")), why);
    }

    private static HostileTar tar() {
        return new HostileTar();
    }

    @Test
    void namesThatLeadOutAreRefused() throws Exception {
        for (var name : new String[] {"../x", "a/../../x", "a/..", "..", "/x", "//x", "/"}) {
            refuses(tar().file(name, "x"), "refused");
            refuses(tar().directory(name), "refused");
            refuses(tar().link(name, "x"), "refused");
            refuses(tar().pax("path=" + name).file("f", "x"), "refused");
            refuses(tar().longName(name).file("f", "x"), "refused");
            refuses(tar().file("f", "x").hardLink("h", name), "refused");
            refuses(tar().file("f", "x").pax("linkpath=" + name).hardLink("h", "f"), "refused");
        }
        for (var name : new String[] {"", ".", "./", "././."})
            refuses(tar().file(name, "x"), "refused");
        refuses(tar().pax("path=a\0b").file("f", "x"), "refused");
        refuses(tar().longName("a\0b").file("f", "x"), "refused");
        refuses(tar().pax("linkpath=a\0b").link("f", "x"), "refused");
        refuses(tar().link("f", ""), "refused");
        refuses(tar().longName("n".repeat(256)).file("f", "x"), "refused");
        refuses(tar().longName("n/".repeat(3000)).file("f", "x"), "too long");
        refuses(tar().longLink("n/".repeat(3000)).link("f", "x"), "refused");
    }

    @Test
    void nothingIsMadeThroughALink() throws Exception {
        for (var target : new String[] {"/etc", "..", "d", ".", "l"}) {
            refuses(tar().directory("d").link("l", target).file("l/passwd", "x"), "no directory");
            refuses(tar().directory("d").link("l", target).directory("l/x"), "no directory");
            refuses(
                    tar().directory("d").file("d/f", "x").link("l", target).hardLink("h", "l/f"),
                    "not there");
        }
        refuses(tar().file("f", "x").file("f/x", "x"), "no directory");
        // A later entry of the name takes its place.
        try (var fs =
                Images.mount(
                        tar().link("l", "/etc")
                                .directory("l")
                                .file("l/x", "x")
                                .write(folder.resolve("a.tar")))) {
            assertInstanceOf(Node.Directory.class, Shape.find(fs, "l"));
            assertEquals(1, Shape.find(fs, "l/x").attributes().size());
        }
    }

    @Test
    void hardLinksToNothingAreRefused() throws Exception {
        refuses(tar().hardLink("h", "nothing"), "not there");
        refuses(tar().hardLink("h", "h"), "not there");
        refuses(tar().hardLink("a", "b").hardLink("b", "a"), "not there");
        refuses(tar().directory("d").hardLink("h", "d"), "a directory");
        refuses(tar().file("later", "x").hardLink("h", "later/x"), "not there");
        // One to itself is one name.
        try (var fs =
                Images.mount(
                        tar().file("f", "x").hardLink("f", "f").write(folder.resolve("a.tar")))) {
            assertEquals(1, Shape.find(fs, "f").attributes().links());
        }
        // A link to a link is a name of the link.
        try (var fs =
                Images.mount(
                        tar().link("l", "/nowhere")
                                .hardLink("h", "l")
                                .write(folder.resolve("b")))) {
            assertEquals("/nowhere", ((Node.Link) Shape.find(fs, "h")).target());
        }
    }

    @Test
    void sizesThatLieAreRefused() throws Exception {
        var large = (char) 0x80 + "\0\0\0" + "\177" + "\377".repeat(7);
        var negative = "\377".repeat(12);
        var enormous = (char) 0x80 + "\377".repeat(11);
        refuses(tar().header("f", '0', "", "77777777777\0", "x"), "cut off");
        refuses(tar().header("f", '0', "", large, "x"), "cut off");
        refuses(tar().header("f", '0', "", negative, "x"), "cut off");
        refuses(tar().header("f", '0', "", enormous, "x"), "number");
        refuses(tar().header("f", '0', "", "9999\0", "x"), "number");
        refuses(tar().header("f", 'x', "", large, "x"), "header");
        refuses(tar().header("f", 'L', "", "77777777777\0", "x"), "header");
        for (var size : new String[] {"100000", "9223372036854775807", "4611686018427387904"})
            refuses(tar().pax("size=" + size).file("f", "x"), "cut off");
        for (var size : new String[] {"-1", "9223372036854775808", "1.5", "0x10", " 1", "1e3"})
            refuses(tar().pax("size=" + size).file("f", "x"), "size=");
        // The next header would begin elsewhere for who does not believe it.
        for (char type : new char[] {'1', '2', '3', '4', '5', '6'})
            refuses(
                    tar().file("f", "x").pax("size=512").header("l", type, "f", "0\0", "y"),
                    "doubt");
        for (var id : new String[] {"-1", "4294967295", "99999999999999999999"})
            refuses(tar().pax("uid=" + id).file("f", "x"));
        for (var time : new String[] {"", "x", "1.2.3", "--1", "1e9"})
            if (!time.isEmpty()) refuses(tar().pax("mtime=" + time).file("f", "x"), "mtime");
        try (var fs =
                Images.mount(
                        tar().pax("mtime=9999999999999999999999", "atime=-1.5000000001")
                                .file("f", "x")
                                .write(folder.resolve("times")))) {
            var of = Shape.find(fs, "f").attributes();
            assertEquals(Long.MAX_VALUE, of.modified());
            assertEquals(-1_500_000_001, of.accessed());
        }
    }

    @Test
    void damagedExtendedHeadersAreRefused() throws Exception {
        for (var records :
                new String[] {
                    "x",
                    "5 a=b",
                    "7 a=b\n",
                    "6 a=b\nx",
                    "0 a=b\n",
                    "999999999 a=b\n",
                    "6 aab\n",
                    "-6 a=b\n",
                    "6a=bcd\n",
                    "6 a=b\n6 a=b"
                })
            refuses(
                    tar().header("p", 'x', "", "%011o\0".formatted(records.length()), records)
                            .file("f", "x"),
                    "damaged");
        refuses(tar().pax("path=g"), "cut off");
        refuses(tar().longName("x".repeat(1 << 20)).file("f", "x"), "limit");
        var many = tar();
        for (int i = 0; i < 3; i++) many.pax("comment=" + "x".repeat(400_000));
        refuses(many.file("f", "x"), "limit");
        var map = "30 GNU.sparse.map=0,1,2,3,4,5\n";
        refuses(
                tar().header("g", 'g', "", "%011o\0".formatted(map.length()), map).file("f", "x"),
                "sparse");
    }

    @Test
    void mapsOfSparseFilesThatLieAreRefused() throws Exception {
        for (var map :
                new String[] {
                    "0,2",
                    "0,1,1",
                    "1,1,0,1",
                    "0,1,0,1",
                    "99,1",
                    "0,-1",
                    "x,1",
                    "-1,2",
                    ",",
                    "0,1,",
                    "9223372036854775807,1",
                    "0,9223372036854775807",
                    "5,1,5,0,5,0,4,0,0,1"
                })
            refuses(tar().pax("GNU.sparse.size=10", "GNU.sparse.map=" + map).file("f", "x"), "map");
        refuses(tar().pax("GNU.sparse.major=2").file("f", "x"), "newer");
        for (var data :
                new String[] {
                    "", "1\n", "99999999\n", "2\n0\n1\n", "-1\n", "x\n", "1".repeat(600), "\n\n\n"
                })
            refuses(
                    tar().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=10")
                            .file("f", data));
        var old = new byte[512];
        old[0] = 'f';
        old[156] = 'S';
        System.arraycopy("ustar  \0".getBytes(StandardCharsets.US_ASCII), 0, old, 257, 8);
        // There is always a further block.
        old[482] = 1;
        var endless = tar().raw(old, "");
        for (int i = 0; i < 10; i++) {
            var block = new byte[512];
            block[504] = 1;
            endless.raw(block, "");
        }
        Images.refuses(Files.write(folder.resolve("endless"), endless.open()), "cut off");
        // A hole of any size is nothing but a number.
        try (var fs =
                Images.mount(
                        tar().pax("GNU.sparse.size=9223372036854775807", "GNU.sparse.map=0,1")
                                .file("f", "x")
                                .write(folder.resolve("holes")))) {
            var file = (Node.Regular) Shape.find(fs, "f");
            assertEquals(Long.MAX_VALUE, file.attributes().size());
            var bytes = ByteBuffer.allocate(10);
            assertEquals(7, file.read(bytes, Long.MAX_VALUE - 7));
            assertEquals("[1," + Long.MAX_VALUE + ")", Shape.holes(file));
        }
    }

    @Test
    void whatIsCutOffIsRefused() throws Exception {
        var whole = tar().file("a", "x".repeat(600)).file("b", "y").open();
        for (int size = 1; size <= whole.length; size++) {
            var file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, size));
            Images.refuses(file);
        }
        var zipped = folder.resolve("cut.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(Arrays.copyOf(whole, whole.length + 1024));
        }
        var bytes = Files.readAllBytes(zipped);
        for (int size = 2; size < bytes.length; size++)
            Images.refuses(Files.write(zipped, Arrays.copyOf(bytes, size)));
        // The checksum and the size at the end.
        for (int at = bytes.length - 8; at < bytes.length; at++) {
            var damaged = bytes.clone();
            damaged[at] ^= 0x40;
            Images.refuses(Files.write(zipped, damaged), "damaged");
        }
    }

    @Test
    void whatGoesAwayLaterIsAnInputError() throws Exception {
        var file = tar().file("f", "x".repeat(5000)).write(folder.resolve("f.tar"));
        try (var fs = Images.mount(file)) {
            var node = (Node.Regular) Shape.find(fs, "f");
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(1000);
            }
            var e =
                    assertThrows(
                            ErrnoException.class, () -> node.read(ByteBuffer.allocate(5000), 0));
            assertEquals(Errno.EIO, e.errno());
        }
    }

    @Test
    void interruptsDisturbNobody() throws Exception {
        var plain = tar().file("f", "x".repeat(100_000)).write(folder.resolve("f.tar"));
        Native.shell(folder, "gzip -k f.tar");
        for (var image : new Path[] {plain, folder.resolve("f.tar.gz")})
            try (var fs = Images.mount(image)) {
                var file = (Node.Regular) Shape.find(fs, "f");
                var digest = Shape.digest(file);
                Thread.currentThread().interrupt();
                assertEquals(digest, Shape.digest(file));
                assertEquals(true, Thread.interrupted());
                assertEquals(digest, Shape.digest(file));
            }
    }

    @Test
    void nothingIsLeftOpenOrBehind() throws Exception {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        var plain = tar().file("f", "x".repeat(100_000)).write(folder.resolve("f.tar"));
        Native.shell(folder, "gzip -k f.tar; head -c 100 f.tar.gz > cut.gz");
        long before = open(folder) + open(temporary);
        for (int i = 0; i < 3; i++) {
            for (var image : new Path[] {plain, folder.resolve("f.tar.gz")})
                try (var fs = Images.mount(image)) {
                    Shape.digest((Node.Regular) Shape.find(fs, "f"));
                }
            Images.refuses(folder.resolve("cut.gz"));
            refuses(tar().file("../f", "x"));
        }
        // The collector may have closed what another test had.
        assertEquals(true, open(folder) + open(temporary) <= before);
    }

    /// How many files below a directory this process has open.
    private static long open(Path directory) throws IOException {
        long count = 0;
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            for (var one : all.toList()) {
                try {
                    if (Files.readSymbolicLink(one).toString().startsWith(directory.toString()))
                        count++;
                } catch (java.nio.file.NoSuchFileException _) {
                    // The one for this very listing.
                }
            }
        }
        return count;
    }

    @Test
    void bombsAreRefused() throws Exception {
        var bomb = folder.resolve("bomb.tar.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            zeros(out, 200 << 20);
        }
        Images.refuses(bomb, "limit");
        var twice = folder.resolve("twice.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(twice))) {
            Files.copy(bomb, out);
        }
        Images.refuses(twice, "twice");
        var zip = folder.resolve("bomb.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("f"));
            zeros(out, 200 << 20);
        }
        Images.refuses(zip, "limit");
        try (var fs = Images.mount(tar().file("f", "x").write(folder.resolve("fine.tar")))) {
            assertNull(fs.root().lookup("g"));
        }
    }

    private static void zeros(OutputStream to, long count) throws IOException {
        var zeros = new byte[1 << 16];
        for (long i = 0; i < count; i += zeros.length) to.write(zeros);
    }

    @Test
    void tooManyEntriesAreRefused() throws Exception {
        // Each name makes two thousand directories.
        var tar = folder.resolve("deep.tar");
        try (var out = new java.io.BufferedOutputStream(Files.newOutputStream(tar))) {
            for (int i = 0; i < 600; i++)
                out.write(tar().longName(i + "/" + "a/".repeat(2000) + "f").file("f", "").open());
            out.write(new byte[1024]);
        }
        Images.refuses(tar, "entries", "limit");
    }

    @Test
    void deepTreesAreShown() throws Exception {
        var name = "d/".repeat(2040);
        var tar = tar().longName(name + "f").file("f", "x").write(folder.resolve("deep.tar"));
        var layout = new Layout(folder.resolve("deep"));
        var layer = layout.layer(tar);
        layout.add(layout.manifest("", layer, layer));
        for (var image : new Path[] {tar, layout.directory}) {
            // The stack of an ordinary thread has room for it.
            var thread = new Thread(null, () -> checkDeep(image, name), "deep", 512 << 10);
            var failure = new java.util.concurrent.atomic.AtomicReference<Throwable>();
            thread.setUncaughtExceptionHandler((_, e) -> failure.set(e));
            thread.start();
            thread.join();
            if (failure.get() != null) throw new AssertionError(failure.get());
        }
    }

    private static void checkDeep(Path image, String name) {
        try (var fs = Images.mount(image)) {
            assertEquals(1, Shape.find(fs, name + "f").attributes().size());
        } catch (podium.vfs.MountException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLargeFileOfAZipIsNotKeptInMemory() throws Exception {
        var zip = folder.resolve("large.zip");
        var random = new java.util.Random(1);
        var bytes = new byte[40 << 20];
        random.nextBytes(bytes);
        Arrays.fill(bytes, 1 << 20, 30 << 20, (byte) 7);
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("f"));
            out.write(bytes);
        }
        try (var fs = Images.mount(zip)) {
            var file = (Node.Regular) Shape.find(fs, "f");
            var read = ByteBuffer.allocate(bytes.length + 1);
            assertEquals(bytes.length, file.read(read, 0));
            assertEquals(-1, Arrays.mismatch(bytes, Arrays.copyOf(read.array(), bytes.length)));
        }
    }

    @Test
    void aZipWhoseDirectoryIsEnormousIsNotReadIntoMemory() throws Exception {
        var zip = folder.resolve("directory.zip");
        try (var file =
                FileChannel.open(zip, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {'P', 'K', 3, 4}));
            int size = 1_900_000_000;
            var end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
            end.putInt(0x0605_4b50).putInt(0).putShort((short) 9).putShort((short) 9);
            end.putInt(size - 4).putInt(4).putShort((short) 0);
            file.write(end.flip(), size);
        }
        Images.refuses(zip, "limits");
    }

    @Test
    void whatIsNoImageIsRefused() throws Exception {
        Images.refuses(folder.resolve("none"), "there is no file");
        Images.refuses(folder, "type host");
        Images.refuses(Files.write(folder.resolve("empty"), new byte[0]), "neither");
        Images.refuses(Files.writeString(folder.resolve("text"), "text".repeat(1000)), "neither");
        Images.refuses(Files.write(folder.resolve("zeros"), new byte[3 << 20]), "neither");
        Images.refuses(
                Files.write(folder.resolve("xz"), new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0}),
                "xz -d");
        Native.shell(folder, "mkfifo pipe");
        Images.refuses(folder.resolve("pipe"), "no regular file");
    }
}
