package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.vfs.Node;

/// Every sequence of up to three operations, with a crash after every step of the disk's, which
/// leaves any part of what was not forced: the store opens, is whole, and is as it was at some moment
/// from the last sync on.
class CrashTest {

    private static final StoreOptions OPTIONS =
            new StoreOptions(Path.of("/"), 1L << 40, 1000, 0755, 0, 0);

    private int sequences;
    private int states;

    /// With room for everything, and with so little that each operation writes, journals are
    /// replaced at every commit, and segments hold two pages.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasSyncedIsThere(boolean narrow) throws Exception {
        var limits =
                narrow
                        ? new Limits(8192, 0, 200, 0, 512, 0)
                        : new Limits(1 << 20, 1000, 1 << 20, 1 << 20, 512, 0);
        var first = first(limits);
        int length = Integer.getInteger("podium.store.operations", 3);
        Stores.logged(
                () ->
                        sequences(
                                new ArrayList<>(),
                                length,
                                sequence -> run(limits, first, sequence)));
        System.out.printf(
                "crashes (%s limits): %d sequences, %d states%n",
                narrow ? "narrow" : "wide", sequences, states);
        assertTrue(states > 5 * sequences);
    }

    private interface Action {
        void on(List<Operation> sequence) throws IOException;
    }

    private void sequences(List<Operation> sequence, int left, Action action) throws IOException {
        if (!sequence.isEmpty()) action.on(sequence);
        if (left == 0) return;
        for (var operation : Operation.values()) {
            sequence.add(operation);
            sequences(sequence, left - 1, action);
            sequence.removeLast();
        }
    }

    private static StoreFileSystem open(RecordingDisk disk, Limits limits) throws IOException {
        return StoreFileSystem.open(disk, limits, OPTIONS, false);
    }

    private static Map<String, byte[]> first(Limits limits) throws IOException {
        var disk = new RecordingDisk();
        try (var fs = open(disk, limits)) {
            fs.root().create("a", 0644, 0, 0).write(Operation.bytes(5000, 'a'), 0);
            var d = fs.root().createDirectory("d", 0755, 0, 0);
            d.create("b", 0644, 0, 0).write(Operation.bytes(300, 'b'), 0);
        }
        return disk.files();
    }

    /// A moment behind an operation.
    ///
    /// @param steps that the disk had done when the operation began
    /// @param changed when the file `a` was changed last
    private record Moment(int steps, String tree, long changed) {}

    private void run(Limits limits, Map<String, byte[]> first, List<Operation> sequence)
            throws IOException {
        sequences++;
        var disk = new RecordingDisk(first);
        var originals = disk.contents();
        var moments = new ArrayList<Moment>();
        var synced = new ArrayList<int[]>();
        try (var fs = open(disk, limits)) {
            var a = (Node.Regular) fs.root().lookup("a");
            if (a == null) throw new AssertionError("no a");
            a.opened();
            // What the tree is when an operation begins, and how far the disk had got then.
            moments.add(new Moment(0, Trees.text(fs), a.attributes().changed()));
            for (var operation : sequence) step(fs, a, operation, disk, moments, synced);
            step(fs, a, Operation.SYNC, disk, moments, synced);
            int steps = disk.steps.size();
            var seen = new HashSet<Integer>();
            for (int end = 0; end <= steps; end++) {
                var legal = legal(moments, synced, end);
                var all = List.copyOf(disk.steps.subList(0, end));
                Crashes.after(
                        first,
                        originals,
                        all,
                        files -> {
                            if (seen.add(hash(files, legal)))
                                check(files, limits, legal, sequence);
                        });
            }
            a.released();
        }
    }

    private static void step(
            StoreFileSystem fs,
            Node.Regular a,
            Operation operation,
            RecordingDisk disk,
            List<Moment> moments,
            List<int[]> synced) {
        int before = disk.steps.size();
        operation.run(fs, a);
        long changed = a.attributes().changed();
        moments.add(new Moment(before, Trees.text(fs), changed));
        int last = moments.size() - 1;
        if (operation == Operation.SYNC_FILE)
            while (last > 0 && moments.get(last - 1).changed() == changed) last--;
        if (operation == Operation.SYNC || operation == Operation.SYNC_FILE)
            synced.add(new int[] {disk.steps.size(), last});
    }

    /// The trees that may be found after so many steps of the disk's: from the last sync that had
    /// returned, to the operation that was under way.
    private static Set<String> legal(List<Moment> moments, List<int[]> synced, int steps) {
        int from = 0;
        for (var sync : synced) if (sync[0] <= steps) from = Math.max(from, sync[1]);
        var legal = new HashSet<String>();
        for (int i = from; i < moments.size(); i++)
            if (i == from || moments.get(i).steps() <= steps) legal.add(moments.get(i).tree());
        return legal;
    }

    private static int hash(Map<String, byte[]> files, Set<String> legal) {
        int hash = legal.hashCode();
        for (var file : files.entrySet())
            hash = hash * 31 + file.getKey().hashCode() * 17 + Arrays.hashCode(file.getValue());
        return hash;
    }

    private void check(
            Map<String, byte[]> files,
            Limits limits,
            Set<String> legal,
            List<Operation> sequence) {
        states++;
        var disk = new RecordingDisk(files);
        try {
            String tree;
            try (var fs = open(disk, limits)) {
                tree = Trees.text(fs);
                if (!legal.contains(tree))
                    throw new AssertionError("found\n%s, not one of\n%s".formatted(tree, legal));
            }
            assertEquals(0, disk.opened);
            var problems = new ArrayList<String>();
            assertEquals(0, Check.check(disk, problems::add), problems::toString);
            try (var fs = open(disk, limits)) {
                assertEquals(tree, Trees.text(fs), "opened again");
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(sequence + ": " + e.getMessage(), e);
        }
    }
}
