package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.pod.Result;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Mounts move under Node and SQLite: since somebody says so, or since the bundle of their type is
/// stopped.
@Timeout(120)
class MigrationTest {

    /// Writes, renames, reads back and watches until it is told to stop, and compares at the end.
    private static final String WRITER =
            """
            const fs = require('fs');
            process.chdir('/data');
            fs.mkdirSync('d');
            const log = fs.openSync('log', 'a'), gone = fs.openSync('gone', 'w+');
            fs.unlinkSync('gone');
            const ino = fs.fstatSync(log).ino;
            let n = 0, seen = 0;
            fs.watch('d', () => seen++);
            function turn() {
                const text = `turn ${n} ` + 'x'.repeat(n % 5000), name = 'd/f' + n % 50;
                fs.writeFileSync('d/new', text);
                fs.renameSync('d/new', name);
                if (fs.readFileSync(name, 'utf8') !== text) throw new Error('lost ' + n);
                fs.writeSync(log, n + '\\n');
                fs.writeSync(gone, n + '\\n');
                if (++n % 50 == 0) fs.fsyncSync(log);
                if (fs.existsSync('/tmp/stop')) end(); else setImmediate(turn);
            }
            function end() {
                const all = Array.from({ length: n }, (_, i) => i + '\\n').join('');
                const back = Buffer.alloc(all.length + 1);
                const count = fs.readSync(gone, back, 0, back.length, 0);
                console.log(fs.readFileSync('log', 'utf8') === all,
                    back.toString('utf8', 0, count) === all, fs.statSync('log').ino === ino,
                    process.cwd(), seen > n, fs.readdirSync('d').length === Math.min(50, n));
                process.exit();
            }
            turn();
            """;

    /// What it says when all was well.
    private static final Result WRITTEN = new Result(0, "true true true /data true true\n", "");

    /// Writes until it cannot, and tries what else there is.
    private static final String LOSER =
            """
            const fs = require('fs');
            process.chdir('/data');
            const attempt = f => { try { return f() } catch (e) { return e.code } };
            const log = fs.openSync('log', 'a+');
            let n = 0;
            function turn() {
                const done = attempt(() => fs.writeSync(log, n + '\\n'));
                if (typeof done === 'number') { n++; return setImmediate(turn); }
                console.log(done, attempt(() => fs.statSync('log')), attempt(() => fs.fsyncSync(log)),
                    attempt(() => fs.readSync(log, Buffer.alloc(9), 0, 9, 0)),
                    attempt(() => fs.readdirSync('/data')), attempt(() => fs.writeFileSync('new', '')),
                    attempt(() => fs.writeFileSync('/tmp/new', 'elsewhere')));
                console.error(n);
            }
            turn();
            """;

    @InjectService(timeout = 10_000)
    PodManager pods;

    @InjectBundleContext BundleContext context;

    @TempDir Path folder;

    /// Begins something that takes a while.
    private static <T> Future<T> begin(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static Future<Result> write(Pod pod) {
        return begin(() -> pod.run("node", "-e", WRITER));
    }

    /// Waits until it has gone on for a while, if it has not ended.
    private static void awaitProgress(Pod pod, Future<Result> program) throws Exception {
        var log = pod.fileSystem().getPath("/data/log");
        long from = Files.exists(log) ? Files.size(log) : 0;
        while (!program.isDone() && (!Files.exists(log) || Files.size(log) < from + 200))
            Thread.sleep(5);
    }

    private static Result end(Pod pod, Future<Result> program) throws Exception {
        Files.createFile(pod.fileSystem().getPath("/tmp/stop"));
        return program.get(60, TimeUnit.SECONDS);
    }

    private Bundle bundle(String type) {
        return Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().equals("podium.vfs." + type))
                .findFirst()
                .orElseThrow();
    }

    private MountSpec durable(String type, String name) {
        return MountSpec.of("/data", type, folder.resolve(name).toString());
    }

    private MountSpec mounted(Pod pod) {
        return pod.files().namespace().mounts().stream()
                .map(mount -> mount.spec())
                .filter(spec -> spec.target().equals("/data"))
                .findFirst()
                .orElseThrow();
    }

    /// The program notices nothing, all it wrote is there, and a bundle that is back works.
    @ParameterizedTest
    @ValueSource(strings = {"store", "sqlite"})
    void aMountMovesBeforeItsBundleIsGone(String type) throws Exception {
        var mount = durable(type, "kept");
        try (var pod =
                pods.create(PodSpec.of("it").withMount(mount.withOption("drain", "memory")))) {
            var program = write(pod);
            awaitProgress(pod, program);
            bundle(type).stop();
            try {
                assertEquals("memory", mounted(pod).type());
                awaitProgress(pod, program);
                var other = PodSpec.of("other").withMount(durable(type, "new"));
                var e = assertThrows(PodException.class, () -> pods.create(other));
                assertTrue(e.getMessage().contains("no bundle provides"), e.getMessage());
            } finally {
                bundle(type).start();
            }
            awaitProgress(pod, program);
            assertEquals(WRITTEN, end(pod, program));
            // What was left is a file system as any other.
            for (var name : new String[] {"kept", "new"})
                try (var other = pods.create(PodSpec.of("other").withMount(durable(type, name)))) {
                    assertEquals(type, mounted(other).type());
                    var log = other.fileSystem().getPath("/data/log");
                    assertEquals(name.equals("kept"), Files.exists(log));
                    var again =
                            other.run("node", "-e", "require('fs').writeFileSync('/data/f', 'f')");
                    assertEquals(new Result(0, "", ""), again);
                }
        }
    }

