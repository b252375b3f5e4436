package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// Ext file systems with structures that no kernel writes: an `EIO` where they are met, and
/// everything else as before.
class HostileExtTest {

    private static final int BLOCK = 1024;

    @TempDir static Path folder;

    @BeforeAll
    static void makeTree() {
        Native.shell(
                folder,
                """
                mkdir -p tree/d/e; cd tree; printf x > d/f; printf well > well
                ln -s "$(printf '%0200d' 1)" link
                for i in $(seq 1 150); do printf x | dd of=comb bs=8K seek=$i conv=notrunc 2>/dev/null; done
                for i in $(seq 1 200); do : > "d/e/$(printf '%050d' $i)"; done
                """);
    }

    /// An image to do harm to.
    private record Victim(Path image) {

        static Victim of(String options) {
            return new Victim(
                    Native.ext(folder, "victim", "8M", options + " -b 1024 -I 256 -d tree"));
        }

        /// Where a file's inode is.
        long inode(String path) throws Exception {
            // "Inode N is part of block group G \n located at block B, offset 0xO"
            var text = Native.text(Native.debugfs(image, "imap " + path));
            var place = Pattern.compile("block (\\d+), offset 0x([0-9a-f]+)").matcher(text);
            if (!place.find()) throw new AssertionError(text);
            return Long.parseLong(place.group(1)) * BLOCK + Long.parseLong(place.group(2), 16);
        }

        /// Where a file's block is.
        long block(String path, int which) throws Exception {
            var text = Native.text(Native.debugfs(image, "bmap " + path + " " + which)).strip();
            return Long.parseLong(text.substring(text.lastIndexOf('\n') + 1)) * BLOCK;
        }

        /// Writes numbers of 32 bits.
        Victim put(long at, int... numbers) throws Exception {
            ExtImageTest.patch(image, at, numbers);
            return this;
        }

        int get(long at) throws Exception {
            try (var file = new RandomAccessFile(image.toFile(), "r")) {
                file.seek(at);
                return Integer.reverseBytes(file.readInt());
            }
        }

        FileSystem mount() throws Exception {
            return Images.mount(image);
        }
    }

    private static void fails(Executable reading) {
        assertEquals(Errno.EIO, assertThrows(ErrnoException.class, reading).errno());
    }

    private static void reads(Node node) {
        var file = (Node.Regular) node;
        file.read(ByteBuffer.allocate((int) file.attributes().size()), 0);
    }

    private static void isWell(FileSystem fs) {
        var bytes = ByteBuffer.allocate(10);
        assertEquals(4, ((Node.Regular) Shape.find(fs, "well")).read(bytes, 0));
        assertEquals("well", new String(bytes.array(), 0, 4));
    }

    private static void combFails(Victim victim) throws Exception {
        try (var fs = victim.mount()) {
            fails(() -> reads(Shape.find(fs, "comb")));
            isWell(fs);
        }
    }

    private static final String PLAIN = "-t ext4 -O ^metadata_csum,^has_journal,^64bit";

    @Test
    void treesOfExtentsThatLeadRoundEnd() throws Exception {
        var victim = Victim.of(PLAIN);
        long map = victim.inode("comb") + 40;
        // The root has entries of 12 bytes behind a header of 12: block, child, upper half.
        int child = victim.get(map + 16);
        long node = (long) child * BLOCK;
        int depth = victim.get(map + 6) & 0xffff;
        assertEquals(1, depth);
        // A child of the root's own depth that leads to itself.
        var header = new int[] {victim.get(node), victim.get(node + 4)};
        victim.put(node, 0x0001_f30a, 0x0001_0054, 0, 0, child, 0);
        combFails(victim);
        victim.put(node, header);
        // Others beyond the end, at nothing, or not in order.
        for (int there : new int[] {0, 1, 8192, -1, 0x7fff_ffff}) {
            victim.put(map + 16, there);
            combFails(victim);
        }
        victim.put(map + 16, child);
        victim.put(map + 12, 100_000);
        try (var fs = victim.mount()) {
            isWell(fs);
            reads(Shape.find(fs, "well"));
        }
        victim.put(map + 12, 0);
        int start = victim.get(node + 12 + 8);
        for (int there : new int[] {8192, 0x7fff_ffff, -1, 0}) {
            victim.put(node + 12 + 8, there);
            combFails(victim);
        }
        victim.put(node + 12 + 8, start);
        victim.put(node + 12, 1 << 30);
        combFails(victim);
    }

