package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import podium.syscall.Credentials;
import podium.testkit.Crash;
import podium.testkit.CrashContract;
import podium.testkit.KilledProcess;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MountSpec;

/// A process is killed, or its machine's power is cut, at every step of a move, exactly there or
/// soon after, and at any moment, again and again: what programs had synced is there, wherever the
/// mount is.
/// `-Dpodium.migrate.kills` says how often at each.
class MigrationKillTest extends CrashContract {

    /// The last number that each worker had synced.
    private final Map<Integer, Long> synced = new HashMap<>();

    @Override
    protected void run(Crash crash) throws Exception {
        int kills = Integer.getInteger("podium.migrate.kills", 2);
        int count = 0;
        for (int i = 0; i < kills; i++) {
            for (var phase : Phase.values()) {
                boolean stays = i % 2 == 0;
                kill(crash, "r" + i + phase, phase, random.nextInt(4), stays);
                compare(crash.directory(), "killed in " + phase);
                count++;
            }
            // No move is the last.
            kill(crash, "r" + i, Phase.DONE, Integer.MAX_VALUE, false);
            compare(crash.directory(), "killed at some moment");
            count++;
            // A record that was being written is none.
            Files.writeString(crash.directory().resolve("record.new"), "type=sto");
        }
        System.out.printf("%d kills, synced %s%n", count, synced);
        assertTrue(synced.values().stream().allMatch(number -> number > 0));
    }

    /// @param which move is to be met
    /// @param stays whether it goes no further
    private void kill(Crash crash, String round, Phase phase, int which, boolean stays)
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
                                crash.directory().toString(),
                                round,
                                phase.name(),
                                Integer.toString(which),
                                Boolean.toString(stays))
                        .redirectError(crash.complaints())
                        .start();
        Future<?> killing = null;
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var parts = line.split(" ");
                if (parts[0].equals("synced"))
                    synced.put(Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
                boolean begins = line.equals("begins") && which == Integer.MAX_VALUE;
                if (!begins && !line.equals("now")) continue;
                int wait = begins ? random.nextInt(1000) : stays ? 0 : random.nextInt(5);
                killing = KilledProcess.killing(crash, process, wait);
            }
        } finally {
            process.toHandle().destroyForcibly();
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertNotNull(killing, () -> "it never came to " + phase);
        killing.get();
        crash.recover();
    }

    private void compare(Path place, String when) throws Exception {
        var vfs = MigrationTest.vfs();
        var mounts = List.of(MountSpec.of("/", "memory"), MigrationKillWorker.mount(place));
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
