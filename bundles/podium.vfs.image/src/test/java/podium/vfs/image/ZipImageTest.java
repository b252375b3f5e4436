package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.ReadOnlyFileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.Mode;

/// Zip files that jar(1) makes.
class ZipImageTest {

    @TempDir Path folder;

    static void jar(Path folder, String name, String files) {
        var jar = Path.of(System.getProperty("java.home"), "bin", "jar");
        Native.shell(folder, "%s --create --file %s --no-manifest %s".formatted(jar, name, files));
    }

    @Nested
    class Contract extends ReadOnlyFileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            var tree = Native.tree(folder);
            jar(folder, "tree.zip", "-C " + tree + "/d/e .");
            return Images.mount(folder.resolve("tree.zip"));
        }
    }

    @Test
    void everyNameAndByteIsThere() throws Exception {
        var tree = Files.createDirectories(folder.resolve("tree"));
        Native.shell(
                tree,
                """
                mkdir -p a/b empty; printf x > a/x; seq 1 10000 > a/b/numbers
                head -c 100000 /dev/urandom > random; : > nothing; printf u > "$(printf 'a/\\303\\244')"
                touch -d '2001-02-03 04:05:06' a/x
                """);
        for (var options : new String[] {"-C tree .", "--no-compress -C tree ."}) {
            jar(folder, "tree.zip", options);
            try (var fs = Images.mount(folder.resolve("tree.zip"))) {
                assertEquals(contents(Native.shape(tree, false)), contents(Shape.of(fs, false)));
            }
        }
    }

    /// A zip has neither modes nor owners; and times to two seconds.
    private static Map<String, String> contents(Map<String, String> shape) {
        var contents = new TreeMap<String, String>();
        shape.forEach(
                (path, what) ->
                        contents.put(
                                path,
                                what.replaceAll(" [0-7]+ \\d+:\\d+", "")
                                        .replaceAll(" at -?\\d+", "")));
        return contents;
    }

    @Test
    void aLargeDirectoryHasModesToo() throws Exception {
        var zip = folder.resolve("many.zip");
        int count = 66_000;
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (int i = 0; i < count; i++) out.putNextEntry(new ZipEntry(i + ""));
        }
        var bytes = ByteBuffer.wrap(Files.readAllBytes(zip)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 46 < bytes.limit(); at++) {
            if (bytes.getInt(at) != 0x0201_4b50) continue;
            bytes.put(at + 5, (byte) 3);
            bytes.putInt(at + 38, 0100751 << 16);
        }
        Files.write(zip, bytes.array());
        try (var fs = Images.mount(zip)) {
            assertEquals(count, fs.root().entries(0, Integer.MAX_VALUE).size());
            assertEquals(Mode.REGULAR | 0751, Shape.find(fs, "" + (count - 1)).attributes().mode());
        }
    }
}
