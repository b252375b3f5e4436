package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.testkit.KilledProcess;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MountSpec;

/// A process is killed at every step of a move, exactly there or soon after, and at any moment,
/// again and again: what programs had synced is there, wherever the mount is.
/// `-Dpodium.migrate.kills` says how often at each.
class MigrationKillTest {

    @TempDir Path directory;

    private final Random random = new Random(Long.getLong("podium.random.seed", System.nanoTime()));

    /// The last number that each worker had synced.
    private final Map<Integer, Long> synced = new HashMap<>();

    @Test
    void whatWasSyncedOutlivesTheProcess() throws Exception {
        int kills = Integer.getInteger("podium.migrate.kills", 2);
        int count = 0;
        for (int i = 0; i < kills; i++) {
            for (var phase : Phase.values()) {
                boolean stays = i % 2 == 0;
                kill("r" + i + phase, phase, random.nextInt(4), stays);
                compare("killed in " + phase);
                count++;
            }
            // No move is the last.
            kill("r" + i, Phase.DONE, Integer.MAX_VALUE, false);
            compare("killed at some moment");
            count++;
            // A record that was being written is none.
            Files.writeString(directory.resolve("record.new"), "type=sto");
        }
        System.out.printf("%d kills, synced %s%n", count, synced);
        assertTrue(synced.values().stream().allMatch(number -> number > 0));
    }

    /// @param which move is to be met
    /// @param stays whether it goes no further
    private void kill(String round, Phase phase, int which, boolean stays) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process =
                new ProcessBuilder(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                MigrationKillWorker.class.getName(),
                                directory.toString(),
                                round,
                                phase.name(),
                                Integer.toString(which),
                                Boolean.toString(stays))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        boolean met = false;
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var parts = line.split(" ");
                if (parts[0].equals("synced"))
                    synced.put(Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
                boolean begins = line.equals("begins") && which == Integer.MAX_VALUE;
                if (!begins && !line.equals("now")) continue;
                met = true;
                int wait = begins ? random.nextInt(1000) : stays ? 0 : random.nextInt(5);
                Thread.ofVirtual().start(() -> KilledProcess.kill(process, wait));
            }
        } finally {
            process.toHandle().destroyForcibly();
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertTrue(met, () -> "it never came to " + phase);
    }

    private void compare(String when) throws Exception {
        var vfs = MigrationTest.vfs();
        var mounts = List.of(MountSpec.of("/", "memory"), MigrationKillWorker.mount(directory));
        try (var namespace = vfs.namespace(mounts);
                var context = vfs.context(namespace, Credentials.ROOT)) {
            for (var one : synced.entrySet()) {
                var path = "/data/w" + one.getKey();
                long last = MigrationKillWorker.last(namespace, context, path);
                assertTrue(last >= one.getValue(), when + ": " + last + " of " + synced);
            }
        }
    }
}
