package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;

/// Engines come, are preferred and go, while pods run: with the engine on V8, if it is built.
@Timeout(180)
class EngineTest {

    private static final String PID = "podium.engine.v8.V8Engine";

    /// What tells the engines apart: on V8, libuv's pool has no threads.
    private static final String COUNT_THREADS =
            """
            require('fs').readFile('/proc/self/status', 'utf8', (_, text) =>
              console.log(text.match(/Threads:\\s*(\\d+)/)[1] > 1 ? 'jvm' : 'v8'))""";

    /// Waits for a file, then does what it has not done before.
    private static final String LATE =
            """
            const fs = require('fs');
            const timer = setInterval(() => {
              if (!fs.existsSync('/tmp/go')) return;
              clearInterval(timer);
              function deep() { return deep() + 1; }
              try { deep(); } catch (e) { console.log(e.name); }
              fs.readFile('/proc/self/comm', 'utf8', (_, name) => {
                console.log(name.trim());
                process.exitCode = 7;
              });
            }, 20);
            console.log('waiting');""";

    @InjectBundleContext BundleContext context;

    @InjectService(timeout = 10_000)
    PodManager pods;

    @InjectService ConfigurationAdmin configurations;

    private final List<Bundle> installed = new ArrayList<>();

    private static Path jar(String name) {
        return Path.of(System.getProperty("podium.itest.root"))
                .resolve("bundles/" + name + "/target/" + name + "-0.1.0-SNAPSHOT.jar");
    }

    @BeforeEach
    void isBuilt() {
        assumeTrue(Files.exists(jar("podium.engine.v8")), "the profile v8 is off");
    }

    @AfterEach
    void remove() throws Exception {
        configurations.getConfiguration(PID, "?").delete();
        uninstall(installed.toArray(Bundle[]::new));
    }

    private Bundle install(String name) throws BundleException {
        var bundle = context.installBundle(jar(name).toUri().toString());
        installed.add(bundle);
        bundle.start();
        return bundle;
    }

    /// As an administrator's tool does: without a trace.
    private void uninstall(Bundle... bundles) throws Exception {
        for (var bundle : bundles) {
            installed.remove(bundle);
            bundle.uninstall();
        }
        refresh(bundles);
    }

    private void refresh(Bundle... bundles) throws InterruptedException {
        var refreshed = new CountDownLatch(1);
        var framework = context.getBundle(0).adapt(FrameworkWiring.class);
        framework.refreshBundles(List.of(bundles), _ -> refreshed.countDown());
        assertTrue(refreshed.await(30, TimeUnit.SECONDS));
    }

    private String engineOf(String wanted) throws Exception {
        try (var pod = pods.create(PodSpec.of("").withEngine(wanted))) {
            return pod.run("node", "-e", COUNT_THREADS).output().strip();
        }
    }

    private void awaitDefault(String engine) throws Exception {
        for (int i = 0; i < 100 && !engineOf("").equals(engine); i++) Thread.sleep(50);
        assertEquals(engine, engineOf(""));
    }

    private void assertAbsent() {
        var refused = assertThrows(PodException.class, () -> engineOf("v8"));
        assertEquals("there is no WebAssembly engine named v8; there is jvm", refused.getMessage());
    }

    @Test
    void enginesComeArePreferredAndGo(@TempDir Path folder) throws Exception {
        assertAbsent();
        var library = install("lib.javet");
        var engine = install("podium.engine.v8");
        assertEquals("v8", engineOf("v8"));
        assertEquals("jvm", engineOf(""), "it must not be the default by being there");
        assertFrozenProcessesGoOnOnAnother(folder);
        assertProcessesAtRestGoOnOnAnother(folder);

        Dictionary<String, Object> ranking = new Hashtable<>();
        ranking.put("service.ranking", 100);
        configurations.getConfiguration(PID, "?").update(ranking);
        awaitDefault("v8");
        assertEquals("jvm", engineOf("jvm"));

        uninstall(engine);
        awaitDefault("jvm");
        engine = install("podium.engine.v8");
        awaitDefault("v8");

        var output = new ByteArrayOutputStream();
        try (var pod = pods.create(PodSpec.of("stays"))) {
            var process =
                    pod.start(
                            ProcessSpec.of(List.of("node", "-e", LATE))
                                    .withStreams(InputStream.nullInputStream(), output, output));
            for (int i = 0; i < 600 && output.size() == 0; i++) Thread.sleep(50);
            uninstall(engine, library);
            awaitDefault("jvm");
            assertAbsent();
            assertTrue(process.alive());
            assertEquals("v8", pod.run("node", "-e", COUNT_THREADS).output().strip());
            pod.files().namespace().makeDirectory(pod.files(), null, "/tmp/go", 0755);
            assertEquals(7, process.exit().get(60, TimeUnit.SECONDS));
        }
        assertEquals("waiting\nRangeError\nnode\n", output.toString(StandardCharsets.UTF_8));

        library = install("lib.javet");
        install("podium.engine.v8");
        assertEquals("v8", engineOf("v8"));
        // The same file of a native library is loaded once in a JVM.
        try (var again = Files.newInputStream(jar("lib.javet"))) {
            library.update(again);
        }
        refresh(library);
        assertAbsent();
    }

    /// Nor is anything of an engine's in what a process at rest has.
    private void assertProcessesAtRestGoOnOnAnother(Path folder) throws Exception {
        var module = folder.resolve("server.wasm");
        Guest.compile(module, RestTest.SERVER);
        byte[] state = null;
        int count = 0;
        for (var engine : List.of("jvm", "v8", "jvm"))
            try (var pod = pods.create(PodSpec.of("").withEngine(engine))) {
                Guest.install(pod, "/server", Files.readAllBytes(module));
                Files.createFile(pod.fileSystem().getPath("/notes"));
                var server = new RestTest.Server();
                var process = state == null ? server.start(pod) : server.thaw(pod, state);
                var answer = server.say("state");
                assertTrue(answer.startsWith("count " + ++count + ", "), answer);
                assertEquals("called x\ngot y\n", server.say("call"));
                state = Talk.freeze(process, true);
            }
    }

    /// Frames lie in the program's memory, in a form that is no engine's.
    private void assertFrozenProcessesGoOnOnAnother(Path folder) throws Exception {
        var module = folder.resolve("worker.wasm");
        Guest.compile(module, Talk.WORKER);
        Guest.makeFreezable(module);
        byte[] state = null;
        for (var step : List.of("jvm one", "v8 two", "jvm three", "v8 four")) {
            var engine = step.substring(0, step.indexOf(' '));
            var line = step.substring(engine.length() + 1);
            try (var pod = pods.create(PodSpec.of("").withEngine(engine))) {
                var talk = new Talk();
                Guest.install(pod, "/worker", Files.readAllBytes(module));
                Files.createDirectory(pod.fileSystem().getPath("/place"));
                Files.createFile(pod.fileSystem().getPath("/place/notes"));
                var process = state == null ? pod.start(talk.spec) : talk.thaw(pod, state);
                talk.say(line);
                talk.await(line + ": ");
                state = Talk.freeze(process, !line.equals("four"));
                if (!line.equals("four")) continue;
                talk.input.close();
                assertEquals(3, process.exit().get());
                assertTrue(talk.output().endsWith("sum 24.125, umask 27\n"), talk.output());
            }
        }
    }
}
