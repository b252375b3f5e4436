package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.testkit.Backends.fails;
import static podium.vfs.overlay.Layers.file;
import static podium.vfs.overlay.Layers.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.Node;

/// Snapshots of overlays: what was copied to the upper layer is the lower one's again, and the
/// other way round.
class SnapshotOfCopiesTest {

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

        /// Who has a file open goes on with the lower layer's, which has the number that its copy
        /// had, and with another copy after that.
        @Test
        void aCopyOfContent() throws Exception {
            var g = regular("d/e/g");
            long number = g.attributes().inode();
            g.opened();
            var before = take("before");
            g.append(bytes("er"));
            var copied = take("copied");
            assertEquals(number, g.attributes().inode());
            snapshots.restore("before");
            assertEquals("deep", text(g));
            assertEquals(number, g.attributes().inode());
            assertSame(g, node("d/e/g"));
            g.write(bytes("D"), 0);
            assertEquals("Deep", text(g));
            snapshots.restore("copied");
            assertEquals("deeper", text(g));
            assertSame(g, node("d/e/g"));
            snapshots.restore("before");
            directory("d/e").unlink("g");
            assertEquals("deep", text(g));
            assertEquals(0, g.attributes().links());
            snapshots.restore("copied");
            assertEquals("deeper", text(g));
            assertEquals(1, g.attributes().links());
            g.released();
            checkAll(Map.of("before", before, "copied", copied));
        }

        /// A copy that nobody has any more is free, and the layer that has it knows what is open.
        @Test
        void whatIsOpen() {
            var g = regular("d/e/g");
            long free = fs.statistics().freeFiles();
            snapshots.take("before");
            g.opened();
            g.append(bytes("er"));
            snapshots.restore("before");
            assertEquals(free, fs.statistics().freeFiles());
            // No lower layer does so while it is one.
            ((Node.Directory) Layers.find(lower, "d/e")).unlink("g");
            assertEquals("deep", text(g));
            g.released();
            assertEquals("", text(g));
        }

        @Test
        void aCopyOfAttributesAlone() throws Exception {
            var before = take("before");
            node("top").change(AttributeChange.mode(0600));
            node("top").setExtendedAttribute("user.b", new byte[] {2});
            node("d").change(new AttributeChange(0711, 7, 8, null, null));
            node("d/e").setExtendedAttribute("user.c", new byte[] {3});
            node("l").change(AttributeChange.times(9L, 9L));
            var changed = take("changed");
            node("top").setExtendedAttribute("user.a", null);
            snapshots.restore("before");
            assertEquals(Mode.REGULAR | 0640, node("top").attributes().mode());
            assertEquals(List.of("user.a"), node("top").extendedAttributes());
            assertArrayEquals(new byte[] {1}, node("top").extendedAttribute("user.a"));
            assertEquals(List.of(), node("d/e").extendedAttributes());
            snapshots.restore("changed");
            assertArrayEquals(new byte[] {2}, node("top").extendedAttribute("user.b"));
            checkAll(Map.of("before", before, "changed", changed));
        }

        @Test
        void namesOfOneInode() throws Exception {
            var f = regular("d/f");
            f.opened();
            var before = take("before");
            regular("hard").append(bytes("+"));
            root().link("third", node("hard"));
            var linked = take("linked");
            directory("d").unlink("f");
            root().unlink("third");
            var one = take("one");
            root().unlink("hard");
            var none = take("none");
            assertEquals("lower+", text(f));
            snapshots.restore("before");
            assertEquals("lower", text(f));
            assertEquals(2, f.attributes().links());
            assertSame(node("hard"), node("d/f"));
            assertSame(f, node("hard"));
            snapshots.restore("linked");
            assertEquals(3, f.attributes().links());
            assertSame(f, node("third"));
            snapshots.restore("one");
            assertEquals(1, f.attributes().links());
            assertSame(f, node("hard"));
            snapshots.restore("none");
            assertEquals(0, f.attributes().links());
            assertEquals("lower+", text(f));
            snapshots.restore("linked");
            assertSame(f, node("third"));
            // Known by a name that does not lead to it then.
            snapshots.restore("before");
            assertSame(f, node("d/f"));
            snapshots.restore("one");
            assertEquals(1, f.attributes().links());
            assertEquals("lower+", text(f));
            f.released();
            checkAll(Map.of("before", before, "linked", linked, "one", one, "none", none));
        }

