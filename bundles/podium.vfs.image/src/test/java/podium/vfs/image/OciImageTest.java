package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.ReadOnlyFileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// OCI image layouts, of layers that GNU tar makes.
class OciImageTest {

    @TempDir Path folder;

    private Layout layout;

    @BeforeEach
    void begin() throws Exception {
        layout = new Layout(folder.resolve("layout"));
    }

    /// A layer out of what a script makes in an empty directory.
    private Path layer(String name, String script, String options) {
        Native.shell(
                folder,
                "mkdir %s; (umask 022; cd %s; %s); tar -C %s -cf %s.tar %s"
                        .formatted(name, name, script, name, name, options));
        return folder.resolve(name + ".tar");
    }

    private Layout threeLayers() throws Exception {
        var base =
                layer(
                        "base",
                        "mkdir -p a/b gone opaque/in empty; printf base > a/f; printf x > a/b/x;"
                                + " ln a/f hard; printf x > gone/x; printf o > opaque/old;"
                                + " printf o > opaque/in/old; printf k > opaque/kept;"
                                + " ln -s a link; printf t > type; mkdir dir; printf d > dir/d;"
                                + " chmod 700 a",
                        ".");
        var middle =
                layer(
                        "middle",
                        // Of its own what a whiteout in the same layer hides below.
                        "mkdir -p a opaque dir2; : > .wh.gone; : > opaque/.wh..wh..opq;"
                                + " printf new > opaque/new; : > opaque/.wh.new;"
                                + " printf k > opaque/kept; printf more > a/g; chmod 750 a;"
                                + " mkdir type; printf x > type/x; printf f > dir;"
                                + " : > .wh.nothing; : > .wh.link; ln -s b link",
                        ".");
        var top =
                layer(
                        "top",
                        "mkdir -p a/b; printf top > a/b/y; : > a/.wh.f; mkdir -p gone;"
                                + " printf z > gone/z",
                        // No directory is told of.
                        "a/b/y a/.wh.f gone/z");
        Native.shell(folder, "gzip -k middle.tar");
        var zipped =
                layout.blob(
                        "application/vnd.oci.image.layer.v1.tar+gzip",
                        Files.readAllBytes(folder.resolve("middle.tar.gz")),
                        "");
        return layout.add(layout.manifest("", layout.layer(base), zipped, layout.layer(top)));
    }

    private static void checkThreeLayers(FileSystem fs) {
        var shape = new TreeMap<String, String>();
        Shape.of(fs, false).forEach((path, what) -> shape.put(path, what.substring(0, 1)));
        assertEquals(
                "{=d, a=d, a/b=d, a/b/x=f, a/b/y=f, a/g=f, dir=f, dir2=d, empty=d, gone=d, gone/z=f,"
                        + " hard=f, link=l, opaque=d, opaque/kept=f, opaque/new=f, type=d, type/x=f}",
                shape.toString());
        // The topmost layer only had what is in it.
        assertEquals(Mode.DIRECTORY | 0750, Shape.find(fs, "a").attributes().mode());
        assertEquals(1, Shape.find(fs, "hard").attributes().links());
    }

    @Test
    void whiteoutsCountAcrossLayers() throws Exception {
        try (var fs = Images.mount(threeLayers().directory)) {
            checkThreeLayers(fs);
        }
    }

    @Test
    void aTarOfALayoutIsOneToo() throws Exception {
        threeLayers();
        for (var options : new String[] {"-H gnu -cf", "-H posix -zcf"}) {
            Native.shell(folder, "tar -C layout " + options + " layout.tar .");
            try (var fs = Images.mount(folder.resolve("layout.tar"))) {
                checkThreeLayers(fs);
            }
        }
    }

