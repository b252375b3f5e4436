package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Killable;
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

    /// Not for a moment.
    @Test
    void movesThatFailLetNobodyIn() throws Exception {
        mount(LONG, MountSpec.of("/data", "leaving"));
        vfs.left(type);
        var writing = CompletableFuture.supplyAsync(() -> held());
        assertHeld(writing);
        for (var last : MigrationProgress.Phase.values()) {
            if (last.compareTo(MigrationProgress.Phase.FREEZE) > 0) break;
            for (int i = 0; i < 10; i++) {
                assertThrows(MountException.class, () -> move((phase, _, _, _) -> phase != last));
                sleep(2);
            }
        }
        assertFalse(writing.isDone());
        assertEquals("content", text());
        vfs.returned(new Leaving());
        assertEquals(7, writing.get(20, TimeUnit.SECONDS));
        file.release();
    }

    /// Where it would be is not where it goes.
    @ParameterizedTest
    @EnumSource(names = {"COPY", "CATCH_UP", "VERIFY", "FREEZE"})
    void aTypeLeavesWhileAMountMovesToIt(MigrationProgress.Phase when) throws Exception {
        mount(LONG, MountSpec.of("/data", "memory"));
        var to = MountSpec.of("/data", "leaving");
        var e =
                assertThrows(
                        MountException.class,
                        () ->
                                namespace.migrate(
                                        context,
                                        to,
                                        MigrationPlan.DEFAULT,
                                        (phase, _, _, _) -> {
                                            if (phase == when) vfs.left(type);
                                            return true;
                                        }));
        assertTrue(e.getMessage().endsWith("has left"), e.getMessage());
        assertEquals("memory", namespace.mounts().getLast().spec().type());
        file.write(bytes("goes on"), 0);
        assertEquals("goes on", text());
        file.release();
    }

    /// It is the mount's type when the type is gone, and the mount waits for it as any other.
    @Test
    void aTypeLeavesWhenAMountHasJustMovedToIt() throws Exception {
        mount(LONG, MountSpec.of("/data", "memory"));
        var leaving = new Thread[1];
        namespace.migrate(
                context,
                MountSpec.of("/data", "leaving"),
                MigrationPlan.DEFAULT,
                (phase, _, _, _) -> {
                    if (phase != MigrationProgress.Phase.COMMIT) return true;
                    leaving[0] = Thread.ofPlatform().start(() -> vfs.left(type));
                    // It is looking for what the type has made.
                    while (leaving[0].getState() != Thread.State.BLOCKED) Thread.onSpinWait();
                    return true;
                });
        leaving[0].join();
        assertEquals("leaving", namespace.mounts().getLast().spec().type());
        var writing = CompletableFuture.supplyAsync(() -> held());
        assertHeld(writing);
        vfs.returned(new Leaving());
        assertEquals(7, writing.get(20, TimeUnit.SECONDS));
        file.release();
    }

    /// A thread as that of a guest's task.
    private static final class Killed extends Thread implements Killable {

        private final Supplier<Object> call;
        private volatile Object result;
        private volatile boolean killed;

        Killed(Supplier<Object> call) {
            this.call = call;
            start();
        }

        @Override
        public void run() {
            try {
                result = call.get();
            } catch (ErrnoException e) {
                result = e.errno();
            }
        }

        @Override
        public boolean isKilled() {
            return killed;
        }

        Object kill() throws InterruptedException {
            killed = true;
            LockSupport.unpark(this);
            join(20_000);
            assertFalse(isAlive());
            return result;
        }
    }

    /// Neither one that waits at the gate, nor one that waits for whoever does.
    @Test
    void whoeverIsKilledIsHeldNoLonger() throws Exception {
        mount(LONG, MountSpec.of("/data", "leaving"));
        vfs.left(type);
        var survivor = CompletableFuture.supplyAsync(() -> held());
        assertHeld(survivor);
        var first = new Killed(() -> namespace.resolve(context, null, "/data/x", 0));
        await(first, Thread.State.WAITING);
        var second = new Killed(() -> namespace.resolve(context, null, "/data/y", 0));
        await(second, Thread.State.TIMED_WAITING);
        var writer = new Killed(() -> file.write(bytes("w"), 100));
        await(writer, Thread.State.WAITING);
        var opener = new Killed(() -> namespace.open(context, null, "/data/g", 0, 0));
        assertEquals(Errno.EINTR, second.kill());
        assertEquals(Errno.EINTR, first.kill());
        assertEquals(Errno.EINTR.negated(), writer.kill());
        assertEquals(Errno.EINTR, opener.kill());
        assertFalse(survivor.isDone());
        vfs.returned(new Leaving());
        assertEquals(7, survivor.get(20, TimeUnit.SECONDS));
        // Nothing of what was killed has happened.
        assertEquals("written", text());
        open().release();
        file.release();
    }

    /// A process that ends closes what it has: that is not held, and done as soon as may be.
    @Test
    void closingIsNotHeld() throws Exception {
        mount(LONG, MountSpec.of("/data", "leaving"));
        namespace.unlink(context, null, "/data/f", 0);
        var directory = namespace.open(context, null, "/data", OpenFile.O_DIRECTORY, 0);
        long used = used();
        vfs.left(type);
        var making =
                CompletableFuture.runAsync(
                        () -> {
                            sleep(100);
                            namespace.makeDirectory(context, null, "/data/d", 0755);
                        });
        sleep(300);
        file.release();
        directory.release();
        assertEquals(used, used());
        assertFalse(making.isDone());
        vfs.returned(new Leaving());
        making.get(20, TimeUnit.SECONDS);
        // The file is gone, and there is a directory.
        assertEquals(used, used());
        namespace.unlink(context, null, "/data/d", MountNamespace.AT_REMOVEDIR);
        assertEquals(used - 1, used());
    }

    /// What was closed while calls were held is closed where the mount is by then.
    @Test
    void whatIsClosedMovesToBeClosedThere() throws Exception {
        mount(LONG, MountSpec.of("/data", "leaving"));
        namespace.unlink(context, null, "/data/f", 0);
        long used = used();
        vfs.left(type);
        sleep(200);
        file.release();
        assertEquals(used, used());
        move(MigrationProgress.NONE);
        assertEquals(used - 1, used());
    }

    private long used() {
        var all = namespace.statistics(namespace.resolve(context, null, "/data", 0));
        return all.files() - all.freeFiles();
    }

    private static void await(Thread thread, Thread.State state) throws InterruptedException {
        while (thread.getState() != state && thread.isAlive()) Thread.sleep(1);
        assertTrue(thread.isAlive());
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
