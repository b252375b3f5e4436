package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MountSpec;

/// A process is killed in every phase of a move, again and again: what programs had synced is
/// there,
/// wherever the mount is. `-Dpodium.migrate.kills` says how often in each.
class MigrationKillTest {

    @TempDir Path directory;

    @Test
    void whatWasSyncedOutlivesTheProcess() throws Exception {
        int kills = Integer.getInteger("podium.migrate.kills", 2);
        var random = new Random(Long.getLong("podium.random.seed", System.nanoTime()));
        var synced = new HashMap<Integer, Long>();
        var found = new EnumMap<Phase, Integer>(Phase.class);
        for (int i = 0; i < kills; i++)
            for (var phase : Phase.values()) {
                kill(phase, "r" + i + phase, random, synced);
                compare(synced, "killed in " + phase);
                found.merge(phase, 1, Integer::sum);
            }
        assertEquals(Phase.values().length, found.size());
        System.out.printf("killed in %s; synced %s%n", found, synced);
        assertTrue(synced.values().stream().allMatch(number -> number > 0));
    }

    private void kill(Phase phase, String round, Random random, Map<Integer, Long> synced)
            throws Exception {
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
                                round)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        // Not always in the first move.
        int left = 1 + random.nextInt(4);
        boolean met = false;
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var parts = line.split(" ");
                if (parts[0].equals("synced"))
                    synced.put(Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
                if (!line.equals("phase " + phase) || --left > 0) continue;
                met = true;
                process.toHandle().destroyForcibly();
            }
        } finally {
            process.toHandle().destroyForcibly();
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertTrue(met, () -> "it never came to " + phase);
    }

    private void compare(Map<Integer, Long> synced, String when) throws Exception {
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