    @Nested
    class Contract extends ReadOnlyFileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            return Images.mount(threeLayers().directory);
        }
    }

    @Test
    void aHardLinkMayLeadToALowerLayer() throws Exception {
        var base = layer("base", "printf x > f", "f");
        Native.shell(folder, "mkdir up; cp -p base/f up/f; ln up/f up/g; tar -C up -cf up.tar f g");
        // Only the link is in the layer.
        var bytes = Files.readAllBytes(folder.resolve("up.tar"));
        Files.write(
                folder.resolve("up.tar"), java.util.Arrays.copyOfRange(bytes, 1024, bytes.length));
        layout.add(layout.manifest("", layout.layer(base), layout.layer(folder.resolve("up.tar"))));
        try (var fs = Images.mount(layout.directory)) {
            assertSame(Shape.find(fs, "f"), Shape.find(fs, "g"));
            assertEquals(2, Shape.find(fs, "f").attributes().links());
        }
    }

    private FileSystem mount(String image) throws MountException {
        return Images.mount(
                MountSpec.of("/data", "image", layout.directory.toString())
                        .withOption("image", image));
    }

    @Test
    void oneOfSeveralIsNamed() throws Exception {
        var one = layout.layer(layer("one", "printf x > one", "one"));
        var two = layout.layer(layer("two", "printf x > two", "two"));
        layout.algorithm = "sha512";
        var three = layout.layer(layer("three", "printf x > three", "three"));
        var third = layout.manifest(Layout.platform("linux", "arm64"), three);
        layout.add(layout.manifest(Layout.named("v1"), one));
        layout.add(
                layout.index(
                        Layout.named("v2"),
                        layout.manifest(Layout.platform("linux", "amd64"), two),
                        third,
                        layout.manifest(Layout.platform("unknown", "unknown"))));
        Images.refuses(layout.directory, "several", "option image", "v1", "v2 linux/arm64");
        for (var name : new String[] {"v1", "linux/amd64", "linux/arm64"})
            try (var fs = mount(name)) {
                assertEquals(name.equals("v1"), fs.root().lookup("one") != null);
                assertEquals(name.endsWith("amd64"), fs.root().lookup("two") != null);
                assertEquals(name.endsWith("arm64"), fs.root().lookup("three") != null);
            }
        var digest = third.replaceAll(".*(sha512:[0-9a-f]*).*", "$1");
        try (var fs = mount(digest)) {
            assertTrue(fs.root().lookup("three") != null);
            assertNull(fs.root().lookup("one"));
        }
        assertThrows(MountException.class, () -> mount("v2"));
        assertThrows(MountException.class, () -> mount("v3"));
    }

    @Test
    void whatIsDamagedIsRefused() throws Exception {
        threeLayers();
        var blobs = layout.directory.resolve("blobs/sha256");
        try (var all = Files.list(blobs)) {
            for (var blob : all.toList()) {
                var bytes = Files.readAllBytes(blob);
                // Nothing needs the configuration.
                if (bytes.length == 2) continue;
                var damaged = bytes.clone();
                damaged[bytes.length / 2] ^= 1;
                Files.write(blob, damaged);
                Images.refuses(layout.directory, "digest", blob.getFileName().toString());
                Files.write(blob, java.util.Arrays.copyOf(bytes, bytes.length - 1));
                Images.refuses(layout.directory, "bytes");
                Files.delete(blob);
                Images.refuses(layout.directory, "no file");
                Files.write(blob, bytes);
            }
        }
        var index = layout.directory.resolve("index.json");
        var text = Files.readString(index);
        for (var other :
                new String[] {
                    "",
                    "{",
                    "[]",
                    "null",
                    "{\"manifests\":1}",
                    "{\"manifests\":[]}",
                    "[".repeat(100_000),
                    text.replace("sha256:", "sha256:../"),
                    text.replace("sha256:", "md5:"),
                    text.replaceAll("\"size\":\\d+", "\"size\":-1"),
                    text.replaceAll("\"size\":\\d+", "\"size\":9223372036854775807"),
                    text.replaceAll("\"size\":\\d+", "\"size\":99999999999999999999"),
                    text.replaceAll("\"digest\"", "\"digest\":\"x\",\"digest\"")
                }) {
            Files.writeString(index, other);
            Images.refuses(layout.directory);
        }
        Files.writeString(index, text);
        Files.writeString(
                layout.directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"2.0.0\"}");
        Images.refuses(layout.directory, "version '2.0.0'");
    }

    @Test
    void indexesThatLeadToEachOtherEnd() throws Exception {
        var entry = layout.index("");
        for (int i = 0; i < 10; i++) entry = layout.index("", entry);
        layout.add(entry);
        Images.refuses(layout.directory, "too often");
    }

    @Test
    void layersOfOtherKindsAreRefusedByName() throws Exception {
        var zstd = new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0};
        layout.add(
                layout.manifest(
                        "", layout.blob("application/vnd.oci.image.layer.v1.tar+zstd", zstd, "")));
        Images.refuses(layout.directory, "zstd");
        Images.refuses(Files.createDirectory(folder.resolve("none")), "no OCI image layout");
    }
}
