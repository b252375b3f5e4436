package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static podium.testkit.Backends.content;
import static podium.testkit.Backends.fails;
import static podium.testkit.Backends.file;
import static podium.testkit.Backends.random;
import static podium.testkit.Backends.refused;
import static podium.vfs.host.KeptTree.snapshots;
import static podium.vfs.host.KeptTree.text;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.PowerCut;
import podium.testkit.Trees;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.MigrationProgress;
import podium.vfs.MountSpec;

/// Restoring them, and what comes in between.
class HostRestoreTest {

    @TempDir Path folder;

    private KeptTree at;

    @BeforeEach
    void make() throws Exception {
        at = KeptTree.in(folder);
    }

    /// A guest may forbid it with modes of its own: there is a difference unless this is the host's
    /// superuser.
    @Test
    void whatModesForbid() throws Exception {
        try (var fs = at.mount()) {
            var root = fs.root();
            var f = file(fs, "f", random(5000, 1));
            f.setExtendedAttribute("user.x", new byte[] {1});
            var d = root.createDirectory("d", 0755, 0, 0);
            d.create("g", 0200, 0, 0).write(ByteBuffer.allocate(10), 0);
            var e = d.createDirectory("e", 0755, 0, 0);
            e.create("h", 0, 0, 0);
            var closed = List.of(e, d, f, root);
            for (var one : closed) one.change(AttributeChange.mode(0));
            snapshots(fs).take("one");
            for (var one : closed) assertEquals(0, one.attributes().mode() & 0777);
            for (var one : closed.reversed()) one.change(AttributeChange.mode(0700));
            var before = Trees.lasting(fs);
            f.write(ByteBuffer.allocate(1), 100);
            f.setExtendedAttribute("user.x", new byte[] {2});
            root.rename("d", root, "elsewhere", false);
            root.createDirectory("late", 0, 0, 0);
            for (var one : closed) one.change(AttributeChange.mode(0));
            snapshots(fs).restore("one");
            for (var one : closed) assertEquals(0, one.attributes().mode() & 0777);
            for (var one : closed.reversed()) one.change(AttributeChange.mode(0700));
            assertEquals(before, Trees.lasting(fs));
        }
    }

    /// From each phase that can be ended.
    @Test
    void holesAreNotWhatWasThere() throws Exception {
        try (var fs = at.mount()) {
            // Before the first one is copied, it is not known whether the host can share extents.
            for (int i = 0; i < 3; i++) file(fs, "f" + i, random(50_000, i));
            snapshots(fs).take("one");
            var before = Trees.lasting(fs);
            for (int i = 0; i < 3; i++) {
                file(fs, "f" + i).truncate(0);
                file(fs, "f" + i).truncate(50_000);
            }
            file(fs, "f1").write(ByteBuffer.wrap(random(50_000, 1), 20_000, 30_000), 20_000);
            snapshots(fs).restore("one");
            assertEquals(before, Trees.lasting(fs));
        }
    }

    /// What the disk has lost of a file whose times and size it kept is not taken for what is still
    /// there.
    @Test
    void whatTheDiskHasLost() throws Exception {
        var kept = Files.createDirectory(folder.resolve("elsewhere"));
        try (var crash = PowerCut.in(folder, new Random(1))) {
            var there = new KeptTree(Files.createDirectory(crash.directory().resolve("t")), kept);
            var before = "";
            try (var fs = there.mount()) {
                var f = fs.root().create("f", 0600, 0, 0);
                f.truncate(50_000);
                f.write(ByteBuffer.wrap(random(50_000, 1)), 0);
                // Else it may have changed in the tick in which it was looked at.
                Thread.sleep(100);
                snapshots(fs).take("one");
                before = Trees.lasting(fs);
                crash.cut(true);
            }
            crash.recover();
            try (var fs = there.mount()) {
                snapshots(fs).restore("one");
                assertEquals(before, Trees.lasting(fs));
            }
        }
    }