    @Test
    void programsWaitForABundleThatComesBack() throws Exception {
        try (var pod = pods.create(PodSpec.of("it").withMount(durable("store", "kept")))) {
            var program = write(pod);
            awaitProgress(pod, program);
            var log = pod.fileSystem().getPath("/data/log");
            Future<Path> change;
            try (var open = FileChannel.open(log)) {
                bundle("store").stop();
                try {
                    // Reading what is open goes on.
                    for (long size = -1; open.size() != size; Thread.sleep(200)) size = open.size();
                    change = begin(() -> Files.createFile(log.resolveSibling("other")));
                    Thread.sleep(200);
                    assertFalse(change.isDone());
                    assertFalse(program.isDone());
                } finally {
                    bundle("store").start();
                }
            }
            change.get(60, TimeUnit.SECONDS);
            awaitProgress(pod, program);
            assertEquals("store", mounted(pod).type());
            assertEquals(WRITTEN, end(pod, program));
        }
    }

    /// As a process can be that waits for a frozen file system.
    @Test
    void programsThatWaitForABundleCanBeKilled() throws Exception {
        try (var pod = pods.create(PodSpec.of("it").withMount(durable("store", "kept")))) {
            var process = pod.start(ProcessSpec.of(List.of("node", "-e", WRITER)));
            var log = pod.fileSystem().getPath("/data/log");
            while (process.alive() && (!Files.exists(log) || Files.size(log) < 200))
                Thread.sleep(5);
            try (var open = FileChannel.open(log)) {
                bundle("store").stop();
                try {
                    for (long size = -1; open.size() != size; Thread.sleep(200)) size = open.size();
                    process.signal(9);
                    // Sooner than the mount is given up.
                    assertEquals(128 + 9, process.exit().get(5, TimeUnit.SECONDS));
                } finally {
                    bundle("store").start();
                }
            }
            Files.createFile(log.resolveSibling("other"));
        }
    }

    @Test
    void aMountIsLostWithABundleThatStaysAway() throws Exception {
        var store = durable("store", "kept");
        String written;
        try (var pod = pods.create(PodSpec.of("it").withMount(store))) {
            var program = begin(() -> pod.run("node", "-e", LOSER));
            awaitProgress(pod, program);
            bundle("store").stop();
            try {
                var result = program.get(60, TimeUnit.SECONDS);
                assertEquals("EIO EIO EIO EIO EIO EIO undefined\n", result.output());
                written = result.error().strip();
            } finally {
                bundle("store").start();
            }
        }
        try (var pod = pods.create(PodSpec.of("it").withMount(store))) {
            var log = Files.readAllLines(pod.fileSystem().getPath("/data/log"));
            assertEquals(written, "" + log.size());
            for (int i = 0; i < log.size(); i++) assertEquals("" + i, log.get(i));
        }
    }

    /// Where a mount goes, in turn.
    private MountSpec place(int move) {
        return switch (move % 4) {
            case 0 -> durable("store", "move" + move);
            case 1 -> durable("sqlite", "move" + move);
            case 2 ->
                    MountSpec.of("/data", "overlay")
                            .withOption("upper", "memory")
                            .withOption("lower.1", "memory");
            default -> MountSpec.of("/data", "memory");
        };
    }

    /// The system property `podium.migrate.moves` says how often; without it, as often as half a
    /// minute lets it, once to each at least. (It gets here by the environment:
    /// `JAVA_TOOL_OPTIONS`.)
    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void aMountGoesToAndFroUnderNodeAndSqlite() throws Exception {
        var moves = Integer.getInteger("podium.migrate.moves");
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        var pauses = new ArrayList<Duration>();
        var moving = new ArrayList<Duration>();
        try (var pod = pods.create(PodSpec.of("it").withMount(MountSpec.of("/data", "memory")))) {
            var node = write(pod);
            var guest = new SqliteGuest(pod);
            var sqlite = begin(guest::work);
            for (int i = 0; moves == null ? i < 4 || System.nanoTime() < end : i < moves; i++) {
                int begun = guest.begun();
                awaitProgress(pod, node);
                while (!sqlite.isDone() && guest.begun() == begun) Thread.sleep(5);
                long start = System.nanoTime();
                pauses.add(move(pod, place(i)));
                moving.add(Duration.ofNanos(System.nanoTime() - start));
            }
            guest.stop();
            var when = "after " + pauses.size() + " moves";
            // A pipe full of statements is before it.
            assertEquals(guest.worked(), sqlite.get(10, TimeUnit.MINUTES), when);
            assertEquals(WRITTEN, end(pod, node), when);
            assertEquals(SqliteGuest.checked(), guest.check());
            assertEquals("ok", guest.integrity(folder.resolve("copy")));
            System.out.printf(
                    "%d moves under Node and %d transactions; a move took %s; calls were held %s%n",
                    pauses.size(), guest.begun(), text(moving), text(pauses));
            assertTrue(pauses.size() >= 4, when);
        }
    }

    private static String text(List<Duration> all) {
        all.sort(null);
        return "p50 %.1f ms, p99 %.1f ms, at most %.1f ms"
                .formatted(
                        all.get(all.size() / 2).toNanos() / 1e6,
                        all.get(all.size() * 99 / 100).toNanos() / 1e6,
                        all.getLast().toNanos() / 1e6);
    }

    /// @return how long calls were held
    private Duration move(Pod pod, MountSpec to) throws MountException, IOException {
        var from = mounted(pod);
        var files = pod.files();
        var none = MigrationProgress.NONE;
        var done = files.namespace().migrate(files, to, MigrationPlan.DEFAULT, none);
        // What it has left is not needed.
        if (!from.source().isEmpty())
            try (var left = Files.walk(Path.of(from.source()))) {
                for (var file : left.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        return done.pause();
    }
}