        /// What this mount knows as a copy, at another place, is a lower layer's again.
        @Test
        void aCopyOfAnEarlierMount() throws Exception {
            var before = take("before");
            long number = node("d/e/g").attributes().inode();
            root().rename("d", root(), "moved", false);
            directory("moved/e").rename("g", root(), "h", false);
            regular("h").append(bytes("+"));
            var moved = take("moved");
            again();
            var h = regular("h");
            var e = directory("moved/e");
            h.opened();
            snapshots.restore("before");
            assertEquals("deep", text(h));
            assertEquals(number, h.attributes().inode());
            assertSame(h, node("d/e/g"));
            assertSame(e, node("d/e"));
            snapshots.restore("moved");
            assertEquals("deep+", text(h));
            assertSame(h, node("h"));
            assertSame(e, node("moved/e"));
            h.released();
            checkAll(Map.of("before", before, "moved", moved));
        }

        /// Files that have lost their names are no part of it, copied or not.
        @Test
        void filesWithoutAName() throws Exception {
            var top = regular("top");
            var f = regular("d/f");
            var g = regular("d/e/g");
            for (var file : List.of(top, f, g)) file.opened();
            root().unlink("top");
            root().unlink("hard");
            directory("d").unlink("f");
            directory("d/e").unlink("g");
            top.append(bytes("1"));
            f.append(bytes("1"));
            snapshots.take("one");
            for (var file : List.of(top, f, g)) file.append(bytes("2"));
            snapshots.restore("one");
            assertEquals("top12", text(top));
            assertEquals("lower12", text(f));
            assertEquals("deep2", text(g));
            for (var file : List.of(top, f, g)) {
                assertEquals(0, file.attributes().links());
                fails(Errno.ENOENT, () -> root().link("named", file));
                file.released();
            }
            long free = fs.statistics().freeFiles();
            var state = State.of(fs);
            again();
            assertEquals(free, fs.statistics().freeFiles());
            assertEquals(state, State.of(fs));
        }

        /// Reading is not held: each read is of before or of after, whatever becomes of the copy.
        @Test
        void readersMeanwhile() throws Exception {
            var g = regular("d/e/g");
            g.opened();
            snapshots.take("lower");
            g.write(bytes("COPY"), 0);
            snapshots.take("copy");
            var stop = new AtomicBoolean();
            var done = new ArrayList<Future<?>>();
            try (var pool = Executors.newFixedThreadPool(2)) {
                for (int i = 0; i < 2; i++) done.add(pool.submit(() -> read(g, stop)));
                try {
                    for (int i = 0; i < 500; i++) {
                        snapshots.restore(i % 2 == 0 ? "lower" : "copy");
                        assertEquals(i % 2 == 0 ? "deep" : "COPY", text(g));
                        if (i % 3 == 0) g.write(bytes("COPY"), 0);
                    }
                } finally {
                    stop.set(true);
                }
                for (var one : done) one.get();
            }
            g.released();
        }

        private static void read(Node.Regular file, AtomicBoolean stop) {
            long number = file.attributes().inode();
            while (!stop.get()) {
                var buffer = ByteBuffer.allocate(5);
                assertEquals(4, file.read(buffer, 0));
                var text = new String(buffer.array(), 0, 4, StandardCharsets.UTF_8);
                assertTrue(text.equals("deep") || text.equals("COPY"), text);
                var is = file.attributes();
                assertEquals(number, is.inode());
                assertEquals(1, is.links());
                assertEquals(4, is.size());
                assertEquals(0, file.seek(0, true));
            }
        }
    }
}
