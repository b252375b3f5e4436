package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.FileWatcher;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;

/// What guests hear of a directory of the host, beside what a program of the host's hears by
/// inotify(7).
class WatchesTest {

    private static final int WRITE = OpenFile.O_CREAT | OpenFile.O_WRONLY;

    @TempDir Path folder;
    private Path top;
    private MountNamespace pod;
    private FsContext context;
    private NativeEars linux;
    private GuestEars guest;

    @BeforeEach
    void mount() throws Exception {
        top = Files.createDirectory(folder.resolve("top"));
        mount(MountSpec.of("/", "host", top.toString()));
        linux = new NativeEars(top);
    }

    private void mount(MountSpec spec) throws Exception {
        var vfs = new VfsService(List.of(new HostFileSystemType()), null);
        pod = vfs.namespace(List.of(spec));
        context = vfs.context(pod, Credentials.ROOT);
        guest = new GuestEars(pod, context);
    }

    @AfterEach
    void close() {
        context.close();
        pod.close();
        linux.close();
    }

    private void watch(String... paths) {
        for (var path : paths) {
            linux.watch(path);
            guest.watch(path);
        }
    }

    /// Both have heard the same, and something.
    private void compare() throws Exception {
        try {
            guest.await(heard -> heard.equals(linux.lines()));
        } catch (AssertionError e) {
            assertEquals(linux.lines(), guest.lines());
        }
        assertFalse(guest.lines().isEmpty());
    }

    private void write(String path, String text) throws IOException {
        Files.writeString(top.resolve(path), text);
    }

