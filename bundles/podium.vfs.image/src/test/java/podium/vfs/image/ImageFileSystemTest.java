package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.ReadOnlyFileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Node;

class ImageFileSystemTest {

    @Nested
    class Contract extends ReadOnlyFileSystemContract {

        @Override
        protected FileSystem create() throws IOException {
            var files = Map.of("usr/bin/node", "\0asm\1\0\0\0", "usr/lib/a", "text", "etc/b", "");
            return new ImageFileSystem(List.of(new Given(files), new Linked()));
        }
    }

    @Test
    void laterSourcesWinAndDirectoriesAreMerged() throws IOException {
        var first = new Given(Map.of("a/x", "one", "a/y", "one", "b", "file"));
        var second = new Given(Map.of("a/y", "two!", "b/c", "under"));
        var fs = new ImageFileSystem(List.of(first, second));
        assertEquals("one", text(fs, "a", "x"));
        assertEquals("two!", text(fs, "a", "y"));
        assertEquals("under", text(fs, "b", "c"));
        assertEquals(4, find(fs, "a", "y").attributes().size());
        assertEquals(
                3, find(fs, "a").attributes().links() + find(fs, "b").attributes().links() - 1);
    }

    @Test
    void programsAreExecutable() throws IOException {
        var source =
                new Given(
                        Map.of(
                                "usr/bin/tool", "text",
                                "m", "\0asm\1\0\0\0",
                                "script", "#!/bin/sh\n",
                                "plain", "plain"));
        var fs = new ImageFileSystem(List.of(source));
        assertEquals(Mode.REGULAR | 0755, find(fs, "usr", "bin", "tool").attributes().mode());
        assertEquals(Mode.REGULAR | 0755, find(fs, "m").attributes().mode());
        assertEquals(Mode.REGULAR | 0755, find(fs, "script").attributes().mode());
        assertEquals(Mode.REGULAR | 0644, find(fs, "plain").attributes().mode());
    }

    @Test
    void entriesAreInStableOrderWithCookies() throws IOException {
        var files = new TreeMap<String, String>();
        for (int i = 0; i < 100; i++) files.put("f%02d".formatted(i), "");
        var root = new ImageFileSystem(List.of(new Given(files))).root();
        long cookie = 0;
        int seen = 0;
        for (; ; ) {
            var some = root.entries(cookie, 7);
            if (some.isEmpty()) break;
            for (var entry : some) assertEquals("f%02d".formatted(seen++), entry.name());
            cookie = some.getLast().cookie();
        }
        assertEquals(100, seen);
        assertEquals(List.of(), root.entries(Long.MAX_VALUE, 10));
    }

    @Test
    void contentIsReadOnceWhileCached() throws IOException {
        var source = new Given(Map.of("f", "content"));
        var file = (Node.Regular) find(new ImageFileSystem(List.of(source)), "f");
        for (int i = 0; i < 10; i++) file.read(ByteBuffer.allocate(3), i);
        assertEquals(1, source.opened);
        assertEquals(0, file.read(ByteBuffer.allocate(3), Long.MAX_VALUE));
    }

    @Test
    void aFileThatIsNotAsLongAsToldIsAnInputError() throws IOException {
        for (int lie : new int[] {2, 4, Integer.MAX_VALUE}) {
            var source = new Given(Map.of("f", "abc"));
            source.lie = lie;
            var file = (Node.Regular) find(new ImageFileSystem(List.of(source)), "f");
            var e = assertThrows(ErrnoException.class, () -> file.read(ByteBuffer.allocate(1), 0));
            assertEquals(Errno.EIO, e.errno());
        }
    }

    @Test
    void aSizeThatIsNotToldIsAskedFor() throws IOException {
        var source = new Given(Map.of("f", "abc"));
        source.lie = -1;
        var fs = new ImageFileSystem(List.of(source));
        assertEquals(3, find(fs, "f").attributes().size());
        assertEquals("abc", text(fs, "f"));
    }

