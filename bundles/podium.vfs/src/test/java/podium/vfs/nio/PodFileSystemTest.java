package podium.vfs.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.syscall.LinuxString;
import podium.syscall.OpenFile;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

/// What a pod's files have that those of the JDK have not.
class PodFileSystemTest {

    private static final Credentials USER = new Credentials(1000, 1000, 1000, 1000, 1000, 1000);

    private final VfsService vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
    private MountNamespace namespace;
    private FsContext guest;
    private FileSystem files;

    @TempDir Path folder;

    @BeforeEach
    void open() throws Exception {
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        guest = vfs.context(namespace, Credentials.ROOT);
        files = vfs.fileSystem(namespace, "test", Credentials.ROOT);
    }

    @AfterEach
    void close() throws Exception {
        files.close();
        guest.close();
        namespace.close();
    }

    private Path path(String text) {
        return files.getPath(text);
    }

    private void guestWrites(String path, String text) {
        int flags = OpenFile.O_WRONLY | OpenFile.O_CREAT;
        var file = namespace.open(guest, null, path, flags, 0644);
        assertEquals(text.length(), file.write(ByteBuffer.wrap(LinuxString.encode(text))));
        file.release();
    }

    @Test
    void namesThatAreNoTextSurvive() throws Exception {
        var name = LinuxString.decode(new byte[] {'a', (byte) 0xff, (byte) 0xc3});
        guestWrites("/" + name, "x");
        try (var entries = Files.list(path("/"))) {
            var found = entries.toList();
            assertEquals(List.of(path("/" + name)), found);
            assertEquals("x", Files.readString(found.getFirst()));
            var uri = found.getFirst().toUri();
            assertEquals("podium://test/a%FF%C3", uri.toString());
            assertEquals(found.getFirst(), files.provider().getPath(uri));
        }
        assertThrows(InvalidPathException.class, () -> path("a\ud800"));
        assertThrows(InvalidPathException.class, () -> path("a\0"));
    }

    @Test
    void urisAreOfThisPodAlone() {
        var spaced = path("/a b/é#?%");
        assertEquals(spaced, files.provider().getPath(spaced.toUri()));
        for (var wrong : List.of("podium://other/a", "file:///a", "podium://test/a?b", "podium:a"))
            assertThrows(
                    IllegalArgumentException.class,
                    () -> files.provider().getPath(URI.create(wrong)),
                    wrong);
    }

    @Test
    void whoLooksIsWhoeverIsAskedFor() throws Exception {
        Files.writeString(path("/secret"), "x");
        Files.setAttribute(path("/secret"), "unix:mode", 0600);
        try (var theirs = vfs.fileSystem(namespace, "test", USER)) {
            assertThrows(
                    AccessDeniedException.class, () -> Files.readString(theirs.getPath("/secret")));
            assertThrows(
                    AccessDeniedException.class, () -> Files.createFile(theirs.getPath("/new")));
            assertFalse(Files.isReadable(theirs.getPath("/secret")));
            Files.setAttribute(path("/"), "unix:mode", 0777);
            Files.createFile(theirs.getPath("/new"));
        }
        assertEquals(1000, Files.getAttribute(path("/new"), "unix:uid"));
        assertEquals("1000", Files.getOwner(path("/new")).getName());
        Files.setOwner(
                path("/new"), files.getUserPrincipalLookupService().lookupPrincipalByName("7"));
        assertEquals(7, Files.getAttribute(path("/new"), "unix:uid"));
        assertThrows(
                UserPrincipalNotFoundException.class,
                () -> files.getUserPrincipalLookupService().lookupPrincipalByName("node"));
        assertThrows(
                ProviderMismatchException.class,
                () -> Files.setOwner(path("/new"), Files.getOwner(folder)));
    }

