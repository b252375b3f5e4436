package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.Node;

/// Images that tools made, with bytes changed: each is refused in one line, or shows something, and
/// what cannot be read of that is `EIO`. Seconds for each kind: `podium.fuzz.seconds`.
class ImageFuzzTest {

    private static final int SECONDS = Integer.getInteger("podium.fuzz.seconds", 3);

    /// As many on a machine that has no time: what is refused at all is among them.
    private static final int MOST = 3000;
    private static final int MOST_NODES = 2_000;

    /// Numbers at which something usually changes.
    private static final long[] EDGES = {
        0,
        1,
        2,
        3,
        4,
        8,
        12,
        0x7f,
        0x80,
        0xff,
        0x100,
        0x7fff,
        0x8000,
        0xffff,
        0x7fff_ffff,
        0x8000_0000L,
        0xffff_ffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1
    };

    @TempDir static Path folder;

    @BeforeAll
    static void makeImages() throws Exception {
        Native.shell(
                folder,
                """
                mkdir -p tree/d/e; cd tree
                printf 'some text' > d/f; ln d/f hard; ln -s d/f link; mkfifo pipe
                ln -s "$(printf '%080d' 1)" long
                seq 1 3000 > d/e/numbers
                printf x > "d/$(printf '%0120d' 1)"
                truncate -s 1M sparse; printf y | dd of=sparse bs=64K seek=3 conv=notrunc 2>/dev/null
                for i in $(seq 1 40); do printf x | dd of=comb bs=8K seek=$i conv=notrunc 2>/dev/null; done
                for i in $(seq 1 60); do : > "d/e/one of many files $i"; done
                """);
        // Where the machine has extended attributes, the images have them.
        if (Files.getFileStore(folder).supportsFileAttributeView("user"))
            for (var path : new String[] {"d", "d/f"})
                for (int i = 1; i < 4; i++)
                    Files.setAttribute(
                            folder.resolve("tree").resolve(path), "user:a" + i, new byte[50 * i]);
        Native.shell(
                folder,
                """
                tar -C tree -S -H gnu -cf gnu.tar .
                tar -C tree --xattrs -S -H posix -cf posix.tar .
                tar -C tree --xattrs -S -H posix --sparse-version=0.1 -zcf posix.tar.gz .
                """);
        ZipImageTest.jar(folder, "tree.zip", "-C tree d -C tree link");
        for (var ext :
                new String[] {
                    "ext2 -t ext2",
                    "ext3 -t ext3",
                    "plain -t ext4 -O ^metadata_csum,^has_journal",
                    "ext4 -t ext4 -O ^has_journal",
                    "inline -t ext4 -O inline_data,^metadata_csum,^has_journal",
                    "values -t ext4 -O ea_inode,^metadata_csum,^has_journal"
                })
            addAttributes(
                    Native.ext(
                            folder,
                            ext.substring(0, ext.indexOf(' ')),
                            "4M",
                            ext.substring(ext.indexOf(' ')) + " -b 1024 -d tree"));
        var layout = new Layout(folder.resolve("layout"));
        layout.add(layout.manifest("", layout.layer(folder.resolve("gnu.tar"))));
        Native.shell(folder, "tar -C layout -cf layout.tar .");
    }

