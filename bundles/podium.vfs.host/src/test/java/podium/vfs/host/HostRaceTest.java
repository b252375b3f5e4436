package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.FsContext;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

/// A directory and a link that leads outside change places all the time, while a guest reads and
/// writes by paths through them. `-Dpodium.race.rounds=1000000` takes longer.
class HostRaceTest {

    private static final int ROUNDS = Integer.getInteger("podium.race.rounds", 10_000);

    @TempDir Path folder;
    private Path inside;
    private Path outside;

    @BeforeEach
    void make() throws Exception {
        inside = Files.createDirectories(folder.resolve("inside"));
        outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("f"), "outside");
        Files.createDirectories(outside.resolve("e"));
        Files.writeString(outside.resolve("e/f"), "outside");
        Files.createDirectories(inside.resolve("d/e"));
        Files.writeString(inside.resolve("d/f"), "inside");
        Files.writeString(inside.resolve("d/e/f"), "inside");
        Files.createSymbolicLink(inside.resolve("l"), outside);
    }

    /// The host changes them.
    @Test
    void theHostSwaps() throws Exception {
        int at = Linux.openDirectory(inside.toString().getBytes(StandardCharsets.UTF_8));
        try {
            var d = new byte[] {'d'};
            var l = new byte[] {'l'};
            race(_ -> Linux.renameat2(at, d, at, l, Linux.RENAME_EXCHANGE));
        } finally {
            Linux.close(at);
        }
    }

    /// Another thread of the guest changes them.
    @Test
    void aGuestSwaps() throws Exception {
        race(Guest::swaps);
    }

    private interface Swap {
        void swap(Guest guest);
    }

    private void race(Swap swap) throws Exception {
        var before = HostDirectories.shape(outside);
        var guest = new Guest(inside);
        var done = new AtomicBoolean();
        var swaps = new AtomicLong();
        try (guest;
                var pool = Executors.newFixedThreadPool(2)) {
            Future<?> swapping =
                    pool.submit(
                            () -> {
                                while (!done.get()) {
                                    swap.swap(guest);
                                    swaps.incrementAndGet();
                                }
                            });
            var attacking = pool.submit(() -> attack(guest));
            try {
                attacking.get();
            } finally {
                done.set(true);
            }
            swapping.get();
        }
        assertEquals(before, HostDirectories.shape(outside));
        assertTrue(guest.reached > ROUNDS / 100, "reached what is inside: " + guest.reached);
        assertTrue(guest.failed > ROUNDS / 100, "met a link: " + guest.failed);
        assertTrue(swaps.get() > ROUNDS / 100, "swaps: " + swaps);
    }

    private static Void attack(Guest guest) throws MountException {
        for (int i = 0; i < ROUNDS; i++) {
            // Directories that are open are not looked for again.
            if (i % 4 == 0) guest.remounts();
            guest.reads("/m/d/f");
            guest.reads("/m/d/e/f");
            guest.writes("/m/d/new" + i % 3);
            guest.makes("/m/d/made");
            guest.lists("/m/d/e");
        }
        return null;
    }

    /// A program, by its system calls.
    private static final class Guest implements AutoCloseable {

        private final Path directory;
        private final MountNamespace namespace;
        private final FsContext context;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        private long reached;
        private long failed;

        Guest(Path directory) throws Exception {
            this.directory = directory;
            var types = List.of(new HostFileSystemType(), new MemoryFileSystemType());
            var vfs = new VfsService(types, null);
            namespace =
                    vfs.namespace(
                            List.of(
                                    MountSpec.of("/", "memory"),
                                    MountSpec.of("/m", "host", directory.toString())));
            context = vfs.context(namespace, Credentials.ROOT);
        }

        void remounts() throws MountException {
            namespace.unmount(context, "/m", true);
            namespace.mount(context, MountSpec.of("/m", "host", directory.toString()));
        }

        void swaps() {
            int flags = MountNamespace.RENAME_EXCHANGE;
            try {
                namespace.rename(context, null, "/m/d", null, "/m/l", flags);
            } catch (ErrnoException e) {
                // Between two mounts.
                assertTrue(e.errno() == Errno.ENOENT || e.errno() == Errno.EXDEV, e.toString());
            }
        }

        void reads(String path) {
            with(path, OpenFile.O_RDONLY, file -> check(file));
        }

        private void check(OpenFile file) {
            int count = file.read(buffer.clear(), 0);
            if (count < 0) return;
            var bytes = new byte[count];
            buffer.flip().get(bytes);
            assertEquals("inside", new String(bytes, StandardCharsets.US_ASCII));
        }

        void writes(String path) {
            int flags = OpenFile.O_CREAT | OpenFile.O_RDWR | OpenFile.O_TRUNC;
            with(path, flags, file -> file.write(buffer.clear().put((byte) 'x').flip()));
            attempt(() -> namespace.unlink(context, null, path, 0));
        }

        void makes(String path) {
            attempt(() -> namespace.makeDirectory(context, null, path, 0755));
            attempt(() -> namespace.symlink(context, "x", null, path + "/l"));
            attempt(() -> namespace.unlink(context, null, path + "/l", 0));
            attempt(() -> namespace.unlink(context, null, path, MountNamespace.AT_REMOVEDIR));
        }

        void lists(String path) {
            var names = ByteBuffer.allocate(1024);
            with(path, OpenFile.O_DIRECTORY, file -> file.readDirectory(names));
        }

        private interface Use {
            void of(OpenFile file);
        }

        private void with(String path, int flags, Use use) {
            attempt(
                    () -> {
                        var file = namespace.open(context, null, path, flags, 0644);
                        try {
                            use.of(file);
                            reached++;
                        } finally {
                            file.release();
                        }
                    });
        }

        private void attempt(Runnable call) {
            try {
                call.run();
            } catch (ErrnoException e) {
                switch (e.errno()) {
                    case ENOENT, ENOTDIR, EEXIST, ENOTEMPTY, ELOOP, EISDIR -> failed++;
                    default -> throw e;
                }
            }
        }

        @Override
        public void close() {
            context.close();
            namespace.close();
        }
    }
}