    @Test
    void whoEndsItFindsWhatWasThere() throws Exception {
        try (var fs = at.mount()) {
            var snapshots = snapshots(fs);
            for (int i = 0; i < 20; i++) file(fs, "f" + i, random(50_000, i));
            snapshots.take("one");
            for (int i = 0; i < 20; i += 2) fs.root().unlink("f" + i);
            for (int i = 1; i < 20; i += 2) file(fs, "f" + i).write(ByteBuffer.allocate(1), 0);
            var now = Trees.lasting(fs);
            int ended = 0;
            for (int calls = 0; ; calls++) {
                if (!ends(calls, progress -> snapshots.take("two", progress))) break;
                ended++;
                assertEquals(1, snapshots.list().size());
                assertEquals(List.of(), at.remains());
            }
            for (int calls = 0; ; calls++) {
                if (!ends(calls, progress -> snapshots.restore("one", progress))) break;
                ended++;
                assertEquals(now, Trees.lasting(fs));
                assertEquals(List.of(), at.remains());
            }
            assertTrue(ended > 20, "" + ended);
            assertEquals(text(snapshots, "one"), Trees.lasting(fs));
            snapshots.restore("two");
            assertEquals(now, Trees.lasting(fs));
        }
    }

    /// @return whether it could be ended at the call of that number
    private static boolean ends(int at, Consumer<MigrationProgress> work) {
        var calls = new AtomicInteger();
        try {
            work.accept((_, _, _, _) -> calls.getAndIncrement() < at);
            return false;
        } catch (ErrnoException e) {
            assertEquals(Errno.ECANCELED, e.errno());
            return true;
        }
    }

    @Test
    void whatCannotBeRestoredIsUndone() throws Exception {
        try (var fs = at.mount()) {
            var snapshots = snapshots(fs);
            for (int i = 0; i < 20; i++) file(fs, "f" + i, random(5000, i));
            snapshots.take("one");
            for (int i = 0; i < 20; i++) file(fs, "f" + i).write(ByteBuffer.allocate(1), 0);
            fs.root().rename("f3", fs.root(), "f4", false);
            var now = Trees.lasting(fs);
            try (var all = Files.list(at.kept().resolve("one/content"))) {
                Files.delete(all.sorted().toList().getLast());
            }
            fails(Errno.ENOENT, () -> snapshots.restore("one"));
            assertEquals(now, Trees.lasting(fs));
            assertEquals(List.of(), at.remains());
            Files.write(
                    at.kept().resolve("one/manifest"), new byte[] {1}, StandardOpenOption.APPEND);
            snapshots.take("two");
            Files.writeString(at.kept().resolve("two/manifest"), "damaged");
            fails(Errno.EIO, () -> snapshots.restore("two"));
            fails(Errno.EIO, () -> snapshots.open("two"));
            assertEquals(now, Trees.lasting(fs));
            snapshots.take("three");
            assertEquals(now, text(snapshots, "three"));
            snapshots.delete("two");
        }
    }

    /// Leaves a restore in the middle, as a process does that is killed.
    ///
    /// @return what was there before
    private String cutOff(int portions) throws Exception {
        try (var fs = at.mount()) {
            var snapshots = snapshots(fs);
            if (snapshots.list().isEmpty()) {
                for (int i = 0; i < 20; i++) file(fs, "f" + i, random(5000, i));
                snapshots.take("one");
            }
            for (int i = 0; i < 20; i += 2) file(fs, "f" + i).write(ByteBuffer.allocate(1), 0);
            for (int i = 1; i < 20; i += 2) fs.root().rename("f" + i, fs.root(), "g" + i, false);
            var now = Trees.lasting(fs);
            var left = new AtomicInteger(portions);
            assertThrows(
                    AssertionError.class,
                    () ->
                            snapshots.restore(
                                    "one",
                                    (_, _, _, _) -> {
                                        if (!isPaused(fs) || left.getAndDecrement() > 0)
                                            return true;
                                        throw new AssertionError();
                                    }));
            assertNotEquals(now, Trees.lasting(fs));
            fails(Errno.EIO, () -> snapshots.take("two"));
            return now;
        }
    }

