package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.Pod;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.Result;
import podium.vfs.FileSystem;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.Snapshots;

/// Snapshots are taken, and restored, under Node.
@Timeout(120)
class SnapshotTest {

    /// Writes a number to two files, one after the other, and renames a third one; from some time
    /// on only what a snapshot that is restored meanwhile does not turn into an error; then tells
    /// what it sees.
    private static final String WRITER =
            """
            const fs = require('fs');
            process.chdir('/data');
            fs.writeFileSync('kept', 'first');
            const a = fs.openSync('a', 'w+'), b = fs.openSync('b', 'w+'), ino = fs.fstatSync(a).ino;
            let n = 0, late = -1;
            function turn() {
                const text = String(++n).padStart(12);
                fs.writeSync(a, text, 0);
                fs.writeSync(b, text, 0);
                if (late < 0) {
                    fs.writeFileSync('new', text);
                    fs.renameSync('new', 'c');
                }
                if (fs.existsSync('/tmp/late') && late < 0) {
                    fs.writeFileSync('kept', 'second');
                    fs.mkdirSync('dir');
                    late = fs.openSync('dir/late', 'w+');
                    fs.writeSync(late, 'still here');
                    fs.writeFileSync('/tmp/ready', '');
                }
                if (fs.existsSync('/tmp/restored')) end(); else setImmediate(turn);
            }
            function end() {
                const back = Buffer.alloc(20), count = fs.readSync(late, back, 0, 20, 0);
                const text = String(++n).padStart(12);
                fs.writeSync(a, text, 0);
                fs.writeFileSync('dir', 'a file');
                fs.rmSync('new', { force: true }); // there if the snapshot was taken just then
                console.log(back.toString('utf8', 0, count), fs.fstatSync(late).nlink,
                    fs.readFileSync('kept', 'utf8'), fs.statSync('a').ino === ino,
                    fs.readFileSync('a', 'utf8') === text || n,
                    process.cwd(), fs.readdirSync('.').join());
                process.exit();
            }
            turn();
            """;

    private static final Result WRITTEN =
            new Result(0, "still here 0 first true true /data a,b,c,dir,kept\n", "");

    @InjectService(timeout = 10_000)
    PodManager pods;

    @TempDir Path folder;

    private static Snapshots snapshots(Pod pod) throws Exception {
        var files = pod.files();
        return files.namespace().snapshots(files, "/data");
    }

    private static void await(Pod pod, String path) throws Exception {
        while (!Files.exists(pod.fileSystem().getPath(path))) Thread.sleep(5);
    }

    private static String text(FileSystem fs, String name) {
        var buffer = ByteBuffer.allocate(20);
        if (fs.root().lookup(name) instanceof Node.Regular file) file.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    }

    /// Each is a state that there was: what is written first is there first.
    private static void checkState(Snapshots snapshots, String name) {
        try (var then = snapshots.open(name)) {
            int a = Integer.parseInt(text(then, "a"));
            int b = Integer.parseInt(text(then, "b"));
            int c = Integer.parseInt(text(then, "c"));
            assertTrue(a == b || a == b + 1, a + " " + b);
            assertTrue(b == c || b == c + 1, b + " " + c);
            assertEquals("first", text(then, "kept"));
        }
    }

    private PodSpec spec(String name, String type) throws Exception {
        var mount =
                switch (type) {
                    case "store" -> MountSpec.of("/data", type, folder.toString());
                    case "sqlite" ->
                            MountSpec.of("/data", type, folder.resolve("data.db").toString());
                    case "host" -> host();
                    case "overlay" -> overlay();
                    default -> MountSpec.of("/data", type);
                };
        return PodSpec.of(name).withMount(mount);
    }

    private MountSpec host() throws Exception {
        var tree = Files.createDirectories(folder.resolve("tree"));
        var kept = Files.createDirectories(folder.resolve("kept"));
        return MountSpec.of("/data", "host", tree.toString())
                .withOption("snapshots", kept.toString());
    }

    /// A store over a directory with a file that the program writes.
    private MountSpec overlay() throws Exception {
        var lower = Files.createDirectories(folder.resolve("lower"));
        Files.writeString(lower.resolve("kept"), "lower");
        return MountSpec.of("/data", "overlay")
                .withOption("upper", "store")
                .withOption("upper.source", folder.resolve("upper").toString())
                .withOption("lower.1", "host")
                .withOption("lower.1.source", lower.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "store", "sqlite", "host", "overlay"})
    void underAProgramThatWrites(String type) throws Exception {
        try (var pod = pods.create(spec("snapshot-" + type, type))) {
            var program = new FutureTask<>(() -> pod.run("node", "-e", WRITER));
            Thread.ofVirtual().start(program);
            await(pod, "/data/c");
            var snapshots = snapshots(pod);
            for (int i = 0; i < 30; i++) snapshots.take("s" + i);
            for (int i = 0; i < 30; i++) checkState(snapshots, "s" + i);
            Files.createFile(pod.fileSystem().getPath("/tmp/late"));
            await(pod, "/tmp/ready");
            snapshots.restore("s7");
            Files.createFile(pod.fileSystem().getPath("/tmp/restored"));
            assertEquals(WRITTEN, program.get(60, TimeUnit.SECONDS));
            assertEquals(30, snapshots.list().size());
        }
        if (!type.equals("memory")) theyAreThereAgain(type);
    }

    private void theyAreThereAgain(String type) throws Exception {
        try (var pod = pods.create(spec("snapshot-again-" + type, type))) {
            var snapshots = snapshots(pod);
            assertEquals(30, snapshots.list().size());
            for (int i = 0; i < 30; i++) checkState(snapshots, "s" + i);
            snapshots.restore("s0");
            assertFalse(Files.exists(pod.fileSystem().getPath("/data/dir")));
        }
    }

    /// A pod's own root, of which most is the image's.
    @Test
    void ofAPodsRoot() throws Exception {
        try (var pod = pods.create(PodSpec.of("snapshot-root"))) {
            var files = pod.files();
            var snapshots = files.namespace().snapshots(files, "/");
            snapshots.take("fresh");
            var write = "fs.writeFileSync('/etc/hosts', 'x'); fs.mkdirSync('/new')";
            assertEquals(new Result(0, "", ""), pod.run("node", "-e", write));
            snapshots.restore("fresh");
            var read =
                    "console.log(fs.readFileSync('/etc/hosts', 'utf8').length > 1,"
                            + " fs.existsSync('/new'))";
            assertEquals(new Result(0, "true false\n", ""), pod.run("node", "-e", read));
        }
    }
}
