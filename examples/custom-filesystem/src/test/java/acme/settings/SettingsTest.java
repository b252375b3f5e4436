package acme.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.ReadOnlyFileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;

class SettingsTest {

    @TempDir Path folder;

    /// What every read-only file system promises.
    @Nested
    class Promises extends ReadOnlyFileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            return mount("db.url=jdbc:x\ndb.user=me\ndb.pool.size=5\nempty=\nzone=Île", "");
        }
    }

    private FileSystem mount(String text, String prefix) throws Exception {
        return mount(text.getBytes(StandardCharsets.UTF_8), prefix);
    }

    private FileSystem mount(byte[] bytes, String prefix) throws Exception {
        var file = Files.write(folder.resolve("app.properties"), bytes);
        var spec = MountSpec.of("/settings", "settings", file.toString());
        return new Settings().create(spec.withOption("prefix", prefix));
    }

    private static Node find(FileSystem fs, String path) {
        Node node = fs.root();
        for (var name : path.split("/"))
            node = assertInstanceOf(Node.Directory.class, node, path).lookup(name);
        return node;
    }

    private static String read(FileSystem fs, String path) {
        var file = assertInstanceOf(Node.Regular.class, find(fs, path), path);
        var bytes = ByteBuffer.allocate(100);
        int count = file.read(bytes, 0);
        assertEquals(count, file.attributes().size());
        return new String(bytes.array(), 0, count, StandardCharsets.UTF_8);
    }

    @Test
    void aSettingIsAFile() throws Exception {
        var fs =
                mount(
                        "# mine\n"
                            + "db.url = jdbc:\\\n"
                            + "  x?a=b\n"
                            + "db.pool.size: 5\n"
                            + "name=\\u00e9\u00e9\n"
                            + "empty\n",
                        "");
        assertEquals("jdbc:x?a=b", read(fs, "db/url"));
        assertEquals("5", read(fs, "db/pool/size"));
        assertEquals("éé", read(fs, "name"));
        assertEquals("", read(fs, "empty"));
        assertNull(find(fs, "db/none"));
        assertEquals(3, find(fs, "db").attributes().links());
    }

    @Test
    void aPrefixIsAllThatIsShown() throws Exception {
        var fs = mount("app.port=80\nother.secret=x\nappendix=1", "app.");
        assertEquals(1, fs.root().entries(0, 10).size());
        assertEquals("80", read(fs, "port"));
        assertEquals(0, mount("a=1", "b.").root().entries(0, 10).size());
    }

    @Test
    void theSettingsStayAsTheyWereMounted() throws Exception {
        var fs = mount("a=1", "");
        Files.writeString(folder.resolve("app.properties"), "a=2");
        assertEquals("1", read(fs, "a"));
    }

    @Test
    void whatCannotBeShownIsRefusedInOneLine() {
        for (var text :
                new String[] {
                    "a=1\na.b=2",
                    "a..b=1",
                    ".a=1",
                    "a.=1",
                    "=1",
                    "a/b=1",
                    "a\\u0000=1",
                    "a\\ud800=1",
                    "x".repeat(256) + "=1",
                    "a=\\u12",
                    "a=\\ud800",
                    "a=" + "x".repeat(1 << 20)
                }) refused(() -> mount(text, ""));
        refused(() -> mount("é=1".getBytes(ISO_8859_1), ""));
        refused(() -> mount("app.=1", "app."));
    }

    @Test
    void wrongMountsAreRefusedInOneLine() {
        var none = folder.resolve("none").toString();
        for (var source : new String[] {"", "relative", none, folder.toString(), "/a\0"})
            refused(() -> new Settings().create(MountSpec.of("/settings", "settings", source)));
        var spec = MountSpec.of("/settings", "settings", none).withOption("size", "1");
        refused(() -> new Settings().create(spec));
    }

    private interface Mounting {
        FileSystem mount() throws Exception;
    }

    private static void refused(Mounting mounting) {
        var message = assertThrows(MountException.class, mounting::mount).getMessage();
        assertEquals(1, message.lines().count(), message);
    }
}
