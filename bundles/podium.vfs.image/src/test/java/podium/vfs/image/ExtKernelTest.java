package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Random;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// File systems that Linux itself has written, against what it shows of them: for the superuser,
/// who
/// may mount, with `-Dpodium.image.mount=true`.
@EnabledIfSystemProperty(named = "podium.image.mount", matches = "true")
class ExtKernelTest {

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ext4",
                "-t ext4 -b 1024",
                "-t ext4 -O inline_data -I 512",
                "-t ext4 -O ^metadata_csum,metadata_csum_seed",
                "-t ext4 -O bigalloc",
                "-t ext3 -b 1024",
                "-t ext2",
                "-t ext4 -b 1024 -O large_dir",
                "-t ext4 -O ea_inode"
            })
    void whatLinuxWroteIsRead(String options) throws Exception {
        var image = Native.ext(folder, "image", "200M", options.replace("^metadata_csum,", ""));
        var mounted = Files.createDirectory(folder.resolve("mounted"));
        Native.shell(folder, "mount -o loop image mounted");
        try {
            Native.tree(mounted);
            Native.shell(
                    mounted,
                    """
                    mkdir wide; for i in $(seq 1 9000); do : > "wide/$(printf '%0120d' $i)"; done
                    for i in $(seq 3 7 9000); do rm "wide/$(printf '%0120d' $i)"; done
                    for i in $(seq 1 2 2000); do printf x$i | dd of=comb bs=4K seek=$i conv=notrunc 2>/dev/null; done
                    head -c 3000000 /dev/urandom > punched
                    fallocate -p -o 500000 -l 1000000 punched || :
                    fallocate -l 10M reserved || :
                    printf tiny > tiny; mkdir small; : > small/a; ln -s short small/b
                    mknod device b 259 70000; touch -d '2040-05-06 07:08:09.123456789' tiny
                    head -c 5000000 /dev/urandom > gone; rm gone
                    sync
                    """);
            setAttributes(mounted.resolve("tiny"), options.contains("ea_inode"));
        } finally {
            Native.shell(folder, "umount mounted");
        }
        Native.shell(folder, "mount -o loop,ro image mounted");
        try (var fs = Images.mount(image)) {
            var expected = Native.shape(mounted, true);
            var shape = Shape.of(fs, true);
            assertTrue(shape.get("device").contains(" device "), shape.get("device"));
            shape.put("device", shape.get("device").replaceFirst(" device \\d+", ""));
            Shape.assertSame(expected, shape);
            var tiny = Shape.find(fs, "tiny");
            var view = view(mounted.resolve("tiny"));
            assertEquals(view.list().size(), tiny.extendedAttributes().size());
            for (var name : view.list()) {
                var value = new byte[view.size(name)];
                view.read(name, ByteBuffer.wrap(value));
                assertArrayEquals(value, tiny.extendedAttribute("user." + name), name);
            }
        } finally {
            Native.shell(folder, "umount mounted");
        }
    }

    private static UserDefinedFileAttributeView view(Path path) {
        return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
    }

    /// In the inode, in a block, and where that can be, in an inode of its own.
    private static void setAttributes(Path path, boolean large) throws Exception {
        for (int size : new int[] {0, 3, 400, large ? 30_000 : 200}) {
            var value = new byte[size];
            new Random(size).nextBytes(value);
            view(path).write("of" + size, ByteBuffer.wrap(value));
        }
    }
}