    @Test
    void digestsComeFromTheSource() throws IOException {
        var digest = "0123456789abcdef".repeat(4);
        var list = digest + "  usr/bin/a\n" + digest.replace('0', 'f') + " *b  c\n";
        var digests = Digests.read(new StringReader(list));
        assertEquals(digest, digests.of("usr/bin/a"));
        assertEquals(digest.replace('0', 'f'), digests.of("b  c"));
        assertNull(digests.of("a"));
        assertThrows(IOException.class, () -> Digests.read(new StringReader("0 a")));
        var source = new Given(Map.of("a", "abc", "b", "abc"));
        source.digests.put("a", digest);
        var fs = new ImageFileSystem(List.of(source));
        assertEquals(digest, ((Node.Regular) find(fs, "a")).sha256());
        assertNull(((Node.Regular) find(fs, "b")).sha256());
        assertEquals(0, source.opened);
    }

    @Test
    void namesThatLeadOutAreRefused() {
        for (var name : new String[] {"../x", "a/../x", "/x", "a//x", "./x", ""})
            assertThrows(
                    IOException.class,
                    () -> new ImageFileSystem(List.of(new Given(Map.of(name, "")))),
                    name);
    }

    @Test
    void aZipFileKeepsModesAndLinks(@TempDir Path folder) throws IOException {
        var path = folder.resolve("image.zip");
        Files.write(path, zip(Map.of("run", 0100750, "link", 0120777, "d/plain", 0100604)));
        try (var source = new ZipSource(path)) {
            var fs = new ImageFileSystem(List.of(source));
            assertEquals(Mode.REGULAR | 0750, find(fs, "run").attributes().mode());
            assertEquals(Mode.REGULAR | 0604, find(fs, "d", "plain").attributes().mode());
            var link = assertInstanceOf(Node.Link.class, find(fs, "link"));
            assertEquals("content of link", link.target());
            assertEquals("content of run", text(fs, "run"));
            assertNull(fs.root().lookup("none"));
        }
    }

    @Test
    void theCacheIsBounded() {
        var cache = new ContentCache(100);
        var source = new Given(Map.of());
        var contents = new PackedContent[10];
        for (int i = 0; i < 10; i++) {
            contents[i] = new PackedContent(source, "", 30, cache);
            cache.put(contents[i], new byte[30]);
        }
        assertNull(cache.get(contents[6]));
        assertArrayEquals(new byte[30], cache.get(contents[7]));
        var large = new PackedContent(source, "", 1000, cache);
        cache.put(large, new byte[1000]);
        assertEquals(1000, cache.get(large).length);
        assertNull(cache.get(contents[9]));
    }

    /// A zip file as Unix tools make it; each file says its name.
    private static byte[] zip(Map<String, Integer> modes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var name : new TreeMap<>(modes).keySet()) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(("content of " + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        var bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 46 < bytes.limit(); at++) {
            if (bytes.getInt(at) != 0x0201_4b50) continue;
            var name = new byte[bytes.getShort(at + 28)];
            bytes.get(at + 46, name);
            bytes.put(at + 5, (byte) 3);
            bytes.putInt(at + 38, modes.get(new String(name, StandardCharsets.UTF_8)) << 16);
        }
        return bytes.array();
    }

    private static Node find(ImageFileSystem fs, String... names) {
        Node at = fs.root();
        for (var name : names) at = ((Node.Directory) at).lookup(name);
        return at;
    }

    private static String text(ImageFileSystem fs, String... names) {
        var buffer = ByteBuffer.allocate(100);
        int count = ((Node.Regular) find(fs, names)).read(buffer, 0);
        return new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
    }

    private static final class Linked implements ImageSource {

        @Override
        public void entries(Visitor visitor) throws IOException {
            visitor.link("lib", "usr/lib", Facts.of(-1, 1));
        }
    }

    private static final class Given implements ImageSource {

        private final Map<String, String> files;
        final Map<String, String> digests = new HashMap<>();
        int opened;
        int lie;

        Given(Map<String, String> files) {
            this.files = files;
        }

        @Override
        public void entries(Visitor visitor) throws IOException {
            for (var file : files.entrySet())
                visitor.file(
                        file.getKey(), lie != 0 ? lie : file.getValue().length(), Facts.of(-1, 1));
        }

        @Override
        public @Nullable String sha256(String path) {
            return digests.get(path);
        }

        @Override
        public InputStream open(String path) {
            opened++;
            return new ByteArrayInputStream(files.get(path).getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