    @Test
    void whatWasCutOffIsFinished() throws Exception {
        for (int portions = 0; portions < 8; portions += 3) {
            cutOff(portions);
            var message = refused(() -> new HostFileSystemType().create(at.spec().asReadOnly()));
            assertTrue(message.contains("to be written"), message);
            var other = HostDirectories.spec(Files.createTempDirectory(folder, "other"));
            refused(
                    () ->
                            new HostFileSystemType()
                                    .create(other.withOption("snapshots", at.kept().toString())));
            try (var fs = at.mount()) {
                assertEquals(text(snapshots(fs), "one"), Trees.lasting(fs));
                assertEquals(List.of(), at.remains());
            }
        }
    }

    @Test
    void whatCannotBeFinishedIsUndone() throws Exception {
        var before = cutOff(4);
        var manifest = at.kept().resolve("one/manifest");
        var whole = Files.readAllBytes(manifest);
        var damaged = whole.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(manifest, damaged);
        try (var fs = at.mount()) {
            assertEquals(before, Trees.lasting(fs));
            assertEquals(List.of(), at.remains());
            fails(Errno.EIO, () -> snapshots(fs).restore("one"));
            Files.write(manifest, whole);
            snapshots(fs).restore("one");
            assertEquals(text(snapshots(fs), "one"), Trees.lasting(fs));
        }
    }

    /// A restore is seen whole, by those as well who only read.
    @Test
    void whoReadsWaits() throws Exception {
        try (var fs = at.mount();
                var pool = Executors.newCachedThreadPool()) {
            var snapshots = snapshots(fs);
            var a = file(fs, "a", random(2_000_000, 1));
            var b = file(fs, "b", random(2_000_000, 2));
            snapshots.take("one");
            for (var file : List.of(a, b)) file.write(ByteBuffer.allocate(2_000_000), 0);
            var readers = new ArrayList<Future<byte[]>>();
            snapshots.restore(
                    "one",
                    (phase, _, _, _) -> {
                        if (phase != MigrationProgress.Phase.FREEZE || !isPaused(fs)) return true;
                        readers.add(pool.submit(() -> content(a)));
                        readers.add(pool.submit(() -> content(b)));
                        pause(20);
                        for (var one : readers) assertFalse(one.isDone());
                        return true;
                    });
            assertFalse(readers.isEmpty());
            for (int i = 0; i < readers.size(); i++)
                assertArrayEquals(random(2_000_000, i % 2 + 1), readers.get(i).get());
        }
    }

    private static boolean isPaused(FileSystem fs) {
        return ((HostFileSystem) fs).pause.isOwn();
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What a quota counts is what there is, and what was there once may be there again.
    @Test
    void quotas() throws Exception {
        var memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory));
        at = new KeptTree(Files.createTempDirectory(memory, "podium"), at.kept());
        var spec = at.spec().withOption("quota", "200k").withOption("quota.inodes", "8");
        try {
            try (var fs = new HostFileSystemType().create(spec)) {
                for (int i = 0; i < 4; i++) file(fs, "f" + i, random(45_000, i));
                snapshots(fs).take("one");
                for (int i = 0; i < 4; i++) fs.root().unlink("f" + i);
                for (int i = 0; i < 6; i++) file(fs, "g" + i, random(30_000, i));
                fails(Errno.EDQUOT, () -> file(fs, "h", new byte[30_000]));
                snapshots(fs).take("two");
                for (var name : List.of("one", "two", "one")) {
                    snapshots(fs).restore(name);
                    try (var again = new HostFileSystemType().create(spec(spec))) {
                        assertEquals(again.statistics(), fs.statistics(), name);
                    }
                }
            }
        } finally {
            HostDirectories.remove(at.tree());
        }
    }

    private static MountSpec spec(MountSpec other) {
        var options = new HashMap<>(other.options());
        options.remove("snapshots");
        return new MountSpec("/", "host", other.source(), options, false);
    }
}
