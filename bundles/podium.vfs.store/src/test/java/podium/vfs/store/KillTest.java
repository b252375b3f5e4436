package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// A process that uses a store is killed at some moment, again and again: what it had said to be
/// synced is there, and nothing that it never wrote. `-Dpodium.store.kills` says how often.
class KillTest {

    @TempDir Path directory;

    /// What a worker had synced last.
    private record Acknowledged(long generation, int records) {}

    @Test
    void whatWasSyncedOutlivesTheProcess() throws Exception {
        int kills = Integer.getInteger("podium.store.kills", 20);
        long seed = Long.getLong("podium.store.seed", System.nanoTime());
        var random = new Random(seed);
        var known = new HashMap<Integer, Acknowledged>();
        int acknowledged = 0;
        for (int i = 0; i < kills; i++) {
            acknowledged += round(random, known);
            compare(known, "kill %d, podium.store.seed=%d".formatted(i, seed));
        }
        System.out.printf("%d kills, %d syncs acknowledged%n", kills, acknowledged);
        assertTrue(acknowledged > kills, "syncs: " + acknowledged);
    }

    private int round(Random random, Map<Integer, Acknowledged> known) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var path = System.getProperty("java.class.path");
        var command =
                List.of(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        path,
                        KillWorker.class.getName(),
                        directory.toString(),
                        Long.toString(random.nextLong() >>> 8));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var lines = new ArrayList<String>();
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            lines.add(String.valueOf(in.readLine()));
            var killer = Thread.ofVirtual().start(() -> kill(process, random.nextInt(150)));
            for (var line = in.readLine(); line != null; line = in.readLine()) lines.add(line);
            killer.join();
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        for (var line : lines) {
            var parts = line.split(" ");
            if (parts.length < 3) continue;
            known.put(
                    Integer.parseInt(parts[0]),
                    new Acknowledged(Long.parseLong(parts[1]), Integer.parseInt(parts[2])));
        }
        return lines.size();
    }

    /// With SIGKILL.
    private static void kill(Process process, int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // By its handle: the process itself would close what it said last.
        process.toHandle().destroyForcibly();
    }

    private void compare(Map<Integer, Acknowledged> known, String when) throws IOException {
        var problems = new ArrayList<String>();
        assertEquals(0, Check.check(directory, problems::add), () -> when + ": " + problems);
        try (var fs = KillWorker.open(directory)) {
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
