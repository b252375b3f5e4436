package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem.Capability;
import podium.vfs.FsContext;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;
import podium.vfs.host.HostFileSystemType;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;
import podium.vfs.store.StoreFileSystemType;

/// Moves of a mount that are refused or fail: they say why in one line, and nothing has happened.
class MigrationFailureTest {

    private static final MigrationPlan QUICK =
            MigrationPlan.DEFAULT.withLimit(Duration.ofMillis(300));

    @TempDir Path directory;

    private final FaultyFileSystemType faulty = new FaultyFileSystemType();
    private final Vfs vfs =
            new VfsService(
                    List.of(
                            new MemoryFileSystemType(),
                            new HostFileSystemType(),
                            new StoreFileSystemType(),
                            faulty),
                    null);
    private MountNamespace namespace;
    private FsContext context;

    @BeforeEach
    void open() throws Exception {
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        context = vfs.context(namespace, Credentials.ROOT);
        namespace.mount(context, MountSpec.of("/data", "faulty"));
        write("/data/f", "content");
        write("/data/large", "x".repeat(200_000));
    }

    @AfterEach
    void close() {
        faulty.faults = _ -> {};
        context.close();
        namespace.close();
    }

    private String refused(MountSpec to) {
        return refused(to, MigrationPlan.DEFAULT, MigrationProgress.NONE);
    }

