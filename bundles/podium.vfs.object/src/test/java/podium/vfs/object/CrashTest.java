package podium.vfs.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.Backends;
import podium.testkit.Trees;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// A writer ends between any two requests, and its cache is lost: the tree is as it was at one
/// moment, not before the last sync that was acknowledged.
class CrashTest {

    @TempDir Path directory;

    /// What a tree was, and how many changes of the bucket there were when a sync of it returned.
    private record State(String tree, int changes) {}

    @Test
    void afterEachRequestTheTreeIsThere() throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime());
        var bucket = new MemoryBucket();
        var states = work(bucket, new Random(seed));
        assertTrue(bucket.calls.getOrDefault("delete", 0) > 20, bucket.calls::toString);
        assertTrue(bucket.calls.getOrDefault("put", 0) > 5, bucket.calls::toString);
        for (int end = 0; end <= bucket.changed(); end++)
            check(
                    bucket.changes.subList(0, end),
                    states,
                    "podium.seed=%d, end %d".formatted(seed, end));
    }

    private List<State> work(MemoryBucket bucket, Random random) throws IOException {
        var states = new ArrayList<State>();
        try (var fs = Mounts.open(bucket, directory.resolve("cache"), Mounts.QUICK)) {
            states.add(new State(Trees.text(fs), 0));
            for (int i = 0; i < 120; i++) {
                for (int k = random.nextInt(6); k >= 0; k--) step(fs, random);
                fs.sync();
                states.add(new State(Trees.text(fs), bucket.changed()));
            }
        }
        return states;
    }

    private static void step(FileSystem fs, Random random) {
        var root = fs.root();
        var name = "f" + random.nextInt(12);
        var node = (Node.Regular) root.lookup(name);
        if (node == null) node = root.create(name, 0644, 0, 0);
        switch (random.nextInt(6)) {
            case 0 -> root.unlink(name);
            case 1 -> root.rename(name, root, "f" + random.nextInt(12), false);
            case 2 -> node.truncate(random.nextInt(50_000));
            default ->
                    node.write(
                            ByteBuffer.wrap(
                                    Backends.random(random.nextInt(40_000), random.nextInt())),
                            random.nextInt(60_000));
        }
    }

    private void check(List<MemoryBucket.Change> changes, List<State> states, String when)
            throws IOException {
        int end = changes.size();
        long acknowledged = states.stream().filter(s -> s.changes() <= end).count() - 1;
        var bucket = MemoryBucket.of(changes);
        bucket.age = 61;
        if (acknowledged > 0) {
            String tree;
            try (var fs = Mounts.read(bucket, directory.resolve("read" + end))) {
                tree = Trees.text(fs);
            }
            long reached = states.stream().map(State::tree).toList().lastIndexOf(tree);
            assertTrue(reached >= acknowledged, when + ": " + reached + " of " + acknowledged);
            if (end % 7 == 0) goesOn(bucket, tree, end, when);
        } else goesOn(bucket, null, end, when);
    }

    /// Another writer takes over, tidies up, and nothing is lost or left.
    private void goesOn(
            MemoryBucket bucket,
            @org.jspecify.annotations.Nullable String tree,
            int end,
            String when)
            throws IOException {
        try (var fs = Mounts.open(bucket, directory.resolve("next" + end), Mounts.QUICK)) {
            if (tree != null) assertEquals(tree, Trees.text(fs), when);
            Backends.file(fs, "more", Backends.random(50_000, end));
            fs.sync();
        }
        try (var fs = Mounts.read(bucket, directory.resolve("then" + end))) {
            var more = (Node.Regular) fs.root().lookup("more");
            assertNotNull(more, when);
            assertEquals(50_000, more.attributes().size(), when);
        }
    }
}