    @Test
    void blocksBeyondTheEndAreNotRead() throws Exception {
        var victim = Victim.of("-t ext2");
        long map = victim.inode("comb") + 40;
        for (int level = 12; level < 14; level++) {
            int before = victim.get(map + 4 * level);
            for (int there : new int[] {8192, -1, 0x7fff_ffff, 1}) {
                victim.put(map + 4 * level, there);
                combFails(victim);
            }
            // To the inode's own table, whose numbers are no blocks' mostly: bytes, but no harm.
            victim.put(map + 4 * level, before);
        }
        // All three levels are one block, that leads to itself.
        int block = victim.get(map + 4 * 12);
        var numbers = new int[BLOCK / 4];
        java.util.Arrays.fill(numbers, block);
        victim.put((long) block * BLOCK, numbers);
        victim.put(map + 4 * 12, block, block, block);
        victim.put(victim.inode("comb") + 4, -1, 0);
        victim.put(victim.inode("comb") + 108, 0);
        try (var fs = victim.mount()) {
            var comb = (Node.Regular) Shape.find(fs, "comb");
            assertEquals(0xffff_ffffL, comb.attributes().size());
            assertEquals(10, comb.read(ByteBuffer.allocate(10), 1 << 30));
            comb.seek(1 << 20, false);
            comb.seek(1 << 20, true);
            isWell(fs);
        }
    }

    @Test
    void sizesThatMakeNoSenseAreAnError() throws Exception {
        var victim = Victim.of(PLAIN);
        long comb = victim.inode("comb");
        int high = victim.get(comb + 108);
        for (int there : new int[] {-1, 0x7fff_ffff, Integer.MIN_VALUE, 1 << 12}) {
            victim.put(comb + 108, there);
            try (var fs = victim.mount()) {
                fails(() -> Shape.find(fs, "comb"));
                isWell(fs);
            }
        }
        victim.put(comb + 108, high);
        long link = victim.inode("link");
        for (int size : new int[] {0, 4096, -1}) {
            victim.put(link + 4, size);
            try (var fs = victim.mount()) {
                fails(() -> Shape.find(fs, "link"));
            }
        }
        long directory = victim.inode("d/e");
        for (int size : new int[] {0, 1, 1023, 1 << 30, -1024, -1}) {
            victim.put(directory + 4, size);
            try (var fs = victim.mount()) {
                fails(() -> ((Node.Directory) Shape.find(fs, "d/e")).entries(0, 10));
                isWell(fs);
            }
        }
    }

    @Test
    void entriesThatMakeNoSenseAreAnError() throws Exception {
        var victim = Victim.of(PLAIN);
        long second = victim.block("/d/e", 1);
        var image = Files.readAllBytes(victim.image);
        // Number, length, length of the name and type, name.
        for (int[] entry :
                new int[][] {
                    {20, 0x0101_0000},
                    {20, 0x0101_0004},
                    {20, 0x0101_000b},
                    {20, 0x0101_0404},
                    {20, 0x0101_ffff},
                    {20, 0x01ff_000c},
                    {20, 0x0100_0400},
                    {20, 0x0101_0400, '/'},
                    {20, 0x0101_0400, 0},
                    {0, 0x0101_0000},
                    {0, 0x0101_0403}
                }) {
            victim.put(second, entry);
            try (var fs = victim.mount()) {
                fails(() -> ((Node.Directory) Shape.find(fs, "d/e")).entries(0, 10));
                fails(() -> Shape.find(fs, "d/e/x"));
                isWell(fs);
            }
            Files.write(victim.image, image);
        }
        // A number of no inode, of a reserved one, and of one that is not in use.
        for (int number : new int[] {1, 8, 10, 2, 1000, 1_000_000, -1}) {
            victim.put(second, number, 0x0101_0400, 'x');
            try (var fs = victim.mount()) {
                fails(() -> Shape.find(fs, "d/e/x"));
                isWell(fs);
            }
        }
    }

