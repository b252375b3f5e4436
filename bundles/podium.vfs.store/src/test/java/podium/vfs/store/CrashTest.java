package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.Backends;
import podium.testkit.Trees;
import podium.vfs.Node;
import podium.vfs.backend.DurableOptions;

/// Every sequence of up to three operations, with a crash after every step of the disk's, which
/// leaves any part of what was not forced: the store opens, is whole, and is as it was at some
/// moment
/// from the last sync on.
class CrashTest {

    private static final DurableOptions OPTIONS =
            new DurableOptions(Path.of("/"), 1L << 40, 1000, 0755, 0, 0);

    private static final Limits WIDE = new Limits(1 << 20, 1000, 1 << 20, 1 << 20, 512, 0);
    private static final Limits NARROW = new Limits(8192, 0, 200, 0, 512, 0);

    /// All but those with snapshots.
    private static final Set<Operation> FILES =
            EnumSet.complementOf(
                    EnumSet.of(
                            Operation.TAKE,
                            Operation.RESTORE,
                            Operation.RESTORE_TAKEN,
                            Operation.DELETE));

    private int sequences;
    private int states;

    /// With room for everything, and with so little that each operation writes, journals are
    /// replaced at every commit, and segments hold two pages.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasSyncedIsThere(boolean narrow) throws Exception {
        all(narrow ? NARROW : WIDE, Integer.getInteger("podium.store.operations", 3), false, FILES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void snapshotsAreThereOrNot(boolean narrow) throws Exception {
        all(
                narrow ? NARROW : WIDE,
                3,
                false,
                EnumSet.of(
                        Operation.TAKE,
                        Operation.RESTORE,
                        Operation.RESTORE_TAKEN,
                        Operation.DELETE,
                        Operation.WRITE,
                        Operation.UNLINK,
                        Operation.EXCHANGE,
                        Operation.SYNC,
                        Operation.COMPACT));
    }

    /// The file is still open.
    @Test
    void aSyncOfWhatARestoreRemovedWaitsForIt() throws Exception {
        run(
                NARROW,
                first(NARROW),
                List.of(
                        Operation.UNLINK,
                        Operation.TAKE,
                        Operation.LINK,
                        Operation.SYNC,
                        Operation.RESTORE_TAKEN,
                        Operation.SYNC_FILE),
                false);
        assertTrue(states > 10);
    }

    /// The process ends at any moment, then, when another one has opened the store, the machine.
    @Test
    void whatTheLastProcessLeftIsNotTakenForDurable() throws Exception {
        all(NARROW, 2, true, EnumSet.allOf(Operation.class));
    }

    /// Longer ones, made up; `-Dpodium.store.seed` repeats them.
    @Test
    void whatWasSyncedIsThereAfterAnything() throws Exception {
        long seed = Long.getLong("podium.store.seed", System.nanoTime());
        var random = new Random(seed);
        var first = first(NARROW);
        var all = Operation.values();
        Backends.logged(
                () -> {
                    for (int i = 0; i < 60; i++) {
                        var sequence = new ArrayList<Operation>();
                        while (sequence.size() < 15) sequence.add(all[random.nextInt(all.length)]);
                        run(NARROW, first, sequence, false);
                    }
                });
        System.out.printf("crashes, seed %d: %d states%n", seed, states);
        assertTrue(states > 1000);
    }

    private void all(Limits limits, int length, boolean killed, Set<Operation> operations)
            throws Exception {
        var first = first(limits);
        Backends.logged(
                () ->
                        sequences(
                                operations,
                                new ArrayList<>(),
                                length,
                                sequence -> run(limits, first, sequence, killed)));
        System.out.printf(
                "crashes (%s limits%s): %d sequences, %d states%n",
                limits == NARROW ? "narrow" : "wide",
                killed ? ", after a kill" : "",
                sequences,
                states);
        assertTrue(states > 5 * sequences);
    }

    private interface Action {
        void on(List<Operation> sequence) throws IOException;
    }

    private void sequences(
            Set<Operation> operations, List<Operation> sequence, int left, Action action)
            throws IOException {
        if (!sequence.isEmpty()) action.on(sequence);
        if (left == 0) return;
        for (var operation : operations) {
            sequence.add(operation);
            sequences(operations, sequence, left - 1, action);
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
            fs.snapshots().take("s");
            Backends.file(fs, "a").write(Operation.bytes(10, 'c'), 4000);
            d.createDirectory("late", 0755, 0, 0);
        }
        return disk.files();
    }

    /// A moment behind an operation.
    ///
    /// @param steps that the disk had done when the operation began
    /// @param changed when the file `a` was changed last
    private record Moment(int steps, String tree, long changed) {}

    private void run(
            Limits limits, Map<String, byte[]> first, List<Operation> sequence, boolean killed)
            throws IOException {
        sequences++;
        int steps = run(limits, first, sequence, Integer.MAX_VALUE, !killed);
        for (int end = 0; killed && end < steps; end++) run(limits, first, sequence, end, true);
    }

    /// @param end the step of the disk's at which the process is killed, and another one begins
    /// @param crashes whether to try them
    /// @return how many steps there were
    private int run(
            Limits limits,
            Map<String, byte[]> first,
            List<Operation> sequence,
            int end,
            boolean crashes)
            throws IOException {
        var disk = new RecordingDisk(first);
        var originals = disk.contents();
        var moments = new ArrayList<Moment>();
        var synced = new ArrayList<int[]>();
        var fs = open(disk, limits);
        // What the tree is when an operation begins, and how far the disk had got then.
        moments.add(new Moment(0, text(fs), a(fs).attributes().changed()));
        var a = a(fs);
        a.opened();
        disk.end = end;
        boolean alive = true;
        for (var operation : sequence)
            alive = alive && step(fs, a, operation, disk, moments, synced);
        alive = alive && step(fs, a, Operation.SYNC, disk, moments, synced);
        if (!alive) {
            // The old one is left as it is: nobody closes it.
            disk.end = Integer.MAX_VALUE;
            int before = disk.steps.size();
            fs = open(disk, limits);
            moments.add(new Moment(before, text(fs), 0));
            step(fs, a, Operation.CREATE, disk, moments, synced);
            step(fs, a, Operation.SYNC, disk, moments, synced);
        }
        var seen = new HashSet<Integer>();
        int steps = disk.steps.size();
        for (int behind = alive ? 0 : end; crashes && behind <= steps; behind++) {
            var legal = legal(moments, synced, behind);
            var all = List.copyOf(disk.steps.subList(0, behind));
            Crashes.after(
                    first,
                    originals,
                    all,
                    files -> {
                        if (seen.add(hash(files, legal))) check(files, limits, legal, sequence);
                    });
        }
        fs.close();
        return steps;
    }

    /// The tree, and those of all snapshots.
    private static String text(StoreFileSystem fs) {
        var text = new StringBuilder(Trees.text(fs));
        for (var one : fs.snapshots().list())
            try (var then = fs.snapshots().open(one.name())) {
                text.append(one.name()).append(one.taken()).append(Trees.text(then));
            }
        return text.toString();
    }

    private static Node.Regular a(StoreFileSystem fs) {
        return Backends.file(fs, "a");
    }

    /// @return whether the process is alive
    private static boolean step(
            StoreFileSystem fs,
            Node.Regular a,
            Operation operation,
            RecordingDisk disk,
            List<Moment> moments,
            List<int[]> synced) {
        int before = disk.steps.size();
        boolean alive = true;
        try {
            operation.run(fs, a);
        } catch (ErrnoException e) {
            if (disk.end == Integer.MAX_VALUE || e.errno() != Errno.EIO) throw e;
            alive = false;
        }
        long changed = a.attributes().changed();
        moments.add(new Moment(before, text(fs), changed));
        int last = moments.size() - 1;
        if (operation == Operation.SYNC_FILE)
            while (last > 0 && moments.get(last - 1).changed() == changed) last--;
        if (alive && (operation == Operation.SYNC || operation == Operation.SYNC_FILE))
            synced.add(new int[] {disk.steps.size(), last});
        return alive;
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
            Map<String, byte[]> files, Limits limits, Set<String> legal, List<Operation> sequence) {
        states++;
        var disk = new RecordingDisk(files);
        try {
            String tree;
            try (var fs = open(disk, limits)) {
                tree = text(fs);
                if (!legal.contains(tree))
                    throw new AssertionError("found\n%s, not one of\n%s".formatted(tree, legal));
            }
            assertEquals(0, disk.opened);
            var problems = new ArrayList<String>();
            assertEquals(0, Check.check(disk, problems::add), problems::toString);
            try (var fs = open(disk, limits)) {
                assertEquals(tree, text(fs), "opened again");
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(sequence + ": " + e.getMessage(), e);
        }
    }
}
