package podium.vfs.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.testkit.ReadOnlyFileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Node;

/// File systems that mke2fs(8) makes of a tree and debugfs(8) changes, against what find(1) and
/// sha256sum(1) tell of the tree.
class ExtImageTest {

    @TempDir static Path folder;

    private static Path tree;

    @BeforeAll
    static void makeTree() throws Exception {
        tree = Native.tree(folder);
        // mke2fs does not write the bits that tell of years this late.
        Native.shell(tree, "touch -d '2030-01-01 UTC' d/e");
        // Many extents, so that there is a tree of them.
        try (var comb = FileChannel.open(tree.resolve("comb"), CREATE_NEW, WRITE)) {
            for (int i = 0; i < 1500; i++)
                comb.write(ByteBuffer.wrap(("tooth " + i).getBytes(US_ASCII)), 8192L * i);
        }
    }

    @Nested
    class Contract extends ReadOnlyFileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            return Images.mount(image("contract", "-t ext4"));
        }
    }

    /// A file system with the tree in it.
    private static Path image(String name, String options) {
        return Native.ext(folder, name, "48M", options + " -d tree");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ext2",
                "-t ext2 -r 0",
                "-t ext2 -b 1024 -I 128",
                "-t ext3",
                "-t ext3 -b 2048",
                "-t ext4",
                "-t ext4 -b 1024",
                "-t ext4 -b 1024 -I 128",
                "-t ext4 -b 65536",
                "-t ext4 -I 1024",
                "-t ext4 -O ^64bit",
                "-t ext4 -O ^metadata_csum,uninit_bg",
                "-t ext4 -O ^metadata_csum,^uninit_bg",
                "-t ext4 -O metadata_csum_seed",
                "-t ext4 -O ^flex_bg -b 1024 -g 1024",
                "-t ext4 -O meta_bg,^resize_inode -b 1024 -g 256",
                "-t ext4 -O ^extent,^64bit",
                "-t ext4 -O inline_data",
                "-t ext4 -O inline_data -b 1024 -I 512",
                "-t ext4 -O bigalloc",
                "-t ext4 -O ^filetype",
                "-t ext4 -O ^dir_index,large_dir,mmp,quota,sparse_super2",
            })
    void everyAttributeAndByteIsThere(String options) throws Exception {
        var expected = Native.shape(tree, false);
        var image = image("image", options);
        // With this feature, mke2fs forgets a hole at a file's end.
        if (options.contains("inline_data")) Native.debugfs(image, "sif sparse size 20971520");
        try (var fs = Images.mount(image)) {
            compare(fs, expected);
        }
    }

    private static void compare(FileSystem fs, Map<String, String> expected) {
        var shape = Shape.of(fs, false);
        // What only the file system itself has.
        assertTrue(shape.remove("lost+found").startsWith("d 700 0:0 "));
        shape.remove("");
        expected.remove("");
        Shape.assertSame(expected, shape);
    }

    @Test
    void holesAreHoles() throws Exception {
        for (var options : new String[] {"-t ext2", "-t ext4"})
            try (var fs = Images.mount(image("holes", options + " -b 4096"))) {
                var file = (Node.Regular) Shape.find(fs, "sparse");
                assertEquals("[4096,7340032)[7344128,20971520)", Shape.holes(file));
                assertTrue(file.attributes().blocks() <= 32, "" + file.attributes());
                assertEquals("[0,3145728)", Shape.holes((Node.Regular) Shape.find(fs, "hole")));
            }
    }

    @Test
    void timesHaveNanosecondsAndDevicesNumbers() throws Exception {
        var image = image("times", "-t ext4 -I 256");
        // The lower two bits are years after 2038, the others nanoseconds.
        Native.debugfs(
                image,
                "sif d/plain mtime @0x10000001",
                "sif d/plain mtime_extra 0x%x".formatted(123_456_789 << 2 | 1),
                "sif d/plain ctime @0x80000000",
                "sif d/plain ctime_extra 0x%x".formatted(999_999_999L << 2),
                "sif d/plain atime @0x80000000",
                "sif d/plain atime_extra 0x1",
                "sif d/plain crtime @0x7fffffff",
                "sif d/plain crtime_extra 0x%x".formatted(5 << 2),
                "sif d/plain uid 100000",
                "mknod null c 1 3",
                "mknod disk b 259 60000");
        try (var fs = Images.mount(image)) {
            var of = Shape.find(fs, "d/plain").attributes();
            long second = 1_000_000_000;
            assertEquals((0x1000_0001L + (1L << 32)) * second + 123_456_789, of.modified());
            assertEquals(-(1L << 31) * second + 999_999_999, of.changed());
            assertEquals((1L << 31) * second, of.accessed());
            assertEquals(0x7fff_ffffL * second + 5, of.born());
            assertEquals(100_000, of.uid());
            var c = Shape.find(fs, "null").attributes();
            assertEquals(Mode.CHARACTER, Mode.type(c.mode()));
            assertEquals(1L << 8 | 3, c.device());
            var b = Shape.find(fs, "disk").attributes();
            assertEquals(Mode.BLOCK, Mode.type(b.mode()));
            assertEquals(60_000 & 0xff | 259 << 8 | (60_000 & ~0xff) << 12, b.device());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t ext4", "-t ext4 -O ^metadata_csum", "-t ext3"})
    void aDirectoryWithAnIndexIsRead(String options) throws Exception {
        Native.shell(
                folder,
                """
                rm -rf wide; mkdir -p wide/in
                for i in $(seq 1 6000); do : > "wide/in/$(printf '%0100d' $i)"; done
                """);
        var image = Native.ext(folder, "wide.img", "32M", options + " -b 1024 -N 8000 -d wide");
        // Makes the indexes; 1 says that it did something.
        Native.shell(
                folder,
                "PATH=$PATH:/usr/sbin:/sbin e2fsck -fyD wide.img >/dev/null 2>&1 || [ $? = 1 ]");
        var dump = Native.text(Native.debugfs(image, "htree_dump /in"));
        assertTrue(
                dump.contains("Indirect levels: 1"),
                dump.substring(0, Math.min(500, dump.length())));
        try (var fs = Images.mount(image)) {
            compare(fs, Native.shape(folder.resolve("wide"), false));
        }
    }

    @Test
    void whatWasReservedAndNotWrittenIsZeros() throws Exception {
        Native.shell(folder, "head -c 48M /dev/zero | tr '\\0' '\\377' > reserved");
        Native.shell(
                folder,
                "PATH=$PATH:/usr/sbin:/sbin mke2fs -q -F -t ext4 -b 1024 -E nodiscard -d tree reserved 48M");
        var image = folder.resolve("reserved");
        Native.debugfs(
                image, "write tree/d/plain new", "fallocate new 5 20000", "sif new size 18000000");
        try (var fs = Images.mount(image)) {
            var file = (Node.Regular) Shape.find(fs, "new");
            var bytes = ByteBuffer.allocate(18_000_000);
            assertEquals(18_000_000, file.read(bytes, 0));
            assertEquals("some text\n", new String(bytes.array(), 0, 10, US_ASCII));
            for (int i = 10; i < bytes.capacity(); i++) assertEquals(0, bytes.get(i), "" + i);
            assertEquals("[1024,18000000)", Shape.holes(file));
            assertTrue(file.attributes().blocks() >= 2 * 19_990);
        }
    }

    @Test
    void sizesHave64Bits() throws Exception {
        var big = Files.createDirectory(folder.resolve("big"));
        try (var file = FileChannel.open(big.resolve("f"), CREATE_NEW, WRITE)) {
            file.write(ByteBuffer.wrap("low".getBytes(US_ASCII)), 100_000);
            file.write(ByteBuffer.wrap("end".getBytes(US_ASCII)), (5L << 30) - 3);
        }
        for (var options : new String[] {"-t ext2 -b 4096", "-t ext4 -b 1024", "-t ext4"})
            try (var fs = Images.mount(Native.ext(folder, "big.img", "6G", options + " -d big"))) {
                var file = (Node.Regular) Shape.find(fs, "f");
                assertEquals(5L << 30, file.attributes().size());
                var bytes = ByteBuffer.allocate(10);
                assertEquals(6, file.read(bytes, (5L << 30) - 6));
                assertEquals("\0\0\0end", new String(bytes.array(), 0, 6, US_ASCII));
                file.read(bytes.clear().limit(3), 100_000);
                assertEquals("low", new String(bytes.array(), 0, 3, US_ASCII));
                assertTrue(file.seek(1 << 20, true) > 4L << 30);
            } finally {
                Files.delete(folder.resolve("big.img"));
            }
    }

    @Test
    void itMayBeCompressed() throws Exception {
        image("packed", "-t ext4");
        Native.shell(folder, "gzip -f packed");
        try (var fs = Images.mount(folder.resolve("packed.gz"))) {
            compare(fs, Native.shape(tree, false));
        }
    }

    @Test
    void whatIsNotToBeReadAsItIsIsRefused() throws Exception {
        var image = image("dirty", "-t ext4");
        Native.debugfs(image, "feature needs_recovery");
        Images.refuses(image, "journal", "e2fsck");
        Native.debugfs(image("unclean", "-t ext2"), "ssv state 0");
        Images.refuses(folder.resolve("unclean"), "e2fsck");
        Native.debugfs(image("faulty", "-t ext2"), "ssv state 3");
        Images.refuses(folder.resolve("faulty"), "e2fsck");
        Native.ext(folder, "journal", "48M", "-O journal_dev");
        Images.refuses(folder.resolve("journal"), "journal_dev");
        var other = image("other", "-t ext4 -O encrypt,casefold");
        Images.refuses(other, "encrypt", "casefold");
        var unknown = image("unknown", "-t ext2");
        patch(unknown, 1024 + 96, 0x2042_0002);
        Images.refuses(unknown, "0x400000", "0x20000000");
        Images.refuses(cut(image("cut", "-t ext4"), 20 << 20), "cut off");
        Images.refuses(cut(image("cut2", "-t ext4"), 2000), "neither");
    }

    private static Path cut(Path image, long size) throws Exception {
        try (var file = FileChannel.open(image, WRITE)) {
            file.truncate(size);
        }
        return image;
    }

    /// Writes numbers of 32 bits.
    static void patch(Path image, long at, int... numbers) throws Exception {
        var bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) bytes.putInt(number);
        try (var file = FileChannel.open(image, WRITE)) {
            file.write(bytes.flip(), at);
        }
    }
}
