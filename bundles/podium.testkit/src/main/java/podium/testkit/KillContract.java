package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// A process that uses a durable file system is killed at some moment, or its machine's power is
/// cut,
/// again and again: what it had said to be synced is there, and nothing that it never wrote.
/// `-Dpodium.kills` says how often.
public abstract class KillContract extends CrashContract {

    /// A class whose main method opens a file system and calls [KillWorker#run]. Its arguments are
    /// the directory, in which it finds its source, and the seed.
    protected abstract Class<?> worker();

    /// Opens what a worker has left.
    protected abstract FileSystem open(Path directory) throws Exception;

    /// Looks whether what a worker has left is whole, while nobody has it open.
    ///
    /// @return what is wrong, a line each
    protected abstract List<String> check(Path directory) throws Exception;

    /// How often, unless the property `podium.kills` says.
    protected int kills() {
        return 20;
    }

    /// What a worker had synced last.
    private record Acknowledged(long generation, int records) {}

    @Override
    protected void run(Crash crash) throws Exception {
        int kills = Integer.getInteger("podium.kills", kills());
        var known = new HashMap<Integer, Acknowledged>();
        int acknowledged = 0;
        for (int i = 0; i < kills; i++) {
            acknowledged += round(crash, known);
            compare(crash.directory(), known, "kill %d, podium.seed=%d".formatted(i, seed));
        }
        System.out.printf("%d kills, %d syncs acknowledged%n", kills, acknowledged);
        assertTrue(acknowledged > kills, "syncs: " + acknowledged);
    }

    private int round(Crash crash, Map<Integer, Acknowledged> known) throws Exception {
        var seed = Long.toString(random.nextLong() >>> 8);
        int wait = random.nextInt(150);
        var lines = KilledProcess.run(crash, 1, wait, worker(), seed);
        for (var line : lines) {
            var parts = line.split(" ");
            if (parts.length < 3) continue;
            known.put(
                    Integer.parseInt(parts[0]),
                    new Acknowledged(Long.parseLong(parts[1]), Integer.parseInt(parts[2])));
        }
        return lines.size();
    }

    private void compare(Path place, Map<Integer, Acknowledged> known, String when)
            throws Exception {
        assertEquals(List.of(), check(place), when);
        try (var fs = open(place)) {
            known.replaceAll((worker, last) -> found(fs, worker, last, when));
            for (var entry : fs.root().entries(0, 100)) {
                var file = (Node.Regular) fs.root().lookup(entry.name());
                assertNotNull(file);
                whole(file, when + ", " + entry.name());
                // A name of a file that was never finished would be in the next one's way.
                if (entry.name().endsWith(".new")) fs.root().unlink(entry.name());
            }
        }
    }

    /// @return what is there of a worker's
    private static Acknowledged found(FileSystem fs, int worker, Acknowledged last, String when) {
        var file = (Node.Regular) fs.root().lookup("w" + worker);
        assertNotNull(file, when);
        long generation = KillWorker.generation(file);
        int records = (int) (file.attributes().size() / KillWorker.RECORD);
        // A killed process may have synced, and renamed, more than it came to say.
        if (generation == last.generation())
            assertTrue(records >= last.records(), when + ": lost of " + last);
        else assertEquals(last.generation() + 1, generation, when);
        return new Acknowledged(generation, records);
    }

    private static void whole(Node.Regular file, String when) {
        var bytes = ByteBuffer.allocate((int) file.attributes().size());
        file.read(bytes, 0);
        assertEquals(0, bytes.capacity() % KillWorker.RECORD, when);
        if (bytes.capacity() == 0) return;
        var expected = ByteBuffer.allocate(bytes.capacity());
        long generation = bytes.getLong(0);
        for (int i = 0; expected.hasRemaining(); i++) KillWorker.record(expected, generation, i);
        assertArrayEquals(expected.array(), bytes.array(), when);
    }
}