    /// The mount is what it was.
    private String refused(MountSpec to, MigrationPlan plan, MigrationProgress progress) {
        var e =
                assertThrows(
                        MountException.class, () -> namespace.migrate(context, to, plan, progress));
        var spec = namespace.mounts().getLast().spec();
        assertEquals("faulty", spec.type());
        assertEquals("content", text("/data/f"));
        assertEquals(200_000, text("/data/large").length());
        write("/data/after", "it goes on");
        assertEquals("it goes on", text("/data/after"));
        var message = String.valueOf(e.getMessage());
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith("cannot move /data"), message);
        return message;
    }

    private static void contains(String message, String part) {
        assertTrue(message.contains(part), message);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "WRITE",
                "HARD_LINKS",
                "SYMBOLIC_LINKS",
                "PERMISSIONS",
                "NANOSECONDS",
                "CASE_SENSITIVE",
                "ARBITRARY_NAMES"
            })
    void aBackendThatLacksSomething(Capability what) {
        var message = refused(MountSpec.of("/data", "faulty").withOption("lacks", what.name()));
        contains(message, what.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    }

    @Test
    void aMountThatIsReadOnly() {
        contains(refused(MountSpec.of("/data", "memory").asReadOnly()), "lacks writing");
    }

    @Test
    void noBackend() {
        var spec = MountSpec.of("/data", "nonsense");
        assertThrows(
                MountException.class,
                () ->
                        namespace.migrate(
                                context, spec, MigrationPlan.DEFAULT, MigrationProgress.NONE));
        assertEquals("content", text("/data/f"));
    }

    @Test
    void aPlaceWithoutAMount() {
        write("/plain", "");
        for (var path : List.of("/nowhere", "/plain", "/data/f")) {
            var spec = MountSpec.of(path, "memory");
            var e =
                    assertThrows(
                            MountException.class,
                            () ->
                                    namespace.migrate(
                                            context,
                                            spec,
                                            MigrationPlan.DEFAULT,
                                            MigrationProgress.NONE));
            contains(String.valueOf(e.getMessage()), "cannot move " + path);
        }
    }

    @Test
    void anybodyButTheSuperuser() {
        try (var other = vfs.context(namespace, new Credentials(7, 7, 7, 7, 7, 7, List.of()))) {
            var e =
                    assertThrows(
                            ErrnoException.class,
                            () ->
                                    namespace.migrate(
                                            other,
                                            MountSpec.of("/data", "memory"),
                                            MigrationPlan.DEFAULT,
                                            MigrationProgress.NONE));
            assertEquals(Errno.EPERM, e.errno());
        }
    }

    /// What is in the way stays.
    @Test
    void aBackendThatIsNotEmpty() throws Exception {
        Files.writeString(directory.resolve("mine"), "precious");
        var message = refused(MountSpec.of("/data", "host", directory.toString()));
        contains(message, "is not empty");
        assertEquals("precious", Files.readString(directory.resolve("mine")));
    }

    @Test
    void aBackendThatIsTooSmall() {
        var message = refused(MountSpec.of("/data", "memory").withOption("size", "64k"));
        contains(message, "No space left on device");
        contains(message, "/large");
        contains(
                refused(MountSpec.of("/data", "memory").withOption("inodes", "2")),
                "No space left on device");
    }

    @Test
    void ownersThatTheHostCannotHave() {
        var place = namespace.resolve(context, null, "/data/f", 0);
        namespace.change(context, place, AttributeChange.owner(1000, 1000));
        var message = refused(MountSpec.of("/data", "host", directory.toString()));
        contains(message, "cannot keep the owner of /f");
        assertEquals(0, directory.toFile().list().length);
    }

    @Test
    void devicesThatTheHostCannotHave() {
        namespace.makeNode(context, null, "/data/device", Mode.CHARACTER | 0600, 0x103);
        var message = refused(MountSpec.of("/data", "host", directory.toString()));
        contains(message, "Operation not permitted");
        contains(message, "/device");
        assertEquals(0, directory.toFile().list().length);
    }

    @Test
    void aCopyThatIsDamaged() {
        var damages = MountSpec.of("/data", "faulty").withOption("damages", "true");
        contains(refused(damages), "the copy differs of /large");
    }

    @Test
    void aBackendThatFails() {
        faulty.faults =
                method -> {
                    if (method.equals("syncAll")) throw Errno.EIO.exception();
                };
        contains(refused(MountSpec.of("/data", "faulty")), Errno.EIO.text());
    }

    /// A call that hangs in the old backend is not overtaken.
    @Test
    void aCallThatDoesNotEnd() throws Exception {
        var inside = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        faulty.faults =
                method -> {
                    if (!method.equals("write") || inside.getCount() == 0) return;
                    inside.countDown();
                    await(go);
                };
        var writer = Thread.ofPlatform().start(() -> write("/data/slow", "late"));
        await(inside);
        var message = refused(MountSpec.of("/data", "memory"), QUICK, MigrationProgress.NONE);
        contains(message, "does not end");
        go.countDown();
        writer.join();
        assertEquals("late", text("/data/slow"));
        namespace.migrate(
                context,
                MountSpec.of("/data", "memory"),
                MigrationPlan.DEFAULT,
                MigrationProgress.NONE);
        assertEquals("late", text("/data/slow"));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Nobody is held longer than the limit, whatever the new backend does.
    @Test
    void aBackendThatHangsWhileCallsAreHeld() {
        var frozen = new AtomicBoolean();
        faulty.faults =
                method -> {
                    if (!method.equals("syncAll") || !frozen.get()) return;
                    try {
                        Thread.sleep(400);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                };
        var message =
                refused(
                        MountSpec.of("/data", "faulty"),
                        QUICK,
                        (phase, _, _, _) -> {
                            frozen.set(phase == Phase.FREEZE);
                            return true;
                        });
        contains(message, "longest time allowed");
    }

    @Test
    void twoAtOnce() {
        refused(
                MountSpec.of("/data", "memory"),
                MigrationPlan.DEFAULT,
                (phase, _, _, _) -> {
                    if (phase != Phase.COPY) return false;
                    contains(refusedWithin(), "being moved already");
                    return true;
                });
    }

    private String refusedWithin() {
        return String.valueOf(
                assertThrows(
                                MountException.class,
                                () ->
                                        namespace.migrate(
                                                context,
                                                MountSpec.of("/data", "memory"),
                                                MigrationPlan.DEFAULT,
                                                MigrationProgress.NONE))
                        .getMessage());
    }

    /// Changes come faster than they are copied, in spite of being slowed down.
    @Test
    void whatChangesTooFast() throws Exception {
        var stop = new AtomicBoolean();
        var writer =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; !stop.get(); i++)
                                        write("/data/f" + i % 500, "x".repeat(5000));
                                });
        try {
            var plan = MigrationPlan.DEFAULT.withTail(1).withPause(Duration.ofNanos(1));
            contains(
                    refused(
                            MountSpec.of("/data", "memory"),
                            plan.withRounds(6),
                            MigrationProgress.NONE),
                    "faster than it is copied");
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void aNamespaceThatIsClosedMeanwhile() throws Exception {
        var other = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        var inside = vfs.context(other, Credentials.ROOT);
        other.makeDirectory(inside, null, "/d", 0755);
        assertThrows(
                MountException.class,
                () ->
                        other.migrate(
                                inside,
                                MountSpec.of("/", "store", directory.resolve("s").toString()),
                                MigrationPlan.DEFAULT,
                                (phase, _, _, _) -> {
                                    if (phase == Phase.FREEZE) other.close();
                                    return true;
                                }));
        // Nobody has it locked, and it is empty.
        namespace.mount(context, MountSpec.of("/s", "store", directory.resolve("s").toString()));
        assertThrows(ErrnoException.class, () -> namespace.resolve(context, null, "/s/d", 0));
    }

    // The mount's record.

    private MountSpec recorded() {
        return MountSpec.of("/r", "store", directory.resolve("one").toString())
                .withOption("record", directory.resolve("record").toString());
    }

    private void moveTo(MountSpec spec) throws MountException {
        namespace.migrate(context, spec, MigrationPlan.DEFAULT, MigrationProgress.NONE);
    }

    @Test
    void aRecordSaysWhereAMountIs() throws Exception {
        namespace.mount(context, recorded());
        write("/r/f", "first");
        var two = MountSpec.of("/r", "store", directory.resolve("two").toString());
        moveTo(two.withOption("inodes", "1000"));
        write("/r/f", "second");
        namespace.unmount(context, "/r", false);
        namespace.mount(context, recorded());
        assertEquals("second", text("/r/f"));
        var spec = namespace.mounts().getLast().spec();
        assertEquals(two.source(), spec.source());
        assertEquals("1000", spec.options().get("inodes"));
        moveTo(MountSpec.of("/r", "host", Files.createDirectory(directory.resolve("h")) + ""));
        namespace.unmount(context, "/r", false);
        namespace.mount(context, recorded());
        assertEquals("second", text("/r/f"));
        assertEquals("host", namespace.mounts().getLast().spec().type());
        // What it was moved from is as it was left.
        namespace.mount(context, two.withOption("inodes", "1000"));
        assertEquals("second", text("/r/f"));
    }

    @Test
    void aMountWithARecordStaysDurable() throws Exception {
        namespace.mount(context, recorded());
        var e = assertThrows(MountException.class, () -> moveTo(MountSpec.of("/r", "memory")));
        contains(String.valueOf(e.getMessage()), "is not durable");
    }

    @Test
    void aRecordThatCannotBeReadOrWritten() throws Exception {
        Files.write(directory.resolve("record"), new byte[] {'\\', 'u', 'x'});
        var e = assertThrows(MountException.class, () -> namespace.mount(context, recorded()));
        contains(String.valueOf(e.getMessage()), directory.resolve("record").toString());
        Files.delete(directory.resolve("record"));
        namespace.mount(context, recorded());
        write("/r/f", "here");
        // Nothing can be put in its place.
        Files.createDirectories(directory.resolve("record.new/x"));
        var two = MountSpec.of("/r", "store", directory.resolve("two").toString());
        var refused = assertThrows(MountException.class, () -> moveTo(two));
        contains(String.valueOf(refused.getMessage()), "record");
        assertEquals("here", text("/r/f"));
    }

    private void write(String path, String content) {
        int flags = OpenFile.O_CREAT | OpenFile.O_TRUNC | OpenFile.O_WRONLY;
        var file = namespace.open(context, null, path, flags, 0644);
        var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        if (bytes.hasRemaining()) assertEquals(bytes.remaining(), file.write(bytes));
        file.release();
    }

    private String text(String path) {
        var file = namespace.open(context, null, path, OpenFile.O_RDONLY, 0);
        var buffer = ByteBuffer.allocate(300_000);
        int count = file.read(buffer);
        file.release();
        assertTrue(count >= 0);
        return new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
    }
}
