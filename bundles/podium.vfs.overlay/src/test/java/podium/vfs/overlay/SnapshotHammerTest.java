package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.Node;
import podium.vfs.overlay.LayeredSnapshots.State;

/// The same random operations, snapshots among them, on an overlay and on a plain file system that
/// begins with the same tree: what is restored is the same, in names, contents, numbers, open files
/// and objects.
class SnapshotHammerTest {

    private static final int SEEDS = Integer.getInteger("podium.hammer.seeds", 20);
    private static final int STEPS = 100;
    private static final int MOUNTS = 4;

    @TempDir Path directory;

    /// Makes an upper layer, or opens it again.
    private interface Upper {
        FileSystem open(FileSystem last) throws Exception;
    }

    @Test
    void overMemory() throws Exception {
        hammer(() -> last -> last == null ? Layers.memory() : last);
    }

    @Test
    void overStore() throws Exception {
        hammer(
                () -> {
                    var own = Files.createTempDirectory(directory, "store");
                    return last -> {
                        if (last != null) last.close();
                        return SnapshotTest.store(own);
                    };
                });
    }

    private interface Maker {
        Upper make() throws Exception;
    }

    private static void hammer(Maker maker) throws Exception {
        long first = Long.getLong("podium.random.seed", System.nanoTime());
        for (long seed = first; seed < first + SEEDS; seed++) {
            try {
                new Run(seed).run(maker.make());
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("podium.random.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Run {

        private final FileSystem plain;
        private final FileSystem lower;
        private final Random one;
        private final Random other;
        private final Random random;

        /// What the overlay's snapshots are to be.
        private final Map<String, State> known = new HashMap<>();

        private final List<Node.Regular> open = new ArrayList<>();
        private final List<Node.Regular> alike = new ArrayList<>();

        /// Held, but not open.
        private final List<Node> held = new ArrayList<>();

        private final List<Node> heldAlike = new ArrayList<>();

        Run(long seed) throws Exception {
            plain = Layers.memory();
            OverlayHammerTest.fill(plain.root(), new Random(seed), 3);
            var bottom = Layers.memory();
            OverlayHammerTest.fill(bottom.root(), new Random(seed), 3);
            lower = seed % 2 == 0 ? bottom : changed(bottom, plain, seed);
            one = new Random(seed);
            other = new Random(seed);
            random = new Random(seed);
        }

        /// A lower layer that is an overlay itself, with names that were moved, linked and hidden.
        private static FileSystem changed(FileSystem bottom, FileSystem plain, long seed)
                throws Exception {
            var overlay = new OverlayFileSystem(Layers.memory(), List.of(bottom));
            var one = new Random(seed);
            var other = new Random(seed);
            var open = new ArrayList<Node.Regular>();
            var alike = new ArrayList<Node.Regular>();
            for (int i = 0; i < 30; i++)
                assertEquals(
                        OverlayHammerTest.step(plain, one, open),
                        OverlayHammerTest.step(overlay, other, alike));
            open.forEach(Node.Regular::released);
            alike.forEach(Node.Regular::released);
            // No guest changes a link's, and copies have the usual one.
            for (var fs : List.of(plain, overlay)) usualModes(fs.root());
            return overlay;
        }

        private static void usualModes(Node.Directory in) {
            for (var name : names(in)) {
                var node = in.lookup(name);
                if (node instanceof Node.Link) node.change(AttributeChange.mode(0777));
                if (node instanceof Node.Directory below) usualModes(below);
            }
        }

        void run(Upper upper) throws Exception {
            FileSystem layer = null;
            for (int mount = 0; mount < MOUNTS; mount++) {
                layer = upper.open(layer);
                var overlay = new OverlayFileSystem(layer, List.of(lower));
                OverlayHammerTest.assertSame(plain, overlay);
                for (int i = 0; i < STEPS; i++) step(overlay, "step " + mount + "." + i);
                for (int i = 0; i < open.size(); i++) {
                    open.get(i).released();
                    alike.get(i).released();
                }
                open.clear();
                alike.clear();
                held.clear();
                heldAlike.clear();
                OverlayHammerTest.assertSame(plain, overlay);
                for (var name : known.keySet()) check(overlay, name);
            }
        }

        private void step(OverlayFileSystem overlay, String at) {
            var name = "s" + random.nextInt(4);
            switch (random.nextInt(24)) {
                case 0 -> {
                    if (known.containsKey(name)) return;
                    plain.snapshots().take(name);
                    overlay.snapshots().take(name);
                    known.put(name, State.of(overlay));
                }
                case 1, 2 -> {
                    if (known.containsKey(name)) restore(overlay, name, at);
                }
                case 3 -> {
                    if (known.remove(name) == null) return;
                    plain.snapshots().delete(name);
                    overlay.snapshots().delete(name);
                }
                case 4 -> {
                    if (known.containsKey(name)) check(overlay, name);
                }
                case 5 -> hold(overlay);
                default ->
                        assertEquals(
                                OverlayHammerTest.step(plain, one, open),
                                OverlayHammerTest.step(overlay, other, alike),
                                at);
            }
        }

        private static void check(OverlayFileSystem overlay, String name, State then) {
            try (var snapshot = overlay.snapshots().open(name)) {
                var now = State.of(snapshot);
                assertEquals(then.numbers(), now.numbers(), name);
                assertEquals(then.text(), now.text(), name);
            }
        }

        private void check(OverlayFileSystem overlay, String name) {
            check(overlay, name, known.get(name));
        }

        private void hold(FileSystem overlay) {
            var path = new ArrayList<>(new TreeSet<>(Layers.numbers(plain).keySet()));
            var some = path.get(random.nextInt(path.size()));
            held.add(Layers.find(plain, some));
            heldAlike.add(Layers.find(overlay, some));
        }

        private void restore(OverlayFileSystem overlay, String name, String at) {
            var there = new ArrayList<Integer>();
            for (int i = 0; i < held.size(); i++)
                if (held.get(i).attributes().links() > 0) there.add(i);
            var numbers = alike.stream().map(file -> file.attributes().inode()).toList();
            plain.snapshots().restore(name);
            overlay.snapshots().restore(name);
            for (int i = 0; i < open.size(); i++) {
                var what = at + " open " + i;
                assertEquals(numbers.get(i), alike.get(i).attributes().inode(), what);
                same(open.get(i), alike.get(i), true, what);
            }
            for (int i : there) same(held.get(i), heldAlike.get(i), false, at + " held " + i);
            OverlayHammerTest.assertSame(plain, overlay);
            var then = State.of(overlay);
            assertEquals(known.get(name).numbers(), then.numbers(), at);
            assertEquals(known.get(name).text(), then.text(), at);
            objects(overlay, at);
        }

        private static void same(Node is, Node alike, boolean open, String what) {
            assertEquals(is.attributes().links(), alike.attributes().links(), what);
            assertEquals(is.attributes().mode(), alike.attributes().mode(), what);
            // Of what is gone, and not open, nothing is left to read.
            if (is instanceof Node.Regular file && (open || file.attributes().links() > 0))
                assertEquals(Layers.text(file), Layers.text(alike), what);
            if (is instanceof Node.Directory in)
                assertEquals(names(in), names((Node.Directory) alike), what);
        }

        private static TreeSet<String> names(Node.Directory in) {
            var names = new TreeSet<String>();
            for (var entry : in.entries(0, Integer.MAX_VALUE)) names.add(entry.name());
            return names;
        }

        /// What is open and has a name is what is found by that.
        private void objects(FileSystem overlay, String at) {
            var byNumber = new HashMap<Long, Node>();
            for (var file : alike) byNumber.put(file.attributes().inode(), file);
            Layers.numbers(overlay)
                    .forEach(
                            (path, number) -> {
                                var is = byNumber.get(number);
                                if (is != null)
                                    assertSame(is, Layers.find(overlay, path), at + path);
                            });
        }
    }
}
