package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static podium.vfs.overlay.Layers.overlay;
import static podium.vfs.overlay.Layers.shape;
import static podium.vfs.overlay.Layers.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.FileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.image.ImageFileSystemType;

/// Overlays whose lower layers are those of OCI images.
class OverlayOfLayersTest {

    private static final int ROUNDS = Integer.getInteger("podium.hammer.seeds", 25);
    private static final List<String> NAMES = List.of("a", "b", "c");

    @TempDir Path folder;

    /// A layer with a directory of its own, a whiteout, and an opaque directory with a new file.
    private Path[] twoLayers() throws Exception {
        var base = Files.createDirectory(folder.resolve("base"));
        for (var path : List.of("d/old", "d/in/old", "gone", "kept", "e/f")) {
            Files.createDirectories(base.resolve(path).getParent());
            Files.writeString(base.resolve(path), "base");
        }
        var top = Files.createDirectory(folder.resolve("top"));
        Files.createDirectory(top.resolve("d"));
        Files.writeString(top.resolve("d/.wh..wh..opq"), "");
        Files.writeString(top.resolve("d/new"), "top");
        Files.writeString(top.resolve(".wh.gone"), "");
        return new Path[] {tar(base), tar(top)};
    }

    private static Path tar(Path directory) throws Exception {
        var tar = directory.resolveSibling(directory.getFileName() + ".tar");
        var command = List.of("tar", "-C", directory.toString(), "-cf", tar.toString(), ".");
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        return tar;
    }

    @Test
    void anOpaqueDirectoryHidesWhatIsBelow() throws Exception {
        var layers = twoLayers();
        try (var fs =
                overlay(
                        "upper",
                        "memory",
                        "lower.1",
                        "image",
                        "lower.1.source",
                        layers[1].toString(),
                        "lower.2",
                        "image",
                        "lower.2.file",
                        layers[0].toString())) {
            assertEquals(
                    Map.of(
                            "/", "40755 4 ",
                            "/d/", "40755 2 ",
                            "/d/new", "100644 1 top",
                            "/e/", "40755 2 ",
                            "/e/f", "100644 1 base",
                            "/kept", "100644 1 base"),
                    shape(fs));
            var d = (Node.Directory) fs.root().lookup("d");
            assertNull(d.lookup("old"));
            assertNull(d.lookup(".wh..wh..opq"));
            // What is made under a hidden name is not merged with it, nor is what takes its place.
            d.createDirectory("in", 0755, 0, 0);
            fs.root().rename("d", fs.root(), "gone", false);
            fs.root().createDirectory("d", 0700, 0, 0);
            fs.root().rename("kept", (Node.Directory) fs.root().lookup("d"), "old", false);
            assertEquals(
                    Map.of(
                            "/", "40755 5 ",
                            "/d/", "40700 2 ",
                            "/d/old", "100644 1 base",
                            "/e/", "40755 2 ",
                            "/e/f", "100644 1 base",
                            "/gone/", "40755 3 ",
                            "/gone/new", "100644 1 top",
                            "/gone/in/", "40755 2 "),
                    shape(fs));
        }
    }

    @Test
    void anUpperLayerMayBeOpaque() throws Exception {
        var upper = Layers.memory();
        var lower = Layers.memory();
        for (var fs : List.of(upper, lower)) {
            var name = fs == upper ? "upper" : "lower";
            Layers.file(fs.root(), name, name);
            Layers.file(fs.root().createDirectory("d", 0755, 0, 0), name, name);
        }
        ((Node.Directory) upper.root().lookup("d")).create(".wh..wh..opq", 0, 0, 0);
        var fs = new OverlayFileSystem(upper, List.of(lower));
        var d = (Node.Directory) fs.root().lookup("d");
        assertNull(d.lookup("lower"));
        assertEquals(1, d.entries(0, 10).size());
        assertEquals("lower", text(fs.root().lookup("lower")));
        upper.root().create(".wh..wh..opq", 0, 0, 0);
        fs = new OverlayFileSystem(upper, List.of(lower));
        assertNull(fs.root().lookup("lower"));
        fs.root().removeDirectory(emptied(fs, "d"));
        assertNull(fs.root().lookup("d"));
    }

    private static String emptied(FileSystem fs, String name) {
        var directory = (Node.Directory) fs.root().lookup(name);
        for (var entry : directory.entries(0, 100)) directory.unlink(entry.name());
        return name;
    }

    @org.junit.jupiter.api.Nested
    class Contract extends FileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            var empty = Files.createDirectories(folder.resolve("empty"));
            Files.writeString(empty.resolve(".wh..wh..opq"), "");
            return overlay(
                    "upper", "memory", "lower.1", "image", "lower.1.source", tar(empty).toString());
        }
    }

    /// An image of several layers shows what an overlay of them does.
    @Test
    void anImageOfLayersIsAnOverlayOfThem() throws Exception {
        long first = Long.getLong("podium.random.seed", System.nanoTime());
        for (long seed = first; seed < first + ROUNDS; seed++) {
            var random = new Random(seed);
            var options = new ArrayList<String>();
            var tars = new ArrayList<Path>();
            for (int i = 0; i < 4; i++) {
                var directory = Files.createDirectory(folder.resolve(seed + "-" + i));
                fill(directory, random, 0);
                tars.add(tar(directory));
                options.addAll(List.of("lower." + (4 - i), "image"));
                options.addAll(List.of("lower." + (4 - i) + ".file", tars.getLast().toString()));
            }
            var layout = layout(folder.resolve(seed + "-layout"), tars);
            var source = MountSpec.of("/", "image", layout.toString());
            try (var overlay = overlay(options.toArray(new String[0]));
                    var image = new ImageFileSystemType(Layers.noBundles()).create(source)) {
                assertEquals(shape(image), shape(overlay), "-Dpodium.random.seed=" + seed);
            }
        }
    }

    private static void fill(Path directory, Random random, int depth) throws IOException {
        for (var name : NAMES) {
            var path = directory.resolve(name);
            switch (random.nextInt(6)) {
                case 0 -> Files.writeString(path, directory.getFileName() + name);
                case 1, 2 -> {
                    Files.createDirectory(path);
                    if (depth < 3) fill(path, random, depth + 1);
                }
                case 3 -> Files.createSymbolicLink(path, Path.of("a"));
                default -> {}
            }
            if (random.nextInt(6) == 0) Files.writeString(directory.resolve(".wh." + name), "");
        }
        if (random.nextInt(6) == 0) Files.writeString(directory.resolve(".wh..wh..opq"), "");
    }

    private static Path layout(Path directory, List<Path> tars) throws Exception {
        Files.createDirectories(directory.resolve("blobs/sha256"));
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        var layers = new ArrayList<String>();
        for (var tar : tars) layers.add(blob(directory, Files.readAllBytes(tar)));
        var manifest = "{\"layers\":[%s]}".formatted(String.join(",", layers));
        var index = "{\"manifests\":[%s]}".formatted(blob(directory, manifest.getBytes("UTF-8")));
        Files.writeString(directory.resolve("index.json"), index);
        return directory;
    }

    private static String blob(Path directory, byte[] bytes) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        var name = HexFormat.of().formatHex(digest);
        Files.write(directory.resolve("blobs/sha256/" + name), bytes);
        return "{\"digest\":\"sha256:%s\",\"size\":%d}".formatted(name, bytes.length);
    }
}
