package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.Backends;
import podium.vfs.FileSystem;
import podium.vfs.Node;
import podium.vfs.backend.DurableOptions;

/// A process that takes, restores and deletes snapshots is killed at some moment, again and again.
class SnapshotKillTest {

    private static final Limits LIMITS =
            new Limits(256 << 10, 16, 32 << 10, 64 << 10, 16 << 10, 20);

    private static final int KEPT = 4;
    private static final int BYTES = 20_000;

    @TempDir Path directory;

    /// What is killed: writes number `n` and what follows from it to a file, takes snapshot `n`,
    /// syncs, says so; deletes old ones; and goes back to the last one but one at times.
    static final class Worker {

        private Worker() {}

        public static void main(String[] arguments) throws IOException {
            var fs = store(Path.of(arguments[0]));
            var snapshots = fs.store().snapshots;
            var list = snapshots.list();
            long n = list.isEmpty() ? 0 : Long.parseLong(list.getLast().name());
            var root = fs.root();
            var file =
                    root.lookup("f") instanceof Node.Regular known
                            ? known
                            : root.create("f", 0644, 0, 0);
            for (n++; ; n++) {
                file.write(ByteBuffer.wrap(Backends.random(BYTES, n)), 0);
                root.create("n" + n, 0644, 0, 0);
                if (root.lookup("n" + (n - 1)) != null) root.unlink("n" + (n - 1));
                snapshots.take("" + n);
                fs.sync();
                System.out.println(n);
                for (var one : snapshots.list())
                    if (Long.parseLong(one.name()) <= n - KEPT) snapshots.delete(one.name());
                if (n % 3 == 0 && has(snapshots, n - 1)) snapshots.restore("" + (n - 1));
            }
        }

        private static boolean has(StoreSnapshots snapshots, long n) {
            return snapshots.list().stream().anyMatch(one -> one.name().equals("" + n));
        }
    }

    private static StoreFileSystem store(Path directory) throws IOException {
        var options = new DurableOptions(directory, 1L << 40, 1000, 0755, 0, 0);
        return StoreFileSystem.open(new HostDisk(directory, true), LIMITS, options, false);
    }

    @Test
    void whatWasTakenOutlivesTheProcess() throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime());
        var random = new Random(seed);
        long acknowledged = 0;
        for (int i = 0; i < Integer.getInteger("podium.kills", 20); i++) {
            long last = round(random);
            var when = "kill %d, podium.seed=%d".formatted(i, seed);
            assertTrue(last >= acknowledged, when);
            acknowledged = last;
            compare(acknowledged, when);
        }
    }

    /// @return the number that was acknowledged last
    private long round(Random random) throws Exception {
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        directory.toString());
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var in = process.inputReader(StandardCharsets.UTF_8)) {
            var first = in.readLine();
            Thread.sleep(random.nextInt(150));
            // By its handle: the process itself would close what it said last.
            process.toHandle().destroyForcibly();
            var last = String.valueOf(first);
            for (var line = in.readLine(); line != null; line = in.readLine()) last = line;
            process.waitFor();
            return Long.parseLong(last);
        }
    }

    private void compare(long acknowledged, String when) throws Exception {
        var problems = new ArrayList<String>();
        assertEquals(0, Check.check(directory, problems::add), () -> when + problems);
        try (var fs = store(directory)) {
            var list = fs.store().snapshots.list();
            long last = Long.parseLong(list.getLast().name());
            assertTrue(last == acknowledged || last == acknowledged + 1, when + ": " + last);
            // Deletes are durable with the next sync, and another snapshot with them.
            assertTrue(list.size() <= KEPT + 2, when + list);
            for (var one : list) {
                try (FileSystem then = fs.store().snapshots.open(one.name())) {
                    long n = Long.parseLong(one.name());
                    var is = Backends.content(Backends.file(then, "f"));
                    assertEquals(ByteBuffer.wrap(Backends.random(BYTES, n)), ByteBuffer.wrap(is));
                    assertTrue(then.root().lookup("n" + n) != null, when);
                }
            }
        }
    }
}
