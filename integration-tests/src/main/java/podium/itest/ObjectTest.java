package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.vfs.MountSpec;

/// Node on a tree in a bucket of an S3-compatible server, which is a process of its own.
@Timeout(300)
class ObjectTest {

    private static final Path BUNDLE =
            Path.of(System.getProperty("podium.itest.root")).resolve("bundles/podium.vfs.object");

    private static final String WRITE =
            """
            const fs = require('fs');
            process.chdir('/data');
            fs.mkdirSync('a/b', { recursive: true });
            for (let i = 0; i < 200; i++) fs.writeFileSync('a/b/' + i, 'text ' + i);
            fs.writeFileSync('large', Buffer.alloc(3_000_000, 'abc'));
            fs.symlinkSync('a/b/7', 'link');
            fs.chmodSync('large', 0o600);
            fs.rmSync('a/b/9');
            const file = fs.openSync('large', 'r+');
            fs.writeSync(file, 'middle', 1_500_000);
            fs.fsyncSync(file);
            fs.closeSync(file);
            """;

    private static final String READ =
            """
            const fs = require('fs');
            process.chdir('/data');
            const large = fs.readFileSync('large', 'latin1'), stat = fs.statSync('large');
            console.log(fs.readdirSync('a/b').length, fs.readFileSync('link', 'utf8'));
            console.log(stat.size, (stat.mode & 0o777).toString(8), large.slice(1_499_998, 1_500_008));
            console.log(fs.existsSync('a/b/9'));
            """;

    @InjectBundleContext BundleContext context;

    @InjectService(timeout = 10_000)
    PodManager pods;

    @TempDir Path folder;

    private Bundle bundle;
    private Process server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        var jar = BUNDLE.resolve("target/podium.vfs.object-0.1.0-SNAPSHOT.jar");
        bundle = context.installBundle(jar.toUri().toString());
        bundle.start();
        var path =
                "%s:%s:%s"
                        .formatted(
                                BUNDLE.resolve("target/test-classes"),
                                BUNDLE.resolve("target/classes"),
                                Files.readString(BUNDLE.resolve("target/test.classpath")).strip());
        server =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                path,
                                "podium.vfs.object.ServerProcess",
                                "bucket",
                                folder.toString())
                        .redirectError(folder.resolve("server.log").toFile())
                        .start();
        port = port();
    }

    private int port() throws IOException {
        var out =
                new BufferedReader(
                        new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        for (var line = out.readLine(); line != null; line = out.readLine())
            if (line.startsWith("port ")) return Integer.parseInt(line.substring(5));
        throw new IOException(Files.readString(folder.resolve("server.log")));
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.getOutputStream().close();
            server.waitFor();
        }
        if (bundle != null) bundle.uninstall();
    }

    private String run(String cache, String program) throws Exception {
        var mount =
                MountSpec.of("/data", "object", "s3://bucket/a/tree")
                        .withOption("endpoint", "http://127.0.0.1:" + port)
                        .withOption("credentials", folder.resolve("credentials").toString())
                        .withOption("cache", folder.resolve(cache).toString());
        try (var pod = pods.create(PodSpec.of("it").withMount(mount))) {
            var result = pod.run("node", "-e", program);
            assertEquals("", result.error());
            return result.output();
        }
    }

    @Test
    void whatNodeWroteIsThereWithAnEmptyCache() throws Exception {
        var saw = "199 text 7\n3000000 600 bcmiddleab\nfalse\n";
        assertEquals("", run("one", WRITE));
        assertEquals(saw, run("two", READ));
        assertEquals(saw, run("one", READ));
    }
}
