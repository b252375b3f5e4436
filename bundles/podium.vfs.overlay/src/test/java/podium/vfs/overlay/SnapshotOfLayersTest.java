package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.testkit.Backends.fails;
import static podium.vfs.overlay.Layers.file;
import static podium.vfs.overlay.Layers.text;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.Snapshot;

/// Snapshots of overlays whose lower layers have something: what is hidden, merged and moved is so
/// again, or is no longer.
class SnapshotOfLayersTest {

    @Nested
    class Memory extends Layered {

        private final FileSystem memory = Layers.memory("size", "4m");

        Memory() throws MountException {}

        @Override
        FileSystem upper() {
            return memory;
        }
    }

    @Nested
    class Store extends Layered {

        @TempDir Path directory;

        @Override
        FileSystem upper() throws MountException {
            return SnapshotTest.store(directory);
        }
    }

    abstract static class Layered extends LayeredSnapshots {

        @Test
        void whatIsHidden() throws Exception {
            var before = take("before");
            regular("d/e/g");
            directory("d/e").unlink("g");
            directory("d").removeDirectory("e");
            root().unlink("top");
            root().unlink("l");
            var hidden = take("hidden");
            directory("d").createDirectory("e", 0700, 0, 0);
            file(root(), "top", "another");
            var opaque = take("opaque");
            assertEquals(List.of(), directory("d/e").entries(0, 10));
            snapshots.restore("hidden");
            assertNull(root().lookup("top"));
            assertNull(directory("d").lookup("e"));
            snapshots.restore("before");
            assertEquals("deep", text(node("d/e/g")));
            checkAll(Map.of("before", before, "hidden", hidden, "opaque", opaque));
        }

        @Test
        void aDirectoryThatIsMarkedOpaque() throws Exception {
            fs.close();
            var upper = upper();
            var d = upper.root().createDirectory("d", 0700, 0, 0);
            file(d, "own", "own");
            file(d, ".wh..wh..opq", "");
            upper.sync();
            upper.close();
            mount();
            assertNull(directory("d").lookup("f"));
            var opaque = take("opaque");
            regular("d/own").append(bytes("+"));
            root().rename("d", root(), "moved", false);
            root().createDirectory("d", 0755, 0, 0);
            snapshots.restore("opaque");
            assertNull(directory("d").lookup("f"));
            checkAll(Map.of("opaque", opaque));
        }

        @Test
        void aDirectoryThatWasMoved() throws Exception {
            var d = directory("d");
            var e = directory("d/e");
            var g = regular("d/e/g");
            g.opened();
            var before = take("before");
            root().rename("d", root(), "moved", false);
            var moved = take("moved");
            root().createDirectory("d", 0755, 0, 0);
            directory("moved").rename("e", directory("d"), "in", false);
            var within = take("within");
            for (var step : List.of("before", "moved", "within", "before", "within", "moved")) {
                snapshots.restore(step);
                var at =
                        switch (step) {
                            case "before" -> "d/e";
                            case "moved" -> "moved/e";
                            default -> "d/in";
                        };
                assertSame(e, node(at), step);
                assertSame(g, node(at + "/g"), step);
                assertSame(d, node(step.equals("before") ? "d" : "moved"), step);
                assertEquals("deep", text(g));
                e.create("new" + step, 0644, 0, 0);
                assertEquals(2, directory(at).entries(0, 10).size(), step);
            }
            g.released();
            checkAll(Map.of("before", before, "moved", moved, "within", within));
        }

        @Test
        void whatIsThereAgainIsOneWithWhatIsFound() throws Exception {
            var e = directory("d/e");
            snapshots.take("before");
            long number = e.attributes().inode();
            e.unlink("g");
            directory("d").removeDirectory("e");
            fails(Errno.ENOENT, () -> e.create("x", 0644, 0, 0));
            directory("d").createDirectory("e", 0755, 0, 0);
            assertNotEquals(number, node("d/e").attributes().inode());
            snapshots.restore("before");
            assertEquals(number, node("d/e").attributes().inode());
            file(directory("d/e"), "x", "x");
            assertEquals("x", text(node("d/e/x")));
        }

        /// Who reads a directory goes on with what the snapshot has, each entry once.
        @Test
        void aStreamThatHasBegun() {
            for (int i = 0; i < 50; i++) root().create("n" + i, 0644, 0, 0);
            snapshots.take("one");
            var seen = new ArrayList<>(root().entries(0, 20));
            for (int i = 0; i < 50; i++) root().unlink("n" + i);
            for (int i = 0; i < 50; i++) root().create("m" + i, 0644, 0, 0);
            root().entries(0, 5);
            snapshots.restore("one");
            for (var more = List.copyOf(seen); !more.isEmpty(); ) {
                more = root().entries(seen.getLast().cookie(), 20);
                seen.addAll(more);
            }
            assertEquals(root().entries(0, 100), seen);
        }

