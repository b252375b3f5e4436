package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.testkit.Backends.fails;
import static podium.testkit.Backends.refused;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.FileSystem;
import podium.vfs.FsContext;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.Snapshots;
import podium.vfs.Vfs;

/// What the VFS promises of a mount's snapshots ([MountNamespace#snapshots]), whoever keeps them.
public abstract class MountSnapshotContract {

    private Vfs vfs;
    private MountNamespace namespace;
    private FsContext context;
    private Snapshots snapshots;

    /// Knows the type `memory`, and that of [#spec].
    protected abstract Vfs create();

    /// Mounts a file system that keeps snapshots, empty but for a directory `there` perhaps.
    protected abstract MountSpec spec(String target) throws Exception;

    @BeforeEach
    void open() throws Exception {
        vfs = create();
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory"), spec("/data")));
        context = vfs.context(namespace, Credentials.ROOT);
        snapshots = namespace.snapshots(context, "/data");
    }

    @AfterEach
    void close() {
        context.close();
        namespace.close();
    }

    private OpenFile file(String path) {
        return namespace.open(context, null, path, OpenFile.O_RDWR | OpenFile.O_CREAT, 0644);
    }

    private void write(String path, String text) {
        var file = file(path);
        write(file, text);
        file.release();
    }

    private static void write(OpenFile file, String text) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) file.write(bytes, bytes.position());
    }

    private String read(String path) {
        var file = namespace.open(context, null, path, OpenFile.O_RDONLY, 0);
        try {
            return read(file);
        } finally {
            file.release();
        }
    }

    private static String read(OpenFile file) {
        var buffer = ByteBuffer.allocate(1000);
        file.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    private long number(String path) {
        return namespace.resolve(context, null, path, 0).attributes().inode();
    }

    private void absent(String path) {
        fails(Errno.ENOENT, () -> namespace.resolve(context, null, path, 0));
    }

    @Test
    void namesAndOpenFilesAreThoseOfTheSnapshot() {
        namespace.makeDirectory(context, null, "/data/d", 0755);
        namespace.makeDirectory(context, null, "/data/d/e", 0755);
        write("/data/d/f", "before");
        write("/data/g", "kept");
        long number = number("/data/d/f");
        context.setWorkingDirectory(namespace.resolve(context, null, "/data/d/e", 0));
        var f = file("/data/d/f");
        snapshots.take("one");
        write(f, "behind");
        var late = file("/data/late");
        write(late, "late");
        namespace.unlink(context, null, "/data/g", 0);
        namespace.rename(context, null, "/data/d/f", null, "/data/moved", 0);
        write("/data/d/f", "another");
        write("/data/d/e/x", "x");
        assertNotEquals(number, number("/data/d/f"));
        snapshots.restore("one");
        absent("/data/late");
        absent("/data/moved");
        absent("/data/d/e/x");
        absent("x");
        assertEquals("before", read("/data/d/f"));
        assertEquals("before", read("../f"));
        assertEquals("before", read(f));
        assertEquals(number, number("/data/d/f"));
        assertEquals(number, f.attributes().inode());
        assertEquals("kept", read("/data/g"));
        assertEquals("late", read(late));
        assertEquals(0, late.attributes().links());
        write(f, "after!");
        assertEquals("after!", read("/data/d/f"));
        assertEquals("/data/d/e", context.workingDirectory().path());
        write("new", "new");
        assertEquals("new", read("/data/d/e/new"));
        f.release();
        late.release();
        snapshots.restore("one");
        assertEquals("before", read("/data/d/f"));
        absent("new");
        namespace.unlink(context, null, "/data/g", 0);
        absent("/data/g");
    }

    @Test
    void whatIsMountedBelowStays() throws Exception {
        namespace.makeDirectory(context, null, "/data/a", 0755);
        snapshots.take("empty");
        namespace.mount(context, MountSpec.of("/data/a/b", "memory"));
        write("/data/a/b/x", "below");
        fails(Errno.EBUSY, () -> snapshots.restore("empty"));
        snapshots.take("with");
        write("/data/a/y", "y");
        snapshots.restore("with");
        assertEquals("below", read("/data/a/b/x"));
        absent("/data/a/y");
        namespace.unmount(context, "/data/a/b", false);
        namespace.unlink(context, null, "/data/a/b", MountNamespace.AT_REMOVEDIR);
        namespace.makeDirectory(context, null, "/data/a/b", 0755);
        namespace.mount(context, MountSpec.of("/data/a/b", "memory"));
        fails(Errno.EBUSY, () -> snapshots.restore("with"));
        namespace.unmount(context, "/data/a/b", false);
        snapshots.restore("empty");
        absent("/data/a/b");
    }

    @Test
    void aSnapshotIsMounted() throws Exception {
        write("/data/f", "before");
        snapshots.take("one");
        write("/data/f", "after!");
        namespace.mount(
                context,
                new MountSpec("/then", "snapshot", "/data@one", java.util.Map.of(), false));
        assertEquals("before", read("/then/f"));
        assertEquals("after!", read("/data/f"));
        assertEquals(number("/data/f"), number("/then/f"));
        fails(Errno.EROFS, () -> file("/then/f"));
        fails(Errno.EROFS, () -> namespace.unlink(context, null, "/then/f", 0));
        fails(Errno.EBUSY, () -> snapshots.delete("one"));
        fails(Errno.EBUSY, () -> namespace.unmount(context, "/data", false));
        var message = refused(() -> namespace.snapshots(context, "/then"));
        assertTrue(message.contains("keeps no snapshots"), message);
        namespace.unmount(context, "/then", false);
        snapshots.delete("one");
        refused(() -> namespace.mount(context, MountSpec.of("/then", "snapshot", "/data@one")));
        refused(() -> namespace.mount(context, MountSpec.of("/then", "snapshot", "/data")));
        refused(() -> namespace.mount(context, MountSpec.of("/then", "snapshot", "/none@one")));
        namespace.unmount(context, "/data", false);
    }

    @Test
    void whoMayAndWhatForbids() throws Exception {
        try (var guest = vfs.context(namespace, new Credentials(1, 1, 1, 1, 1, 1))) {
            fails(Errno.EPERM, () -> namespace.snapshots(guest, "/data"));
        }
        refused(() -> namespace.snapshots(context, "/none"));
        namespace.makeDirectory(context, null, "/data/d", 0755);
        refused(() -> namespace.snapshots(context, "/data/d"));
        snapshots.take("one");
        var message =
                refused(
                        () ->
                                namespace.migrate(
                                        context,
                                        MountSpec.of("/data", "memory"),
                                        MigrationPlan.DEFAULT,
                                        MigrationProgress.NONE));
        assertTrue(message.contains("snapshots"), message);
        snapshots.delete("one");
        namespace.migrate(
                context,
                MountSpec.of("/data", "memory"),
                MigrationPlan.DEFAULT,
                MigrationProgress.NONE);
        fails(Errno.EIO, () -> snapshots.take("two"));
        assertThrows(ErrnoException.class, () -> snapshots.restore("one"));
        namespace.snapshots(context, "/data").take("two");
    }

    /// Writers write each number to one file, then to the next one: no snapshot has it in the next
    /// one alone.
    @Test
    void aSnapshotIsAStateThatThereWas() throws Exception {
        int writers = 3;
        var stop = new AtomicBoolean();
        var done = new ArrayList<Future<?>>();
        try (var pool = Executors.newFixedThreadPool(writers)) {
            for (int i = 0; i < writers; i++) {
                int writer = i;
                done.add(pool.submit(() -> count(writer, stop)));
            }
            try {
                for (int i = 0; i < 100; i++) {
                    snapshots.take("s" + i);
                    try (var then = snapshots.open("s" + i)) {
                        for (int k = 0; k < writers; k++) check(then, k);
                    }
                    if (i % 3 == 0) snapshots.delete("s" + i);
                }
            } finally {
                stop.set(true);
            }
            for (var one : done) one.get();
        }
        assertEquals(66, snapshots.list().size());
    }

    private void count(int writer, AtomicBoolean stop) {
        try (var own = vfs.context(namespace, Credentials.ROOT)) {
            var a = file("/data/a" + writer);
            var b = file("/data/b" + writer);
            for (int n = 1; !stop.get(); n++) {
                write(a, "%9d".formatted(n));
                write(b, "%9d".formatted(n));
                write("/data/c" + writer + ".new", "%9d".formatted(n));
                namespace.rename(
                        own, null, "/data/c" + writer + ".new", null, "/data/c" + writer, 0);
            }
            a.release();
            b.release();
        }
    }

    private static void check(FileSystem then, int writer) {
        int a = number(then, "a" + writer);
        int b = number(then, "b" + writer);
        int c = number(then, "c" + writer);
        int fresh = number(then, "c" + writer + ".new");
        assertTrue(a == b || a == b + 1, a + " " + b);
        assertTrue(b == c || b == c + 1, b + " " + c);
        assertTrue(fresh == 0 || fresh == b, fresh + " " + b);
    }

    private static int number(FileSystem fs, String name) {
        var buffer = ByteBuffer.allocate(9);
        if (!(fs.root().lookup(name) instanceof Node.Regular file) || file.read(buffer, 0) == 0)
            return 0;
        return Integer.parseInt(new String(buffer.array(), StandardCharsets.US_ASCII).strip());
    }

    /// Two snapshots in turn, under threads that look names up: each finds what one of them has,
    /// and once a restore has ended nobody finds what it does not have.
    @Test
    void restoringUnderThreadsThatLook() throws Exception {
        for (var name : List.of("both", "f")) write("/data/" + name, "one");
        snapshots.take("one");
        namespace.unlink(context, null, "/data/f", 0);
        write("/data/both", "two");
        write("/data/g", "two");
        snapshots.take("two");
        var stop = new AtomicBoolean();
        var done = new ArrayList<Future<?>>();
        try (var pool = Executors.newFixedThreadPool(3)) {
            for (int i = 0; i < 3; i++) done.add(pool.submit(() -> look(stop)));
            try {
                for (int i = 0; i < 300; i++) {
                    boolean one = i % 2 == 0;
                    snapshots.restore(one ? "one" : "two");
                    assertEquals(one ? "one" : "two", read("/data/both"));
                    assertEquals(one ? "one" : "two", read(one ? "/data/f" : "/data/g"));
                    absent(one ? "/data/g" : "/data/f");
                }
            } finally {
                stop.set(true);
            }
            for (var future : done) future.get();
        }
    }

    private void look(AtomicBoolean stop) {
        while (!stop.get()) {
            var both = read("/data/both");
            assertTrue(both.equals("one") || both.equals("two"), both);
            for (var name : List.of("f", "g"))
                try {
                    assertEquals(name.equals("f") ? "one" : "two", read("/data/" + name));
                } catch (ErrnoException e) {
                    assertEquals(Errno.ENOENT, e.errno());
                }
        }
    }
}