    /// In inodes, in blocks, and where there can be such, in inodes of their own.
    private static void addAttributes(Path image) throws Exception {
        Files.write(folder.resolve("value"), "0123456789abcdef".repeat(60).getBytes("US-ASCII"));
        Native.debugfs(
                image,
                "ea_set -f value d/f user.large",
                "ea_set -f value d/f user.more",
                "ea_set d/f trusted.t small",
                "ea_set -f value d security.s",
                "ea_set d user.u small",
                "ea_set hard security.capability small");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gnu.tar",
                "posix.tar",
                "posix.tar.gz",
                "tree.zip",
                "layout.tar",
                "ext2",
                "ext3",
                "plain",
                "ext4",
                "inline",
                "values"
            })
    void damageIsNoDisaster(String name) throws Exception {
        var whole = Files.readAllBytes(folder.resolve(name));
        long seed = Long.getLong("podium.random.seed", System.nanoTime());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int shown = 0;
        int refused = 0;
        var used = used(whole);
        do {
            var random = new Random(seed);
            var image = mutate(whole.clone(), used, name.endsWith(".tar"), random);
            var file = Files.write(folder.resolve("mutant"), image);
            try (var fs = Images.mount(file)) {
                read(fs, random);
                shown++;
            } catch (MountException e) {
                assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.getMessage());
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(name + " with -Dpodium.random.seed=" + seed, e);
            }
            seed++;
        } while (System.nanoTime() < end || (refused == 0 && shown < MOST));
        // Neither would show anything. Little is changed in what has a checksum that is not
        // noticed.
        if ((shown == 0 && !name.endsWith("gz")) || refused == 0)
            throw new AssertionError(name + ": %d shown, %d refused".formatted(shown, refused));
    }

    /// Places that are not in the middle of zeros, where changes mostly change nothing.
    private static int[] used(byte[] image) {
        var places = new java.util.ArrayList<Integer>();
        for (int i = 0; i < image.length; i++)
            if (image[i] != 0 || (i > 8 && image[i - 8] != 0)) places.add(i);
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    /// @param tar whether headers get a right checksum again, mostly
    private static byte[] mutate(byte[] image, int[] used, boolean tar, Random random) {
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = used[random.nextInt(used.length)];
            // What describes the rest comes first.
            if (random.nextInt(3) == 0)
                at = Math.min(at % 4096 + (tar ? 0 : 1024), image.length - 1);
            switch (random.nextInt(4)) {
                case 0 -> image[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> image[at] = (byte) random.nextInt(256);
                case 2 -> {
                    int from = used[random.nextInt(used.length)];
                    int count = Math.min(random.nextInt(64), image.length - Math.max(at, from));
                    System.arraycopy(image, from, image, at, count);
                }
                default -> {
                    long edge = EDGES[random.nextInt(EDGES.length)];
                    int size = 1 << random.nextInt(4);
                    for (int j = 0; j < size && at + j < image.length; j++)
                        image[at + j] = (byte) (edge >>> 8 * j);
                }
            }
            if (tar && random.nextInt(8) != 0) sum(image, at / 512 * 512);
        }
        return random.nextInt(20) == 0
                ? java.util.Arrays.copyOf(image, random.nextInt(image.length))
                : image;
    }

    private static void sum(byte[] image, int at) {
        if (at + 512 > image.length || image[at + 257] != 'u') return;
        int sum = 8 * ' ';
        for (int i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += image[at + i] & 0xff;
        var text = "%06o\0 ".formatted(sum);
        for (int i = 0; i < 8; i++) image[at + 148 + i] = (byte) text.charAt(i);
    }

    private static void read(FileSystem fs, Random random) throws IOException {
        Set<Node> seen = new HashSet<>();
        var left = new ArrayDeque<Node>();
        left.add(fs.root());
        while (!left.isEmpty() && seen.size() < MOST_NODES) {
            var node = left.poll();
            if (!seen.add(node)) continue;
            attempt(() -> node.attributes());
            attempt(() -> readAttributes(node));
            if (node instanceof Node.Directory directory)
                attempt(
                        () -> {
                            for (var entry : directory.entries(0, 500))
                                attempt(() -> left.add(found(directory.lookup(entry.name()))));
                        });
            if (node instanceof Node.Regular file) attempt(() -> read(file, random));
            if (node instanceof Node.Link link && link.target().isEmpty())
                throw new AssertionError("an empty link");
        }
        fs.statistics();
    }

    private static void readAttributes(Node node) {
        int size = 0;
        for (var name : node.extendedAttributes()) {
            var value = node.extendedAttribute(name);
            if (value == null) throw new AssertionError("no value of " + name);
            size += name.length() + value.length;
        }
        if (size > 128 << 10) throw new AssertionError("attributes of " + size + " bytes");
    }

    private static Node found(Node node) {
        if (node == null) throw new AssertionError("an entry that is not there");
        return node;
    }

    private static void read(Node.Regular file, Random random) {
        long size = file.attributes().size();
        if (size < 0) throw new AssertionError("size " + size);
        var buffer = ByteBuffer.allocate(1 << 16);
        for (long at = 0; at < Math.min(size, 1 << 21); at += buffer.capacity()) {
            int count = file.read(buffer.clear(), at);
            assertEquals(Math.min(buffer.capacity(), size - at), count);
        }
        for (int i = 0; i < 8 && size > 0; i++) {
            long at = random.nextLong(size);
            assertEquals(Math.min(10, size - at), file.read(buffer.clear().limit(10), at));
            attempt(() -> checkSeek(file, at, size));
        }
    }

    private static void checkSeek(Node.Regular file, long at, long size) {
        long hole = file.seek(at, false);
        if (hole < at || hole > size) throw new AssertionError("a hole at " + hole);
        long data = file.seek(at, true);
        if (data < at || data >= size) throw new AssertionError("data at " + data);
    }

    private static void attempt(Runnable reading) {
        try {
            reading.run();
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EIO && e.errno() != Errno.ENXIO) throw e;
        }
    }
}
