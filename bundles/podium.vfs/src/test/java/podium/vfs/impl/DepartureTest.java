package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.FsContext;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.memory.MemoryFileSystemType;

/// What becomes of mounts whose type leaves.
class DepartureTest {

    private static final class Leaving implements FileSystemType {

        @Override
        public String name() {
            return "leaving";
        }

        @Override
        public FileSystem create(MountSpec spec) throws MountException {
            return new MemoryFileSystemType().create(spec);
        }
    }

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Leaving type = new Leaving();
    private VfsService vfs;
    private MountNamespace namespace;
    private FsContext context;
    private OpenFile file;

    private void mount(Duration patience, MountSpec spec) throws MountException {
        vfs = new VfsService(List.of(new MemoryFileSystemType(), type), null, patience);
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory"), spec));
        context = vfs.context(namespace, Credentials.ROOT);
        file = open();
        file.write(bytes("content"), 0);
    }

    @AfterEach
    void close() {
        context.close();
        namespace.close();
    }

    private OpenFile open() {
        int flags = OpenFile.O_CREAT | OpenFile.O_RDWR;
        return namespace.open(context, null, "/data/f", flags, 0644);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private String text() {
        var buffer = ByteBuffer.allocate(100);
        int count = file.read(buffer, 0);
        assertTrue(count >= 0, "read: " + count);
        return new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
    }

    @Test
    void aMountMovesToWhereItsOptionSays() throws Exception {
        mount(
                LONG,
                MountSpec.of("/data", "leaving")
                        .withOption("drain", "memory")
                        .withOption("drain.inodes", "100"));
        vfs.left(type);
        var spec = namespace.mounts().getLast().spec();
        assertEquals("memory", spec.type());
        assertEquals("100", spec.options().get("inodes"));
        assertEquals("memory", spec.options().get("drain"));
        assertEquals("content", text());
        file.write(bytes("goes on"), 0);
        assertEquals("goes on", text());
        file.release();
    }

    @Test
    void aMountWaitsForItsType() throws Exception {
        mount(LONG, MountSpec.of("/data", "leaving"));
        vfs.left(type);
        var writing = CompletableFuture.supplyAsync(() -> held());
        assertHeld(writing);
        assertEquals("content", text());
        vfs.returned(new Leaving());
        assertEquals(7, writing.get(20, TimeUnit.SECONDS));
        assertEquals("written", text());
        file.release();
    }

    /// A move that comes to nothing lets nobody in.
    @Test
    void aMountWaitsOnWhenItCouldNotBeMoved() throws Exception {
        mount(LONG, MountSpec.of("/data", "leaving"));
        vfs.left(type);
        assertHeld(CompletableFuture.supplyAsync(() -> held()));
        var e = assertThrows(MountException.class, () -> move((_, _, _, _) -> false));
        assertTrue(e.getMessage().endsWith("canceled"), e.getMessage());
        var writing = CompletableFuture.supplyAsync(() -> held());
        assertHeld(writing);
        move(MigrationProgress.NONE);
        assertEquals(7, writing.get(20, TimeUnit.SECONDS));
        assertEquals("written", text());
        file.release();
    }

    /// It is not lost while it is being saved.
    @Test
    void aMountIsMovedThoughItsTimeIsUp() throws Exception {
        mount(Duration.ofSeconds(1), MountSpec.of("/data", "leaving"));
        vfs.left(type);
        var writing = CompletableFuture.supplyAsync(() -> held());
        assertHeld(writing);
        move(
                (phase, _, _, _) -> {
                    if (phase == MigrationProgress.Phase.COPY) sleep(1500);
                    return true;
                });
        assertEquals("memory", namespace.mounts().getLast().spec().type());
        assertEquals(7, writing.get(20, TimeUnit.SECONDS));
        assertEquals("written", text());
        file.release();
    }

    private void move(MigrationProgress progress) throws MountException {
        var to = MountSpec.of("/data", "memory");
        namespace.migrate(context, to, MigrationPlan.DEFAULT, progress);
    }

    private static void assertHeld(CompletableFuture<Integer> call) {
        assertThrows(
                java.util.concurrent.TimeoutException.class,
                () -> call.get(300, TimeUnit.MILLISECONDS));
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The gate is shut a moment after the type has left.
    private int held() {
        sleep(100);
        return file.write(bytes("written"), 0);
    }

    @Test
    void aMountThatNobodyProvidesIsAnError() throws Exception {
        mount(Duration.ofMillis(100), MountSpec.of("/data", "leaving"));
        namespace.makeDirectory(context, null, "/data/d", 0755);
        vfs.left(type);
        assertEquals(Errno.EIO, await());
        assertEquals(Errno.EIO.negated(), file.write(bytes("no"), 0));
        assertEquals(Errno.EIO.negated(), file.read(ByteBuffer.allocate(1), 0));
        fails(() -> namespace.resolve(context, null, "/data/g", 0));
        fails(() -> namespace.resolve(context, null, "/data/d", 0).attributes());
        fails(this::open);
        namespace.resolve(context, null, "/data", 0).path();
        file.release();
        namespace.unmount(context, "/data", false);
        namespace.mount(context, MountSpec.of("/data", "memory"));
        open().release();
    }

    private Errno await() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            try {
                file.attributes();
            } catch (ErrnoException e) {
                return e.errno();
            }
            Thread.sleep(10);
        }
        throw new AssertionError("it is still there");
    }

    private static void fails(org.junit.jupiter.api.function.Executable call) {
        assertEquals(Errno.EIO, assertThrows(ErrnoException.class, call).errno());
    }

    /// The new one beside the old, then the old one leaves: no gap.
    @Test
    void aSuccessorIsEnough() throws Exception {
        mount(Duration.ofMillis(50), MountSpec.of("/data", "leaving"));
        vfs.returned(new Leaving());
        vfs.left(type);
        Thread.sleep(200);
        file.write(bytes("goes on"), 0);
        assertEquals("goes on", text());
        file.release();
    }

    @Test
    void aNamespaceThatIsClosedHoldsNobody() throws Exception {
        mount(LONG, MountSpec.of("/data", "leaving"));
        vfs.left(type);
        var writing = CompletableFuture.supplyAsync(() -> held());
        assertHeld(writing);
        namespace.close();
        writing.get(20, TimeUnit.SECONDS);
    }
}
