package podium.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.vfs.MountSpec;

/// Node's watchers in a pod, of a directory that the host changes, beside the real Node's.
@Timeout(240)
class WatchTest {

    /// Says what `fs.watch`, plain and recursive, and `fs.watchFile` have told until there is a
    /// file
    /// `end`.
    private static final String PROGRAM =
            """
            const fs = require('fs');
            const dir = process.argv[1];
            const heard = new Set();
            const ends = new Set(['plain', 'recursive', 'polled']);
            const end = (kind) => {
              if (!ends.delete(kind) || ends.size > 0) return;
              console.log([...heard].sort().join('\\n'));
              process.exit();
            };
            for (const recursive of [false, true]) {
              const kind = recursive ? 'recursive' : 'plain';
              fs.watch(dir, { recursive }, (type, name) => {
                if (name === 'end') end(kind);
                else heard.add(`${kind} ${type} ${name}`);
              });
            }
            fs.watchFile(`${dir}/f`, { interval: 20 }, (now, before) => {
              if (now.nlink === 0) end('polled');
              else heard.add(`polled ${before.size} ${now.size}`);
            });
            // Who polls looks for the first time on the pool, beside what is done here.
            const look = (times) =>
              fs.stat(`${dir}/f`, () => times ? look(times - 1) : console.log('ready'));
            look(20);
            """;

    @InjectService(timeout = 10_000)
    PodManager pods;

    @TempDir Path folder;

    @Test
    void nodeHearsWhatTheHostDoes() throws Exception {
        Files.createDirectory(folder.resolve("d"));
        Files.writeString(folder.resolve("f"), "text");
        Files.writeString(folder.resolve("old"), "text");
        var real =
                new ProcessBuilder(RealNode.program().toString(), "-e", PROGRAM, folder.toString())
                        .redirectErrorStream(true)
                        .start();
        var output = new ByteArrayOutputStream();
        try (var pod =
                pods.create(
                        PodSpec.of("it")
                                .withMount(MountSpec.of("/data", "host", folder.toString())))) {
            var process =
                    pod.start(
                            ProcessSpec.of(List.of("node", "-e", PROGRAM, "/data"))
                                    .withStreams(
                                            ByteArrayInputStream.nullInputStream(),
                                            output,
                                            output));
            var lines = real.inputReader();
            assertEquals("ready", lines.readLine());
            while (!output.toString(UTF_8).startsWith("ready\n")) {
                assertTrue(process.exit().getNow(0) == 0, output.toString(UTF_8));
                Thread.sleep(10);
            }
            change();
            assertEquals(0, process.exit().get(100, TimeUnit.SECONDS), output.toString(UTF_8));
            var expected = new TreeSet<>(lines.readAllLines());
            assertEquals(0, real.waitFor());
            var heard = new TreeSet<>(output.toString(UTF_8).lines().skip(1).toList());
            // Which files a recursive watcher has got to watch by then is a matter of time.
            expected.removeIf(line -> line.startsWith("recursive change"));
            heard.removeIf(line -> line.startsWith("recursive change"));
            assertEquals(expected, heard);
            assertTrue(
                    heard.containsAll(
                            List.of(
                                    "plain change f",
                                    "plain rename new",
                                    "plain rename newer",
                                    "plain rename old",
                                    "polled 4 8",
                                    "recursive rename d/e")),
                    heard::toString);
        } finally {
            real.destroyForcibly();
        }
    }

    private void change() throws Exception {
        Files.writeString(folder.resolve("new"), "text");
        Files.writeString(folder.resolve("f"), "and more");
        // Who polls has to see it.
        Thread.sleep(2000);
        var newer = folder.resolve("newer");
        Files.move(folder.resolve("new"), newer, StandardCopyOption.ATOMIC_MOVE);
        Files.createDirectory(folder.resolve("d/e"));
        Thread.sleep(2000);
        Files.delete(folder.resolve("d/e"));
        Files.delete(folder.resolve("old"));
        Files.delete(folder.resolve("f"));
        Files.writeString(folder.resolve("end"), "");
    }
}
