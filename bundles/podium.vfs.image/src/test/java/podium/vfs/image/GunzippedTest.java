package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.vfs.image.bytes.Bytes;
import podium.vfs.image.bytes.FileBytes;

/// The same content is unpacked once for all who use it at a time, and leaves nothing.
class GunzippedTest {

    @TempDir Path folder;

    private final Gunzipped gunzipped = new Gunzipped();

    private static byte[] content(int seed) {
        var content = new byte[100_000 + seed];
        new Random(seed).nextBytes(content);
        return content;
    }

    private Path packed(String name, int seed) throws IOException {
        var file = folder.resolve(name);
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(content(seed));
        }
        return file;
    }

    private Bytes open(Path file) throws IOException {
        try (var bytes = FileBytes.open(file)) {
            return gunzipped.open(bytes);
        }
    }

    private static void check(int seed, Bytes bytes) throws IOException {
        assertEquals(content(seed).length, bytes.size());
        assertArrayEquals(content(seed), bytes.read(0, (int) bytes.size()).array());
    }

    /// Temporary files that this process has open: they have no name.
    private static int unpacked() throws IOException {
        int count = 0;
        try (var all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            var seen = new ArrayList<Object>();
            for (var one : all) {
                try {
                    var name = Files.readSymbolicLink(one).toString();
                    if (!name.endsWith(".image (deleted)") || seen.contains(name)) continue;
                    seen.add(name);
                    count++;
                } catch (NoSuchFileException _) {
                    // The one for this very listing.
                }
            }
        }
        return count;
    }

    @Test
    void equalOnesShareAFile() throws Exception {
        var one = open(packed("one", 1));
        var same = open(packed("same", 1));
        var other = open(packed("other", 2));
        assertEquals(2, unpacked());
        check(1, one);
        one.close();
        one.close();
        check(1, same);
        check(2, other);
        assertEquals(2, unpacked());
        same.close();
        assertEquals(1, unpacked());
        other.close();
        assertEquals(0, unpacked());
        try (var again = open(folder.resolve("one"))) {
            check(1, again);
        }
        assertEquals(0, unpacked());
    }

    @Test
    void whatIsDamagedLeavesNothing() throws Exception {
        var whole = Files.readAllBytes(packed("one", 1));
        var cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, 50_000));
        assertThrows(IOException.class, () -> open(cut));
        assertThrows(IOException.class, () -> open(cut));
        assertEquals(0, unpacked());
        try (var one = open(folder.resolve("one"))) {
            check(1, one);
        }
    }

    @Test
    void manyComeAndGo() throws Exception {
        var files = new Path[] {packed("0", 0), packed("1", 1), packed("2", 2)};
        try (var threads = Executors.newFixedThreadPool(6)) {
            var work = new ArrayList<Future<?>>();
            for (int i = 0; i < 6; i++) {
                var random = new Random(i);
                work.add(threads.submit(() -> comeAndGo(files, random)));
            }
            for (var one : work) one.get();
        }
        assertEquals(0, unpacked());
    }

    private Void comeAndGo(Path[] files, Random random) throws IOException {
        for (int i = 0; i < 100; i++) {
            int seed = random.nextInt(files.length);
            try (var bytes = open(files[seed])) {
                check(seed, bytes);
            }
        }
        return null;
    }
}
