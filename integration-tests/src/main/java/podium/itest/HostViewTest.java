package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.Pod;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.vfs.Archives;

/// The host looks at a pod's files while Node works with them.
@Timeout(240)
class HostViewTest {

    @InjectService(timeout = 10_000)
    PodManager pods;

    @InjectService(timeout = 10_000)
    Archives archives;

    private static PodProcess node(Pod pod, String program, ByteArrayOutputStream output)
            throws Exception {
        return pod.start(
                ProcessSpec.of(List.of("node", "-e", program))
                        .withStreams(ByteArrayInputStream.nullInputStream(), output, output));
    }

    @Test
    void theHostAndNodeSeeEachOthersFiles() throws Exception {
        try (var pod = pods.create(PodSpec.of("it"))) {
            var files = pod.fileSystem();
            Files.writeString(files.getPath("/tmp/asked"), "from the host");
            var result =
                    pod.run(
                            "node",
                            "-e",
                            """
                            const fs = require('fs');
                            console.log(fs.readFileSync('/tmp/asked', 'utf8'));
                            fs.writeFileSync('/tmp/answer', 'from Node', { mode: 0o640 });
                            fs.symlinkSync('answer', '/tmp/link');
                            fs.utimesSync('/tmp/answer', 1, 2.5);
                            """);
            assertEquals("from the host\n", result.output());
            assertEquals("from Node", Files.readString(files.getPath("/tmp/link")));
            assertEquals(0100640, Files.getAttribute(files.getPath("/tmp/answer"), "unix:mode"));
            assertEquals(2500, Files.getLastModifiedTime(files.getPath("/tmp/answer")).toMillis());
            assertTrue(Files.isExecutable(files.getPath("/usr/bin/node")));
            assertEquals("proc", Files.getFileStore(files.getPath("/proc")).type());
        }
    }

    @Test
    void theHostIsToldOfWhatNodeDoes() throws Exception {
        try (var pod = pods.create(PodSpec.of("it"));
                var watches = pod.fileSystem().newWatchService()) {
            var folder = Files.createDirectory(pod.fileSystem().getPath("/watched"));
            var key =
                    folder.register(
                            watches,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE,
                            StandardWatchEventKinds.ENTRY_MODIFY);
            var output = new ByteArrayOutputStream();
            var process =
                    node(
                            pod,
                            """
                            const fs = require('fs');
                            fs.writeFileSync('/watched/a', 'x');
                            fs.renameSync('/watched/a', '/watched/b');
                            fs.unlinkSync('/watched/b');
                            """,
                            output);
            var seen = new TreeSet<String>();
            while (!seen.contains("ENTRY_DELETE b")) {
                var taken = watches.poll(100, TimeUnit.SECONDS);
                assertEquals(key, taken, output.toString(StandardCharsets.UTF_8));
                for (var event : key.pollEvents()) seen.add(event.kind() + " " + event.context());
                assertTrue(key.reset());
            }
            assertTrue(
                    seen.containsAll(
                            List.of(
                                    "ENTRY_CREATE a",
                                    "ENTRY_MODIFY a",
                                    "ENTRY_DELETE a",
                                    "ENTRY_CREATE b")),
                    seen.toString());
            assertEquals(0, process.exit().get(100, TimeUnit.SECONDS));
        }
    }

    @Test
    void aWalkGoesOnWhileNodeChangesThings() throws Exception {
        try (var pod = pods.create(PodSpec.of("it"))) {
            var tree = pod.fileSystem().getPath("/tree");
            for (int i = 0; i < 50; i++) {
                Files.createDirectories(tree.resolve("still" + i));
                Files.writeString(tree.resolve("still" + i).resolve("file"), "x");
            }
            var output = new ByteArrayOutputStream();
            var process =
                    node(
                            pod,
                            """
                            const fs = require('fs');
                            console.log('begun');
                            for (let i = 0; ; i = (i + 1) % 20) {
                              const name = '/tree/moving' + i;
                              fs.mkdirSync(name + '/sub', { recursive: true });
                              fs.writeFileSync(name + '/sub/file', 'y');
                              fs.renameSync(name, name + 'x');
                              fs.rmSync(name + 'x', { recursive: true });
                            }
                            """,
                            output);
            while (!output.toString(StandardCharsets.UTF_8).contains("begun")) Thread.sleep(10);
            for (int round = 0; round < 50; round++) {
                var still = new TreeSet<String>();
                Files.walkFileTree(tree, new Counting(still));
                assertEquals(100, still.size(), output.toString(StandardCharsets.UTF_8));
                var bytes = new ByteArrayOutputStream();
                archives.write(tree, Archives.Format.TAR, bytes, Archives.Progress.NONE);
                assertTrue(bytes.size() > 100 * 512);
            }
            assertTrue(process.alive(), output.toString(StandardCharsets.UTF_8));
            process.kill(Duration.ZERO);
        }
    }

    /// Counts what stays; what comes and goes may be gone when its turn comes.
    private static final class Counting extends SimpleFileVisitor<Path> {

        private final TreeSet<String> still;

        Counting(TreeSet<String> still) {
            this.still = still;
        }

        private FileVisitResult seen(Path path) {
            if (path.toString().contains("still")) assertTrue(still.add(path.toString()));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes of) {
            return seen(path);
        }

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes of) {
            return seen(path);
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException failure) {
            assertTrue(failure instanceof NoSuchFileException, failure.toString());
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path path, IOException failure) {
            return FileVisitResult.CONTINUE;
        }
    }

    @Test
    void theViewEndsWithThePod() throws Exception {
        var pod = pods.create(PodSpec.of("it"));
        var files = pod.fileSystem();
        assertEquals(files, pod.fileSystem());
        var channel = Files.newByteChannel(files.getPath("/usr/bin/node"));
        pod.close();
        assertFalse(files.isOpen());
        assertFalse(channel.isOpen());
        assertThrows(
                ClosedFileSystemException.class,
                () -> Files.readString(files.getPath("/usr/bin/node")));
        assertThrows(ClosedFileSystemException.class, pod::fileSystem);
    }

    @Test
    void aTreeMovesFromPodToPod() throws Exception {
        try (var one = pods.create(PodSpec.of("one"));
                var two = pods.create(PodSpec.of("two"))) {
            one.run(
                    "node",
                    "-e",
                    """
                    const fs = require('fs');
                    fs.mkdirSync('/app');
                    fs.writeFileSync('/app/main.js', 'console.log("moved")');
                    fs.symlinkSync('main.js', '/app/link.js');
                    """);
            for (var format : Archives.Format.values()) {
                var bytes = new ByteArrayOutputStream();
                archives.write(
                        one.fileSystem().getPath("/app"), format, bytes, Archives.Progress.NONE);
                archives.read(
                        new ByteArrayInputStream(bytes.toByteArray()),
                        two.fileSystem().getPath("/" + format),
                        Archives.Limits.DEFAULT,
                        Archives.Progress.NONE);
                assertEquals("moved\n", two.run("node", "/" + format + "/link.js").output());
            }
        }
    }
}