    private void move(String from, String to) throws IOException {
        Files.move(top.resolve(from), top.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void theHostsChangesAreHeardAsOnTheHost() throws Exception {
        Files.createDirectories(top.resolve("d/e"));
        Files.createDirectories(folder.resolve("outside"));
        write("f", "text");
        Files.createSymbolicLink(top.resolve("l"), Path.of("f"));
        watch("", "d", "d/e", "f", "l");
        write("new", "text");
        Files.writeString(top.resolve("f"), "more", StandardOpenOption.APPEND);
        Files.setPosixFilePermissions(
                top.resolve("d"), PosixFilePermissions.fromString("rwx--x--x"));
        Files.setLastModifiedTime(top.resolve("f"), FileTime.fromMillis(1));
        Files.createLink(top.resolve("d/hard"), top.resolve("f"));
        Files.createSymbolicLink(top.resolve("d/soft"), Path.of("../../outside"));
        Files.createDirectory(top.resolve("d/sub"));
        move("new", "d/new");
        move("d/new", "d/newer");
        move("d/sub", "d/e/sub");
        move("d/e", "e");
        move("d/newer", "f");
        Files.move(top.resolve("e/sub"), folder.resolve("outside/sub"));
        Files.move(folder.resolve("outside/sub"), top.resolve("sub"));
        Files.delete(top.resolve("sub"));
        Files.delete(top.resolve("d/soft"));
        Files.delete(top.resolve("d/hard"));
        Files.delete(top.resolve("e"));
        Files.delete(top.resolve("l"));
        compare();
        // What the host replaced and removed is watched by nobody any more.
        assertEquals(3, guest.lines().stream().filter(line -> line.contains(":8000 ")).count());
    }

    @Test
    void whateverTheHostDoesIsHeard() throws Exception {
        long seed = Long.getLong("podium.random.seed", System.nanoTime());
        var random = new Random(seed);
        for (var name : List.of("a", "b", "c")) Files.createDirectory(top.resolve(name));
        watch("", "a", "b", "c");
        for (int i = 0; i < 2000; i++) {
            try {
                change(random);
            } catch (IOException e) {
                // There is no such name, or already one: nothing to hear.
            }
        }
        try {
            compare();
        } catch (AssertionError e) {
            throw new AssertionError("podium.random.seed=" + seed, e);
        }
    }

    private void change(Random random) throws IOException {
        var one = top.resolve(name(random));
        var other = top.resolve(name(random));
        switch (random.nextInt(7)) {
            case 0 -> Files.writeString(one, "text");
            case 1 -> Files.delete(one);
            case 2 -> Files.createDirectory(one);
            case 3 -> Files.move(one, other, StandardCopyOption.ATOMIC_MOVE);
            case 4 -> Files.createLink(one, other);
            case 5 -> Files.createSymbolicLink(one, other);
            default -> Files.setLastModifiedTime(one, FileTime.fromMillis(random.nextInt(1000)));
        }
    }

    private static String name(Random random) {
        return List.of("", "a/", "b/", "c/").get(random.nextInt(4)) + "n" + random.nextInt(4);
    }

    /// No event of the guest's own comes after its call, and none twice.
    @Test
    void theGuestsChangesAreHeardAtOnce() throws Exception {
        guest.watch("");
        for (int i = 0; i < 100; i++) {
            guest.clear();
            var file = pod.open(context, null, "/f", WRITE, 0644);
            file.write(ByteBuffer.wrap(new byte[9]));
            file.release();
            pod.rename(context, null, "/f", null, "/g", 0);
            pod.unlink(context, null, "/g", 0);
            assertEquals(
                    List.of(
                            ":100 f",
                            ":2 f",
                            ":8 f",
                            ":40=" + i + " f",
                            ":80=" + i + " g",
                            ":200 g"),
                    guest.lines());
        }
    }

    @Test
    void whatBothDoIsHeardInItsOrder() throws Exception {
        watch("");
        for (int i = 0; i < 200; i++) {
            guest.clear();
            write("f", "the host's");
            pod.unlink(context, null, "/f", 0);
            assertEquals(List.of(":100 f", ":2 f", ":8 f", ":200 f"), guest.lines());
            guest.clear();
            pod.makeDirectory(context, null, "/d", 0755);
            Files.delete(top.resolve("d"));
            guest.await(heard -> heard.size() == 2);
            assertEquals(List.of(":40000100 d", ":40000200 d"), guest.lines());
        }
    }

    /// Closing is told of by two, the VFS and the host: each time by one of them.
    @Test
    void eachClosesOnce() throws Exception {
        guest.watch("");
        try (var pool = Executors.newFixedThreadPool(3)) {
            var all = new ArrayList<Future<?>>();
            for (int t = 0; t < 2; t++) {
                int thread = t;
                all.add(pool.submit(() -> guestWrites("/g" + thread)));
            }
            all.add(
                    pool.submit(
                            () -> {
                                for (int i = 0; i < 500; i++) write("h" + i, "text");
                                return null;
                            }));
            for (var one : all) one.get();
        }
        guest.await(heard -> heard.contains(":8 h499"));
        var closed = guest.lines().stream().filter(line -> line.startsWith(":8 ")).toList();
        assertEquals(1500, closed.size());
        assertEquals(1500, new HashSet<>(closed).size());
    }

    private void guestWrites(String name) {
        for (int i = 0; i < 500; i++) {
            // Truncating by path opens and closes on the host only.
            pod.open(context, null, name + "-" + i, WRITE, 0644).release();
            var place = pod.resolve(context, null, name + "-" + i, 0);
            pod.truncate(context, place, 5);
        }
    }

    @Test
    void aRemovedDirectoryIsWatchedNoLonger() throws Exception {
        Files.createDirectories(top.resolve("d/e/f"));
        write("d/e/file", "text");
        // A guest was there.
        pod.resolve(context, null, "/d/e/f", 0).attributes();
        pod.open(context, null, "/d/e/f", OpenFile.O_RDONLY, 0).release();
        pod.open(context, null, "/d/e/f/x", WRITE, 0644).release();
        watch("d", "d/e");
        pod.resolve(context, null, "/d/e/f/x", 0).attributes();
        for (var name : List.of("d/e/f/x", "d/e/f", "d/e/file", "d/e", "d"))
            Files.delete(top.resolve(name));
        guest.await(heard -> heard.contains("d:8000 null"));
        compare();
        assertTrue(guest.lines().contains("d:400 null"), guest.lines()::toString);
        guest.clear();
        Files.createDirectory(top.resolve("d"));
        guest.watch("d");
        write("d/f", "");
        guest.await(heard -> heard.contains("d:100 f"));
    }

    @Test
    void aReadOnlyMountIsWatched() throws Exception {
        close();
        mount(MountSpec.of("/", "host", top.toString()).asReadOnly());
        linux = new NativeEars(top);
        watch("");
        write("f", "text");
        compare();
    }

    @Test
    void noWatchLeadsOut() throws Exception {
        var outside = Files.createDirectory(folder.resolve("outside"));
        Files.createSymbolicLink(top.resolve("l"), outside);
        var e =
                assertThrows(
                        ErrnoException.class,
                        () -> pod.resolve(context, null, "/l/.", 0).watch(guest.watcher("l")));
        assertEquals(Errno.ENOENT, e.errno());
        watch("l");
        Files.writeString(outside.resolve("f"), "text");
        Files.delete(top.resolve("l"));
        compare();
        assertTrue(guest.lines().stream().noneMatch(line -> line.endsWith(" f")));
    }

    @Test
    void nothingIsLeft() throws Exception {
        for (int i = 0; i < 50; i++) Files.createDirectory(top.resolve("d" + i));
        for (int i = 0; i < 50; i++) pod.resolve(context, null, "/d" + i, 0).attributes();
        guest.watch("");
        guest.unwatch();
        GuestEars.awaitThreads(0);
        long before = HostDirectories.descriptors();
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 50; i++) guest.watch("d" + i);
            write("d7/f" + round, "text");
            int expected = round + 1;
            guest.await(heard -> heard.contains("d7:100 f" + (expected - 1)));
            GuestEars.awaitThreads(1);
            guest.unwatch();
            GuestEars.awaitThreads(0);
            assertEquals(before, HostDirectories.descriptors());
        }
        // What is watched when it is unmounted.
        guest.watch("d1");
        pod.close();
        GuestEars.awaitThreads(0);
        guest.unwatch();
    }

