package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.FileSystem.Capability;
import podium.vfs.Mode;
import podium.vfs.Node;

/// What every read-only backend promises ([Node], [FileSystem], [podium.vfs.ReadOnlyDirectory]). A
/// backend's test is a subclass with [#create].
public abstract class ReadOnlyFileSystemContract {

    private static final String NONE = "no such name";

    private FileSystem fs;

    /// Every inode of the tree, by path.
    private final Map<String, Node> nodes = new TreeMap<>();

    /// A file system with at least a file, a device or a link in its root, which stays as it is
    /// while a test runs.
    protected abstract FileSystem create() throws Exception;

    @BeforeEach
    void open() throws Exception {
        fs = create();
        walk("/", fs.root(), nodes);
    }

    @AfterEach
    void close() {
        fs.close();
    }

    private static void walk(String path, Node node, Map<String, Node> into) {
        into.put(path, node);
        if (!(node instanceof Node.Directory directory)) return;
        for (var entry : directory.entries(0, Integer.MAX_VALUE)) {
            var found = directory.lookup(entry.name());
            assertNotNull(found, path + entry.name());
            walk(path + entry.name() + "/", found, into);
        }
    }

    @Test
    void theRootIsADirectoryAndNotWritable() {
        assertEquals(Mode.DIRECTORY, Mode.type(fs.root().attributes().mode()));
        assertEquals(fs.root(), fs.root());
        assertFalse(fs.capabilities().contains(Capability.WRITE));
        assertTrue(nodes.size() > 1, "an empty tree shows nothing");
    }

    @Test
    void entriesTellWhatIsThere() {
        forEach(
                Node.Directory.class,
                (path, directory) -> {
                    assertNull(directory.lookup(NONE), path);
                    for (var entry : directory.entries(0, Integer.MAX_VALUE)) {
                        var node = directory.lookup(entry.name());
                        assertNotNull(node, path + entry.name());
                        assertEquals(node, nodes.get(path + entry.name() + "/"));
                        assertEquals(entry.inode(), node.attributes().inode(), path);
                        assertEquals(entry.type(), Mode.type(node.attributes().mode()), path);
                        assertTrue(entry.cookie() > 0, path);
                    }
                });
    }

    @Test
    void entriesComeOnceEach() {
        forEach(
                Node.Directory.class,
                (path, directory) -> {
                    var all = Directories.names(directory, Integer.MAX_VALUE);
                    assertEquals(all.size(), new HashSet<>(all).size(), path);
                    for (int limit : new int[] {1, 2, 7})
                        assertEquals(all, Directories.names(directory, limit));
                    assertEquals(List.of(), directory.entries(Long.MAX_VALUE, 1), path);
                });
    }

    @Test
    void filesAreReadAtPositions() {
        forEach(
                Node.Regular.class,
                (path, file) -> {
                    long size = file.attributes().size();
                    assertEquals(0, file.read(ByteBuffer.allocate(8), Long.MAX_VALUE), path);
                    if (size == 0) return; // or not known before it is read
                    assertEquals(0, file.read(ByteBuffer.allocate(8), size), path);
                    var last = ByteBuffer.allocate(8);
                    assertEquals(1, file.read(last, size - 1), path);
                    assertEquals(1, last.position(), path);
                });
    }

    @Test
    void directoriesTakeNothing() {
        var before = shape();
        forEach(
                Node.Directory.class,
                (path, directory) -> {
                    for (var name : Directories.names(directory, 3)) refusesNames(directory, name);
                    refusesNames(directory, NONE);
                    refuses(() -> directory.createUnnamed(0600, 0, 0));
                });
        assertEquals(before, shape());
    }

    private void refusesNames(Node.Directory in, String name) {
        var there = in.lookup(name);
        refuses(() -> in.create(name, 0644, 0, 0));
        refuses(() -> in.createDirectory(name, 0755, 0, 0));
        refuses(() -> in.createLink(name, "target", 0, 0));
        refuses(() -> in.createSpecial(name, Mode.FIFO | 0600, 0, 0, 0));
        refuses(() -> in.link(name, there == null ? in : there));
        refuses(() -> in.unlink(name));
        refuses(() -> in.removeDirectory(name));
        refuses(() -> in.rename(name, fs.root(), "other", false));
        refuses(() -> in.rename(name, in, name, true));
    }

    @Test
    void inodesTakeNothing() {
        var before = shape();
        forEach(
                Node.class,
                (_, node) -> {
                    refuses(() -> node.change(AttributeChange.mode(0777)));
                    refuses(() -> node.change(AttributeChange.owner(1, 1)));
                    refuses(() -> node.change(AttributeChange.times(1L, 1L)));
                });
        forEach(
                Node.Regular.class,
                (_, file) -> {
                    refuses(() -> file.write(ByteBuffer.allocate(1), 0));
                    refuses(() -> file.append(ByteBuffer.allocate(1)));
                    refuses(() -> file.truncate(0));
                    refuses(() -> file.allocate(0, 0, 1));
                    file.sync(false);
                });
        assertEquals(before, shape());
    }

    @Test
    void statisticsMakeSense() {
        var statistics = fs.statistics();
        assertTrue(statistics.blockSize() > 0);
        assertEquals(0, statistics.free());
        assertEquals(0, statistics.freeFiles());
        fs.sync();
    }

    /// What could have changed: names, kinds, permissions, owners, sizes.
    private Map<String, String> shape() {
        var shape = new TreeMap<String, String>();
        var now = new TreeMap<String, Node>();
        walk("/", fs.root(), now);
        now.forEach(
                (path, node) -> {
                    var a = node.attributes();
                    shape.put(path, a.mode() + " " + a.uid() + " " + a.gid() + " " + a.size());
                });
        return shape;
    }

    private interface Check<N extends Node> {
        void of(String path, N node);
    }

    private <N extends Node> void forEach(Class<N> kind, Check<N> check) {
        nodes.forEach(
                (path, node) -> {
                    if (kind.isInstance(node)) check.of(path, kind.cast(node));
                });
    }

    private static void refuses(Executable change) {
        assertEquals(Errno.EROFS, assertThrows(ErrnoException.class, change).errno());
    }
}
