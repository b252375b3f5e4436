package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.testkit.Backends;

/// What a store does beyond the contract of file systems.
class StoreTest {

    @TempDir Path directory;

    @Test
    void aFileWithoutANameIsFreedWhenTheStoreIsOpenedNext() throws Exception {
        var disk = new RecordingDisk();
        var fs = Stores.open(disk);
        var file = Backends.file(fs, "f", Backends.random(300_000, 1));
        file.opened();
        fs.root().createUnnamed(0600, 0, 0).opened();
        fs.root().unlink("f");
        fs.sync();
        var after = new RecordingDisk(disk.files());
        try (var again = Stores.open(after)) {
            assertEquals(1, again.store().nodes.size());
            again.sync();
            assertTrue(
                    after.files().keySet().stream().filter(n -> n.startsWith("data")).count() <= 1);
        }
        file.released();
        fs.close();
    }

    @Test
    void whatCannotBeMountedIsSaidInOneLine() throws IOException {
        var full = Files.createDirectory(directory.resolve("full"));
        var file = Files.writeString(full.resolve("notes"), "mine");
        assertTrue(Backends.refused(() -> Stores.mount(full)).contains("holds no store"));
        assertTrue(Backends.refused(() -> Stores.mount(file)).contains("no directory"));
        assertTrue(
                Backends.refused(() -> Stores.mount(directory.resolve("a/b")))
                        .contains("above it does not exist"));
        for (var option : List.of("size", "inodes", "mode", "uid", "sise"))
            Backends.refused(() -> Stores.mount(directory.resolve("s"), option, "many"));
        Backends.refused(() -> Check.check(full, _ -> {}));
        try (var left = Files.list(full)) {
            assertEquals(List.of(file), left.toList());
        }
        Backends.refused(
                () ->
                        new StoreFileSystemType()
                                .create(Stores.spec(directory.resolve("s")).asReadOnly()));
    }

    @Test
    void manySyncsShareAForce() throws Exception {
        var disk = new RecordingDisk();
        try (var fs = Stores.open(disk);
                var pool = Executors.newFixedThreadPool(8)) {
            fs.sync();
            int before = forces(disk);
            disk.delay = 1;
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < 8; i++) {
                var file = fs.root().create("f" + i, 0644, 0, 0);
                done.add(
                        pool.submit(
                                () -> {
                                    for (int k = 0; k < 100; k++) {
                                        file.append(ByteBuffer.allocate(10));
                                        file.sync(true);
                                    }
                                }));
            }
            for (var future : done) future.get();
            int forces = forces(disk) - before;
            // Two for each commit, the segment's and the journal's.
            assertTrue(forces < 2 * 8 * 100 * 3 / 4, "forces: " + forces);
            // Nothing has changed: nothing is forced.
            fs.sync();
            Backends.file(fs, "f0").sync(false);
            assertEquals(forces, forces(disk) - before);
        }
    }

    private static int forces(RecordingDisk disk) {
        synchronized (disk) {
            return (int)
                    disk.steps.stream()
                            .filter(step -> step instanceof RecordingDisk.Step.Force)
                            .count();
        }
    }

    @Test
    void whatNobodySyncsIsCommittedInTheEnd() throws Exception {
        var disk = new RecordingDisk();
        var limits = new Limits(64 << 10, 16, 64 << 10, 8 << 10, 4 << 10, 20);
        try (var fs = StoreFileSystem.open(disk, limits, Stores.OPTIONS, false)) {
            Backends.file(fs, "f", Backends.random(5000, 1));
            long end = System.nanoTime() + 10_000_000_000L;
            for (boolean there = false; !there; Thread.sleep(5)) {
                assertTrue(System.nanoTime() < end, "it was not committed");
                try (var now = Stores.open(new RecordingDisk(disk.files()))) {
                    there = now.root().lookup("f") != null;
                    if (there)
                        assertArrayEquals(
                                Backends.random(5000, 1),
                                Backends.content(Backends.file(now, "f")));
                }
            }
        }
    }

    @Test
    void aSyncThatFailedDoesNotSucceedLater() throws Exception {
        var disk = new RecordingDisk();
        var fs = Stores.open(disk);
        Backends.file(fs, "f", new byte[10]);
        fs.sync();
        disk.failure = new IOException("the disk is on fire");
        var file = Backends.file(fs, "g", new byte[10]);
        var logged =
                Backends.logged(
                        () -> {
                            Backends.fails(Errno.EIO, () -> file.sync(false));
                            disk.failure = null;
                            Backends.fails(Errno.EIO, () -> file.sync(false));
                            Backends.fails(Errno.EIO, fs::sync);
                            Backends.fails(Errno.EIO, () -> fs.root().unlink("f"));
                            assertEquals(10, Backends.content(file).length);
                            fs.close();
                        });
        assertEquals(1, logged.lines().count(), logged);
        try (var again = Stores.open(new RecordingDisk(disk.files()))) {
            assertNotNull(again.root().lookup("f"));
        }
    }

    @Test
    void manySmallFilesAreCompact() throws Exception {
        int files = 100_000;
        try (var fs = Stores.mount(directory)) {
            long before = used();
            var ten = ByteBuffer.allocate(10);
            for (int d = 0; d < files / 1000; d++) {
                var below = fs.root().createDirectory("d" + d, 0755, 0, 0);
                for (int f = 0; f < 1000; f++)
                    below.create("file" + f, 0644, 0, 0).write(ten.clear(), 0);
            }
            fs.sync();
            // What a store that is idle keeps.
            ((StoreFileSystem) fs).store().tick();
            long each = (used() - before) / files;
            assertTrue(each < 500, each + " bytes a file");
            assertNull(fs.root().lookup("none"));
        }
        try (var fs = Stores.mount(directory)) {
            assertEquals(files + files / 1000 + 1, ((StoreFileSystem) fs).store().nodes.size());
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