    @Test
    void linksStayInThePod() throws Exception {
        var outside = Files.writeString(folder.resolve("outside"), "host");
        Files.createSymbolicLink(path("/up"), path("../../../.." + outside));
        Files.createSymbolicLink(path("/absolute"), path(outside.toString()));
        assertFalse(Files.exists(path("/up")));
        assertFalse(Files.exists(path("/absolute")));
        assertThrows(FileSystemException.class, () -> Files.writeString(path("/up"), "pod"));
        assertEquals("host", Files.readString(outside));
        Files.createSymbolicLink(path("/loop"), path("loop"));
        assertThrows(FileSystemLoopException.class, () -> Files.readString(path("/loop")));
        assertEquals(path("/"), path("/../..").toRealPath());
    }

    @Test
    void aReadOnlyMountSaysSo() throws Exception {
        namespace.mount(guest, MountSpec.of("/fixed", "memory").asReadOnly());
        var failure =
                assertThrows(
                        FileSystemException.class, () -> Files.writeString(path("/fixed/a"), "x"));
        assertEquals("Read-only file system", failure.getReason());
        assertTrue(Files.getFileStore(path("/fixed")).isReadOnly());
        assertFalse(Files.getFileStore(path("/")).isReadOnly());
        assertEquals("memory", Files.getFileStore(path("/fixed")).type());
        var stores = new ArrayList<String>();
        files.getFileStores().forEach(store -> stores.add(store.toString()));
        assertEquals(List.of("/ (memory)", "/fixed (memory)"), stores);
    }

    @Test
    void whatCrossesMountsIsCopied() throws Exception {
        namespace.mount(guest, MountSpec.of("/other", "memory"));
        Files.writeString(path("/a"), "text");
        Files.setAttribute(path("/a"), "unix:mode", 04711);
        assertThrows(
                java.nio.file.AtomicMoveNotSupportedException.class,
                () ->
                        Files.move(
                                path("/a"),
                                path("/other/a"),
                                java.nio.file.StandardCopyOption.ATOMIC_MOVE));
        Files.move(path("/a"), path("/other/a"));
        assertFalse(Files.exists(path("/a")));
        assertEquals("text", Files.readString(path("/other/a")));
        assertEquals(0104711, Files.getAttribute(path("/other/a"), "unix:mode"));
    }

    @Test
    void otherFileSystemsAreKeptApartAndCopiedBetween() throws Exception {
        var host = Files.writeString(folder.resolve("a"), "text");
        Files.copy(host, path("/a"));
        assertEquals("text", Files.readString(path("/a")));
        try (var second = vfs.namespace(List.of(MountSpec.of("/", "memory")));
                var theirs = vfs.fileSystem(second, "second", Credentials.ROOT)) {
            Files.move(path("/a"), theirs.getPath("/b"));
            assertEquals("text", Files.readString(theirs.getPath("/b")));
            assertThrows(
                    ProviderMismatchException.class,
                    () -> files.provider().delete(theirs.getPath("/b")));
            assertThrows(
                    ProviderMismatchException.class, () -> path("/x").resolve(theirs.getPath("b")));
            assertFalse(Files.isSameFile(path("/"), theirs.getPath("/")));
        }
        assertFalse(Files.exists(path("/a")));
    }