    @Test
    void noDirectoryIsBelowItself() throws Exception {
        var victim = Victim.of(PLAIN);
        Native.debugfs(victim.image, "link d d/e/again", "link d/e d/second", "link / d/root");
        try (var fs = victim.mount()) {
            var e = (Node.Directory) Shape.find(fs, "d/e");
            fails(() -> e.lookup("again"));
            fails(() -> Shape.find(fs, "d/root"));
            isWell(fs);
        }
    }

    @Test
    void whatHasAWrongChecksumIsAnError() throws Exception {
        var victim = Victim.of("-t ext4 -O ^has_journal");
        var image = Files.readAllBytes(victim.image);
        victim.put(1024 + 120, 0x2020_2020);
        Images.refuses(victim.image, "superblock is damaged");
        Files.write(victim.image, image);
        victim.put(2 * BLOCK + 12, victim.get(2 * BLOCK + 12) ^ 1);
        Images.refuses(victim.image, "descriptor of group 0");
        Files.write(victim.image, image);
        long root = victim.inode("/");
        victim.put(root + 16, victim.get(root + 16) ^ 1);
        Images.refuses(victim.image, "inode 2 is damaged");
        Files.write(victim.image, image);
        long file = victim.inode("d/f");
        for (int at : new int[] {0, 4, 8, 40, 100, 124, 130, 132, 144, 200}) {
            victim.put(file + at, victim.get(file + at) ^ 0x100);
            try (var fs = victim.mount()) {
                fails(() -> Shape.find(fs, "d/f"));
                isWell(fs);
            }
            Files.write(victim.image, image);
        }
        long entries = victim.block("/d/e", 1);
        victim.put(entries + 500, victim.get(entries + 500) ^ 1);
        try (var fs = victim.mount()) {
            fails(() -> ((Node.Directory) Shape.find(fs, "d/e")).entries(0, 10));
            isWell(fs);
        }
        Files.write(victim.image, image);
        long extents = (long) victim.get(victim.inode("comb") + 40 + 16) * BLOCK;
        victim.put(extents + 20, victim.get(extents + 20) ^ 1);
        combFails(victim);
    }

    private static void attributesFail(Victim victim) throws Exception {
        try (var fs = victim.mount()) {
            var file = Shape.find(fs, "d/f");
            fails(file::extendedAttributes);
            fails(() -> file.extendedAttribute("user.a"));
            reads(file);
            isWell(fs);
        }
    }