    @Test
    void tenThousandAreHeard() throws Exception {
        watch("");
        for (int i = 0; i < 10_000; i++) Files.createFile(top.resolve("f" + i));
        guest.await(heard -> heard.contains(":100 f9999") || heard.contains(":4000 null"));
        var heard = guest.lines();
        if (!heard.contains(":4000 null"))
            for (int i = 0; i < 10_000; i++)
                assertEquals(List.of(":100 f" + i, ":8 f" + i), heard.subList(2 * i, 2 * i + 2));
    }

    @Test
    void whatIsLostIsSaid() throws Exception {
        long most = Linux.inotify("max_queued_events");
        var held = new CountDownLatch(1);
        var one = Files.createFile(top.resolve("f"));
        guest.watch("");
        FileWatcher slow =
                (_, _, _) -> {
                    try {
                        held.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                };
        var place = guest.place("");
        place.watch(slow);
        for (int i = 0; i < most + 5000; i++)
            Files.setLastModifiedTime(i % 2 == 0 ? top : one, FileTime.fromMillis(i));
        try (var pool = Executors.newSingleThreadExecutor()) {
            // Its events, and the mark it waits for, are lost.
            var making = pool.submit(() -> pod.makeDirectory(context, null, "/lost", 0755));
            Thread.sleep(100);
            held.countDown();
            making.get();
        }
        guest.await(heard -> heard.contains(":4000 null"));
        place.unwatch(slow);
        guest.clear();
        pod.makeDirectory(context, null, "/found", 0755);
        assertEquals(List.of(":40000100 found"), guest.lines());
    }

    @Test
    void tooManyAreRefused() throws Exception {
        for (var name : List.of("a", "b", "c")) Files.createDirectory(top.resolve(name));
        FileWatcher nobody = (_, _, _) -> {};
        try (var fs = new HostFileSystemType().create(HostDirectories.spec(top))) {
            var watches = new Watches((HostFileSystem) fs, 2);
            Function<String, AutoCloseable> watch =
                    name ->
                            watches.watch(
                                    java.util.Objects.requireNonNull(fs.root().lookup(name)),
                                    nobody);
            try (var _ = watch.apply("a")) {
                try (var _ = watch.apply("b")) {
                    var e = assertThrows(ErrnoException.class, () -> watch.apply("c"));
                    assertEquals(Errno.ENOSPC, e.errno());
                }
                watch.apply("c").close();
            }
            GuestEars.awaitThreads(0);
        }
    }

    /// Guests and the host change things while watches come and go.
    @Test
    void hammer() throws Exception {
        for (int i = 0; i < 4; i++) Files.createDirectory(top.resolve("d" + i));
        pod.resolve(context, null, "/d0", 0);
        long before = HostDirectories.descriptors();
        try (var pool = Executors.newFixedThreadPool(4)) {
            var all = new ArrayList<Future<?>>();
            for (int t = 0; t < 2; t++) {
                int thread = t;
                all.add(
                        pool.submit(
                                () -> {
                                    for (int i = 0; i < 300; i++) {
                                        var directory = "d" + i % 4;
                                        var file = "/" + directory + "/g" + thread;
                                        guest.watchFor(directory, () -> guestWrites(file, 5));
                                    }
                                    return null;
                                }));
            }
            all.add(
                    pool.submit(
                            () -> {
                                for (int i = 0; i < 2000; i++) {
                                    var path = "d" + i % 4 + "/h" + i % 7;
                                    write(path, "text");
                                    Files.deleteIfExists(top.resolve(path));
                                }
                                return null;
                            }));
            for (var one : all) one.get();
        }
        GuestEars.awaitThreads(0);
        assertEquals(before, HostDirectories.descriptors(), 4);
    }

    private void guestWrites(String path, int times) {
        for (int i = 0; i < times; i++) {
            var file = pod.open(context, null, path, WRITE, 0644);
            file.write(ByteBuffer.wrap("text".getBytes(StandardCharsets.UTF_8)));
            file.release();
            pod.unlink(context, null, path, 0);
        }
    }
}