    @Test
    void manyMakeOneFile() throws Exception {
        var makers = new ArrayList<Thread>();
        var made = new java.util.concurrent.atomic.AtomicInteger();
        for (int i = 0; i < 8; i++)
            makers.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        for (int n = 0; n < 200; n++)
                                            try {
                                                Files.createFile(path("/f" + n));
                                                made.incrementAndGet();
                                            } catch (java.io.IOException _) {
                                                // Somebody was quicker.
                                            }
                                    }));
        for (var maker : makers) maker.join();
        assertEquals(200, made.get());
    }

    @Test
    void bigFilesAreCopiedWhole() throws Exception {
        var bytes = new byte[3_000_001];
        new java.util.Random(1).nextBytes(bytes);
        Files.write(path("/big"), bytes);
        Files.copy(path("/big"), path("/copy"));
        assertArrayEquals(bytes, Files.readAllBytes(path("/copy")));
        assertEquals(-1, Files.mismatch(path("/big"), path("/copy")));
        try (var from = FileChannel.open(path("/big"));
                var to =
                        FileChannel.open(
                                folder.resolve("big"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE)) {
            assertEquals(bytes.length - 7, from.transferTo(7, Long.MAX_VALUE, to));
        }
        assertEquals(bytes.length - 7, Files.size(folder.resolve("big")));
    }

    @Test
    void holesTakeNoRoom() throws Exception {
        try (var channel =
                FileChannel.open(
                        path("/sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1]), 1L << 30);
        }
        assertEquals((1L << 30) + 1, Files.size(path("/sparse")));
        var store = Files.getFileStore(path("/sparse"));
        assertTrue(store.getTotalSpace() - store.getUnallocatedSpace() < 1 << 24);
    }

    @Test
    void aChannelsLockHoldsGuestsOff() throws Exception {
        Files.writeString(path("/locked"), "x");
        try (var one = FileChannel.open(path("/locked"), StandardOpenOption.WRITE);
                var two = FileChannel.open(path("/locked"), StandardOpenOption.WRITE)) {
            var lock = one.lock();
            assertNull(two.tryLock());
            var waiting = CompletableFuture.supplyAsync(() -> locked(two));
            assertThrows(
                    java.util.concurrent.TimeoutException.class,
                    () -> waiting.get(100, TimeUnit.MILLISECONDS));
            lock.release();
            assertTrue(waiting.get(30, TimeUnit.SECONDS));
            assertNull(one.tryLock());
        }
        try (var three = FileChannel.open(path("/locked"), StandardOpenOption.WRITE)) {
            assertNotNull(three.tryLock());
        }
    }

    private static boolean locked(FileChannel channel) {
        try {
            return channel.lock().isValid();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void closingEndsWhoWaits() throws Exception {
        Files.writeString(path("/locked"), "x");
        var holder = FileChannel.open(path("/locked"), StandardOpenOption.WRITE);
        var unused = holder.lock();
        var waiter = FileChannel.open(path("/locked"), StandardOpenOption.WRITE);
        var waiting = CompletableFuture.supplyAsync(() -> locked(waiter));
        Thread.sleep(50);
        waiter.close();
        var failure =
                assertThrows(ExecutionException.class, () -> waiting.get(30, TimeUnit.SECONDS));
        assertTrue(
                failure.getCause().getCause() instanceof AsynchronousCloseException
                        || failure.getCause().getCause() instanceof ClosedChannelException,
                failure.toString());
        holder.close();
    }

    @Test
    void everythingEndsWithTheFileSystem() throws Exception {
        Files.writeString(path("/a"), "x");
        var channel = FileChannel.open(path("/a"));
        var entries = Files.newDirectoryStream(path("/"));
        var watches = files.newWatchService();
        var taking =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return watches.take();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        files.close();
        assertFalse(files.isOpen());
        assertFalse(channel.isOpen());
        var failure =
                assertThrows(ExecutionException.class, () -> taking.get(30, TimeUnit.SECONDS));
        assertTrue(failure.getCause() instanceof ClosedWatchServiceException, failure.toString());
        assertThrows(ClosedFileSystemException.class, () -> Files.readString(path("/a")));
        assertThrows(ClosedFileSystemException.class, () -> Files.exists(path("/a")));
        assertThrows(ClosedFileSystemException.class, () -> Files.createDirectory(path("/d")));
        assertThrows(ClosedFileSystemException.class, () -> files.newWatchService());
        assertThrows(ClosedFileSystemException.class, () -> Files.delete(path("/a")));
        assertThrows(ClosedFileSystemException.class, () -> Files.move(path("/a"), path("/b")));
        assertThrows(
                IllegalStateException.class,
                () -> {
                    var unused = entries.iterator();
                });
        files.close();
        // Nothing of it keeps a mount in use.
        assertEquals(1, namespace.mounts().getFirst().users() - 1);
    }

    @Test
    void tellsWhatGuestsDo() throws Exception {
        Files.createDirectory(path("/watched"));
        try (var watches = files.newWatchService()) {
            var key =
                    path("/watched")
                            .register(
                                    watches,
                                    StandardWatchEventKinds.ENTRY_CREATE,
                                    StandardWatchEventKinds.ENTRY_MODIFY,
                                    StandardWatchEventKinds.ENTRY_DELETE);
            assertNull(watches.poll());
            guestWrites("/watched/a", "text");
            namespace.rename(guest, null, "/watched/a", null, "/watched/b", 0);
            namespace.unlink(guest, null, "/watched/b", 0);
            assertEquals(key, watches.poll(10, TimeUnit.SECONDS));
            assertEquals(
                    List.of(
                            "ENTRY_CREATE a",
                            "ENTRY_MODIFY a",
                            "ENTRY_DELETE a",
                            "ENTRY_CREATE b",
                            "ENTRY_DELETE b"),
                    shown(key.pollEvents()));
            assertTrue(key.reset());
            for (int i = 0; i < 1000; i++) guestWrites("/watched/" + i, "x");
            assertEquals(key, watches.poll(10, TimeUnit.SECONDS));
            var events = key.pollEvents();
            assertTrue(
                    events.stream()
                            .anyMatch(one -> one.kind() == StandardWatchEventKinds.OVERFLOW));
            assertTrue(events.size() <= 512);
            assertTrue(key.reset());
            key.cancel();
            assertFalse(key.reset());
            guestWrites("/watched/later", "x");
            assertNull(watches.poll(50, TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void aRemovedDirectoryIsWatchedNoMore() throws Exception {
        Files.createDirectory(path("/watched"));
        try (var watches = files.newWatchService()) {
            var key = path("/watched").register(watches, StandardWatchEventKinds.ENTRY_CREATE);
            Files.delete(path("/watched"));
            assertEquals(key, watches.poll(10, TimeUnit.SECONDS));
            assertFalse(key.isValid());
            assertFalse(key.reset());
            assertThrows(
                    java.nio.file.NoSuchFileException.class,
                    () -> path("/watched").register(watches, StandardWatchEventKinds.ENTRY_CREATE));
        }
    }

    private static List<String> shown(List<WatchEvent<?>> events) {
        return events.stream()
                .filter(
                        event ->
                                event.kind() != StandardWatchEventKinds.ENTRY_MODIFY
                                        || event.count() > 0)
                .map(event -> event.kind() + " " + event.context())
                .toList();
    }

    private static boolean isMoving(Path folder) {
        var name = folder.getName(1).toString();
        return name.equals("moved") || Integer.parseInt(name.substring(1)) < 250;
    }

    @Test
    void aWalkGoesOnWhileThingsChange() throws Exception {
        for (int i = 0; i < 500; i++) Files.createDirectories(path("/tree/d" + i + "/e"));
        var stop = new java.util.concurrent.atomic.AtomicBoolean();
        var guestThread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; !stop.get(); i = (i + 1) % 250) {
                                        namespace.rename(
                                                guest, null, "/tree/d" + i, null, "/moved", 0);
                                        namespace.rename(
                                                guest, null, "/moved", null, "/tree/d" + i, 0);
                                    }
                                });
        try {
            for (int round = 0; round < 20; round++) {
                var seen = new java.util.TreeSet<String>();
                Files.walkFileTree(
                        path("/tree"),
                        new java.nio.file.SimpleFileVisitor<>() {
                            @Override
                            public java.nio.file.FileVisitResult preVisitDirectory(
                                    Path folder, java.nio.file.attribute.BasicFileAttributes of) {
                                // What is renamed may be met again, nothing else.
                                assertTrue(seen.add(folder.toString()) || isMoving(folder));
                                return java.nio.file.FileVisitResult.CONTINUE;
                            }

                            @Override
                            public java.nio.file.FileVisitResult visitFileFailed(
                                    Path file, java.io.IOException failure) {
                                assertTrue(failure instanceof java.nio.file.NoSuchFileException);
                                return java.nio.file.FileVisitResult.CONTINUE;
                            }
                        });
                for (int i = 250; i < 500; i++) assertTrue(seen.contains("/tree/d" + i + "/e"));
            }
        } finally {
            stop.set(true);
            guestThread.join();
        }
    }
}
