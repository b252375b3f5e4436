package podium.vfs.overlay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.BundleContext;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.host.HostFileSystemType;
import podium.vfs.image.ImageFileSystemType;
import podium.vfs.memory.MemoryFileSystemType;

/// Overlays for tests, and what is in file systems.
final class Layers {

    private Layers() {}

    static FileSystem overlay(String... options) throws MountException {
        return new OverlayFileSystemType(types()).create(spec(options));
    }

    static MountSpec spec(String... options) {
        var spec = MountSpec.of("/", "overlay");
        for (int i = 0; i < options.length; i += 2)
            spec = spec.withOption(options[i], options[i + 1]);
        return spec;
    }

    static List<FileSystemType> types() {
        return List.of(
                new MemoryFileSystemType(),
                new HostFileSystemType(),
                new ImageFileSystemType(noBundles()));
    }

    /// Images are of files here.
    static BundleContext noBundles() {
        InvocationHandler none =
                (_, method, _) -> {
                    throw new UnsupportedOperationException(method.getName());
                };
        var loader = Layers.class.getClassLoader();
        return (BundleContext)
                Proxy.newProxyInstance(loader, new Class<?>[] {BundleContext.class}, none);
    }

    static FileSystem memory(String... options) throws MountException {
        var spec = MountSpec.of("/", "memory");
        for (int i = 0; i < options.length; i += 2)
            spec = spec.withOption(options[i], options[i + 1]);
        return new MemoryFileSystemType().create(spec);
    }

    /// A zip file without entries.
    static Path emptyImage(Path folder) {
        var file = folder.resolve("image.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setComment("nothing");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    static Node.Regular file(Node.Directory in, String name, String text) {
        var file = in.create(name, 0644, 0, 0);
        file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        return file;
    }

    static String text(Node node) {
        var file = (Node.Regular) node;
        var bytes = ByteBuffer.allocate((int) file.attributes().size());
        file.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    /// What is at a path.
    static Node find(FileSystem fs, String path) {
        Node node = fs.root();
        for (var name : path.split("/"))
            if (!name.isEmpty())
                node = Objects.requireNonNull(((Node.Directory) node).lookup(name), path);
        return node;
    }

    /// What a guest could tell of a tree: kinds, permissions, links, contents, by path.
    static Map<String, String> shape(FileSystem fs) {
        var shape = new TreeMap<String, String>();
        add("", fs.root(), shape);
        return shape;
    }

    /// Inode numbers by path.
    static Map<String, Long> numbers(FileSystem fs) {
        var numbers = new TreeMap<String, Long>();
        number("", fs.root(), numbers);
        return numbers;
    }

    private static void number(String path, Node node, Map<String, Long> to) {
        to.put(path, node.attributes().inode());
        if (!(node instanceof Node.Directory directory)) return;
        for (var entry : directory.entries(0, Integer.MAX_VALUE)) {
            var below = directory.lookup(entry.name());
            if (below != null) number(path + "/" + entry.name(), below, to);
        }
    }

    private static void add(String path, Node node, Map<String, String> to) {
        var of = node.attributes();
        var what = "%o %d ".formatted(of.mode(), of.links());
        switch (node) {
            case Node.Directory directory -> {
                to.put(path + "/", what);
                for (var entry : directory.entries(0, Integer.MAX_VALUE)) {
                    var below = directory.lookup(entry.name());
                    if (below == null) throw new AssertionError(path + "/" + entry.name());
                    if (below.attributes().inode() != entry.inode()
                            || Mode.type(below.attributes().mode()) != entry.type())
                        throw new AssertionError(entry + " is " + below.attributes());
                    add(path + "/" + entry.name(), below, to);
                }
            }
            case Node.Regular file -> to.put(path, what + text(file));
            case Node.Link link -> to.put(path, what + link.target());
            case Node.Special _ -> to.put(path, what);
        }
    }
}