    @Test
    void extendedAttributesInAnInodeThatMakeNoSenseAreAnError() throws Exception {
        var victim = Victim.of(PLAIN);
        Native.debugfs(victim.image, "ea_set d/f user.a 0123456789", "ea_set d/f user.b x");
        var image = Files.readAllBytes(victim.image);
        long room = victim.inode("d/f") + 128 + 32;
        assertEquals(0xea02_0000, victim.get(room));
        // Length of the name, namespace and place of the value; the value's inode, and its size.
        int first = victim.get(room + 4);
        assertEquals(0x0101, first & 0xffff);
        for (int there :
                new int[] {
                    0x0101,
                    0x0101 | 4 << 16,
                    0x0101 | 92 << 16,
                    0xffff_0101,
                    0x8000_0101,
                    first & 0xffff_0000 | 0x01ff,
                    first & 0xffff_0000 | 0x0100
                }) {
            victim.put(room + 4, there);
            attributesFail(victim);
        }
        Files.write(victim.image, image);
        for (int there : new int[] {-1, 1, 2, 11, 12, 1000, 1_000_000}) {
            victim.put(room + 8, there);
            attributesFail(victim);
        }
        Files.write(victim.image, image);
        for (int there : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 92, 65_536, 65_537}) {
            victim.put(room + 12, there);
            attributesFail(victim);
        }
        Files.write(victim.image, image);
        // A name with a NUL, and a table without an end.
        victim.put(room + 4 + 16, 0);
        attributesFail(victim);
        for (int at = 0; at < 92; at += 4) victim.put(room + 4 + at, 0x0202_0202);
        attributesFail(victim);
        // Without the magic number there are none.
        Files.write(victim.image, image);
        victim.put(room, 0xea02_0001);
        try (var fs = victim.mount()) {
            assertEquals(java.util.List.of(), Shape.find(fs, "d/f").extendedAttributes());
        }
    }

    @Test
    void extendedAttributesInABlockThatMakeNoSenseAreAnError() throws Exception {
        var victim = Victim.of(PLAIN);
        Files.write(folder.resolve("value"), new byte[500]);
        Native.debugfs(victim.image, "ea_set -f value d/f user.a");
        var image = Files.readAllBytes(victim.image);
        long inode = victim.inode("d/f");
        long block = (long) victim.get(inode + 104) * BLOCK;
        assertEquals(0xea02_0000, victim.get(block));
        for (int there : new int[] {1, 8192, -1, Integer.MAX_VALUE, (int) (inode / BLOCK)}) {
            victim.put(inode + 104, there);
            attributesFail(victim);
        }
        Files.write(victim.image, image);
        for (int at : new int[] {0, 8}) {
            victim.put(block + at, 0);
            attributesFail(victim);
            Files.write(victim.image, image);
        }
        int first = victim.get(block + 32);
        for (int there : new int[] {0x0101, 0x0101 | 32 << 16, 0x0101 | 600 << 16, first | 0xff}) {
            victim.put(block + 32, there);
            attributesFail(victim);
        }
        // To the very end are entries, and more than there may be of a value that is theirs all.
        Files.write(victim.image, image);
        for (int at = 32; at < BLOCK; at += 4) victim.put(block + at, 0x0303_0303);
        attributesFail(victim);
    }

    @Test
    void valuesInInodesOfOthersAreAnError() throws Exception {
        var victim = Victim.of("-t ext4 -O ^metadata_csum,^has_journal,^64bit,ea_inode");
        Files.write(folder.resolve("value"), new byte[1020]);
        Native.debugfs(victim.image, "ea_set -f value d/f user.a");
        var image = Files.readAllBytes(victim.image);
        long room = victim.inode("d/f") + 128 + 32;
        int number = victim.get(room + 8);
        long value = victim.inode("<" + number + ">");
        try (var fs = victim.mount()) {
            assertEquals(1020, Shape.find(fs, "d/f").extendedAttribute("user.a").length);
        }
        // Of another size, no regular file, without the flag, with content in the inode.
        int flags = victim.get(value + 32);
        for (int[] there :
                new int[][] {
                    {4, 1021},
                    {4, 0},
                    {108, 1},
                    {0, 0x41ff},
                    {32, flags & ~0x20_0000},
                    {32, flags | 0x1000_0000},
                    {32, flags | 0x800}
                }) {
            victim.put(value + there[0], there[1]);
            attributesFail(victim);
            Files.write(victim.image, image);
        }
        // More than there may be, all of one inode: none of it is read.
        victim.put(value + 4, 65_536);
        int at = 4;
        for (int i = 0; i < 3; i++, at += 20)
            victim.put(room + at, 0x0101, number, 65_536, 0, 'a' + i);
        attributesFail(victim);
    }

    @Test
    void aBlockOfExtendedAttributesHasAChecksum() throws Exception {
        var victim = Victim.of("-t ext4 -O ^has_journal");
        Files.write(folder.resolve("value"), new byte[500]);
        Native.debugfs(victim.image, "ea_set -f value d/f user.a");
        try (var fs = victim.mount()) {
            assertEquals(500, Shape.find(fs, "d/f").extendedAttribute("user.a").length);
        }
        long block = (long) victim.get(victim.inode("d/f") + 104) * BLOCK;
        victim.put(block + BLOCK - 8, 1);
        attributesFail(victim);
    }

    @Test
    void superblocksThatMakeNoSenseAreRefused() throws Exception {
        var victim = Victim.of(PLAIN);
        var image = Files.readAllBytes(victim.image);
        // inodes, blocks, first block, block size, blocks and inodes a group, revision, inode size
        for (int at : new int[] {0, 4, 20, 24, 32, 40, 76, 88})
            for (int there : new int[] {0, 3, -1, 0x7fff_ffff, Integer.MIN_VALUE}) {
                if (at == 76 && there == 0) continue; // says less, and is as sound
                // As it is already, and as bigalloc has it.
                if ((at == 24 || at == 20) && there == 0) continue;
                victim.put(1024 + at, there);
                try {
                    Images.refuses(victim.image);
                } catch (AssertionError e) {
                    throw new AssertionError(at + ": " + there, e);
                }
                Files.write(victim.image, image);
            }
    }
}