        /// A tree from before it was an upper layer is merged as any is.
        @Test
        void aSnapshotFromBeforeThere() throws Exception {
            fs.close();
            var plain = upper();
            Work.clear(plain.root());
            file(plain.root(), "own", "own");
            Objects.requireNonNull(plain.snapshots()).take("plain");
            plain.sync();
            plain.close();
            mount();
            assertEquals(2, inodes("plain"));
            regular("d/f").append(bytes("+"));
            root().unlink("own");
            snapshots.take("later");
            snapshots.restore("plain");
            assertEquals("own", text(node("own")));
            assertEquals("lower", text(node("d/f")));
            regular("d/f").append(bytes("+"));
            assertEquals("lower+", text(node("hard")));
            var state = State.of(fs);
            again();
            assertEquals(state, State.of(fs));
        }

        @Test
        void aSnapshotThatCannotBeAnUpperLayer() throws Exception {
            fs.close();
            var plain = upper();
            Work.clear(plain.root());
            file(plain.root(), Whiteouts.WORK, "a file");
            Objects.requireNonNull(plain.snapshots()).take("plain");
            plain.root().unlink(Whiteouts.WORK);
            plain.sync();
            plain.close();
            mount();
            regular("d/f").append(bytes("+"));
            var before = State.of(fs);
            fails(Errno.ENOTDIR, () -> snapshots.restore("plain"));
            assertEquals(before, State.of(fs));
            snapshots.delete("plain");
        }

        private long inodes(String name) {
            for (var one : snapshots.list()) if (one.name().equals(name)) return one.inodes();
            throw new AssertionError(name);
        }

        /// What the overlay keeps for itself is not counted.
        @Test
        void whatItTellsOfItself() {
            snapshots.take("empty");
            regular("top").append(bytes("+"));
            snapshots.take("one");
            var all = snapshots.list();
            assertEquals(List.of("empty", "one"), all.stream().map(Snapshot::name).toList());
            assertEquals(List.of(1L, 2L), all.stream().map(Snapshot::inodes).toList());
            assertTrue(all.getLast().bytes() > 0);
        }

        /// A full upper layer takes and restores, unless something could not be noted in it.
        @Test
        void withoutRoom() throws Exception {
            var before = take("before");
            for (int i = 0; i < 200; i++) node("d/f").change(AttributeChange.mode(0600 + i % 8));
            fill(fs, 4096);
            snapshots.take("full");
            snapshots.restore("before");
            assertEquals(before, State.of(fs));
            snapshots.restore("full");
            assertEquals(before.numbers().get("/d/f"), node("hard").attributes().inode());
        }
    }

    /// Leaves no room for as many bytes.
    private static void fill(FileSystem fs, int bytes) {
        var fill = fs.root().create("fill", 0600, 0, 0);
        var portion = ByteBuffer.allocate(bytes);
        fails(
                Errno.ENOSPC,
                () -> {
                    for (; ; ) fill.append(portion.clear());
                });
    }

    @Test
    void thoseThatKeepNone(@TempDir Path directory) throws Exception {
        var lower = Layers.memory();
        assertNull(new OverlayFileSystem(null, List.of(lower)).snapshots());
        var host = new podium.vfs.host.HostFileSystemType();
        var spec = podium.vfs.MountSpec.of("/", "host", directory.toString());
        try (var fs = new OverlayFileSystem(host.create(spec), List.of(lower))) {
            assertNull(fs.snapshots());
        }
    }

    @Test
    void aCrowdThatCannotBeNoted() throws Exception {
        var lower = Layers.memory();
        for (int i = 0; i < 2000; i++) file(lower.root(), "f" + i, "");
        var upper = Layers.memory("size", "128k");
        var fs = new OverlayFileSystem(upper, List.of(lower));
        for (int i = 0; i < 2000; i++)
            Objects.requireNonNull(fs.root().lookup("f" + i)).change(AttributeChange.mode(0600));
        fill(fs, 64);
        for (int i = 0; i < 2000; i++) fs.root().unlink("f" + i);
        fails(Errno.ENOSPC, () -> Objects.requireNonNull(fs.snapshots()).take("one"));
        fs.root().unlink("fill");
        Objects.requireNonNull(fs.snapshots()).take("one");
    }
}
