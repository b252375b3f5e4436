package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.pod.PodSpec;

/// Processes that come to rest to be frozen, and what of their descriptors is there when they are
/// thawed. The program is `src/main/c/freeze/server.c`.
@Timeout(120)
class RestTest {

    private static final int SIGUSR1 = 10;
    static final Path SERVER =
            RealNode.ROOT.resolve("integration-tests/src/main/c/freeze/server.c");

    /// A connection, both ends; a pipe; an eventfd; an epoll set; a pair of local sockets.
    private static final String SEVERED =
            """
            held 0: poll 1d, asked 0, Connection reset by peer, read Socket not connected, write Broken pipe
            held 1: poll 1d, asked 0, Connection reset by peer, read Socket not connected, write Broken pipe
            held 2: poll 1d, asked -2, No error information, read Connection reset by peer, write Bad file descriptor
            held 3: poll 1d, asked -2, No error information, read Bad file descriptor, write Broken pipe
            held 4: poll 1d, asked -2, No error information, read Connection reset by peer, write Broken pipe
            held 5: poll 1d, asked -2, No error information, read Connection reset by peer, write Broken pipe
            held 6: poll 1d, asked -2, No error information, read Connection reset by peer, write Broken pipe
            held 7: poll 1d, asked -2, No error information, read Connection reset by peer, write Broken pipe
            """;

    @TempDir static Path folder;
    private static byte[] module;

    @InjectService(timeout = 10_000)
    PodManager pods;

    @BeforeAll
    static void compile() throws Exception {
        var file = folder.resolve("server.wasm");
        Guest.compile(file, SERVER);
        module = Files.readAllBytes(file);
    }

    /// A process, and what it is told and tells.
    static final class Server {

        final Talk talk = new Talk("/server", List.of());

        Server() throws IOException {}

        /// Says a word, and waits for all of the answer.
        String say(String word) throws Exception {
            talk.output.reset();
            talk.say(word);
            await(word + ".\n");
            return text().substring(0, text().length() - word.length() - 2);
        }

        void await(String text) throws InterruptedException {
            while (!text().endsWith(text)) Thread.sleep(2);
        }

        String text() {
            return talk.output();
        }

        PodProcess start(Pod pod) throws Exception {
            var process = pod.start(talk.spec);
            await("begins.\n");
            return process;
        }

        PodProcess thaw(Pod pod, byte[] state) throws Exception {
            var process = talk.thaw(pod, state);
            await("thawed.\n");
            return process;
        }
    }

    private Pod pod(String name) throws Exception {
        var pod = pods.create(PodSpec.of(name));
        Guest.install(pod, "/server", module);
        return pod;
    }

    private static String state(int count, int thawed, int signals) {
        return "count %d, thawed %d, signals %d, at %d, clock goes on\n"
                .formatted(count, thawed, signals, 2 * count);
    }

    @Test
    void itGoesOnInAnotherProcess() throws Exception {
        try (var pod = pod("it")) {
            var before = new Server();
            var process = before.start(pod);
            process.signal(SIGUSR1);
            assertEquals(state(1, 0, 1), before.say("state"));
            assertEquals("called x\ngot y\n", before.say("call"));
            var options = before.say("options");
            assertTrue(options.startsWith("options 1 1 1, flags "), options);
            var state = Talk.freeze(process, true);
            assertEquals("server was frozen", process.failure());
            for (int round = 1; round < 4; round++) {
                var after = new Server();
                var thawed = after.thaw(pod, state);
                assertEquals("as after a fork\nthawed.\n", after.text());
                assertEquals(process.pid(), thawed.pid());
                thawed.signal(SIGUSR1);
                assertEquals(state(round + 1, round, round + 1), after.say("state"));
                assertEquals("called x\ngot y\n", after.say("call"));
                assertEquals(options, after.say("options"));
                state = Talk.freeze(thawed, true);
            }
            var last = new Server();
            var thawed = last.thaw(pod, state);
            last.talk.input.close();
            assertEquals(3, thawed.exit().get());
        }
    }

    @Test
    void itGoesOnInAnotherPod() throws Exception {
        byte[] state;
        try (var pod = pod("it")) {
            state = Talk.freeze(new Server().start(pod), true);
        }
        try (var pod = pod("other")) {
            refuses(pod, state, "/notes: No such file or directory");
            Files.createFile(pod.fileSystem().getPath("/notes"));
            var server = new Server();
            server.thaw(pod, state);
            assertEquals("called x\ngot y\n", server.say("call"));
        }
    }

    @Test
    void itGoesOnWhereItWas() throws Exception {
        try (var pod = pod("it")) {
            var server = new Server();
            var process = server.start(pod);
            server.say("hold");
            for (int i = 0; i < 20; i++) Talk.freeze(process, false);
            assertEquals(state(1, 0, 0), server.say("state"));
            assertEquals("called x\ngot y\n", server.say("call"));
            assertEquals("rest 0\n", server.say("rest"));
            server.talk.input.close();
            assertEquals(3, process.exit().get());
        }
    }

    @Test
    void whatHadAnotherEndIsSevered() throws Exception {
        try (var pod = pod("it")) {
            var before = new Server();
            var process = before.start(pod);
            before.say("hold");
            var state = Talk.freeze(process, true);
            var after = new Server();
            after.thaw(pod, state);
            assertEquals(SEVERED, after.say("held"));
            assertEquals(state(1, 1, 0), after.say("state"));
        }
    }

    /// As in libuv's pool: who was joined is gone, wherever its thread is on the host.
    @Test
    void threadsThatWereJoinedAreGone() throws Exception {
        try (var pod = pod("it")) {
            var server = new Server();
            var process = server.start(pod);
            for (int i = 0; i < 20; i++) {
                server.say("ended");
                Talk.freeze(process, false);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "thread | it has 2 threads",
                "child | it has children",
            })
    void whatCannotBeFrozenSaysWhyAndGoesOn(String word, String reason) throws Exception {
        try (var pod = pod("it")) {
            var server = new Server();
            var process = server.start(pod);
            server.say(word);
            for (int i = 0; i < 2; i++) {
                var refused = assertThrows(PodException.class, () -> process.freeze(Talk.PATIENCE));
                assertEquals("server cannot be frozen: " + reason, refused.getMessage());
            }
            assertEquals("called x\ngot y\n", server.say("call"));
        }
    }

    @Test
    void oneThatDoesNotComeToRestGoesOn() throws Exception {
        try (var pod = pod("it")) {
            var server = new Server();
            var process = server.start(pod);
            server.say("busy");
            var refused =
                    assertThrows(PodException.class, () -> process.freeze(Duration.ofMillis(300)));
            assertEquals(
                    "server cannot be frozen: it did not come to rest for 0.3 s",
                    refused.getMessage());
            assertTrue(process.alive());
        }
    }

    @Test
    void itIsThawedOnlyWhereItsPortsAreFree() throws Exception {
        try (var pod = pod("it")) {
            var before = new Server();
            var process = before.start(pod);
            var state = Talk.freeze(process, true);
            // Another process, with another number, listens there now.
            var other = new Server();
            var second = other.start(pod);
            refuses(pod, state, "a socket of its: Address already in use");
            assertEquals("called x\ngot y\n", other.say("call"));
            second.kill(Duration.ZERO);
            new Server().thaw(pod, state);
        }
    }

    private static void refuses(Pod pod, byte[] state, String reason) throws Exception {
        var from = new ByteArrayInputStream(state);
        var spec = new Server().talk.spec;
        var refused = assertThrows(PodException.class, () -> pod.thaw(from, spec));
        assertEquals("server cannot be thawed: " + reason, refused.getMessage());
    }

    @Test
    void webAssemblyOfItsOwnGoesAlong() throws Exception {
        try (var pod = pod("it")) {
            var before = new Server();
            var process = before.start(pod);
            before.say("wasm");
            assertEquals("step 0: 42, memory 1, pages 1\n", before.say("step"));
            var state = Talk.freeze(process, true);
            for (int round = 2; round < 5; round++) {
                var after = new Server();
                var thawed = after.thaw(pod, state);
                var steps = "step 0: %d, memory %d, pages 1\n".formatted(40 + 2 * round, round);
                assertEquals(steps, after.say("step"));
                state = Talk.freeze(thawed, true);
            }
        }
    }

    @Test
    void spoiledStatesHurtNobody() throws Exception {
        try (var pod = pod("it")) {
            var server = new Server();
            var process = server.start(pod);
            server.say("wasm");
            var state = Talk.freeze(process, true);
            int webAssembly = new String(state, StandardCharsets.ISO_8859_1).indexOf("webassembly");
            spoil(pod, state, 0, webAssembly);
            spoil(pod, state, webAssembly, 600);
            var last = new Server();
            last.thaw(pod, state);
            assertEquals("called x\ngot y\n", last.say("call"));
            assertEquals("step 0: 42, memory 1, pages 1\n", last.say("step"));
        }
    }

    private static void spoil(Pod pod, byte[] state, int from, int length) throws Exception {
        var random = new Random(1);
        int thawed = 0;
        for (int i = 0; i < 600; i++) {
            var spoiled = state.clone();
            for (int k = 0; k <= random.nextInt(3); k++)
                spoiled[from + random.nextInt(length)] = (byte) random.nextInt();
            try {
                pod.thaw(new ByteArrayInputStream(spoiled), new Server().talk.spec)
                        .kill(Duration.ZERO);
                thawed++;
            } catch (IOException | PodException e) {
                assertTrue(e.getMessage() == null || e.getMessage().lines().count() == 1);
            }
            assertEquals(List.of(), pod.processes());
        }
        assertTrue(thawed > 10, () -> "some numbers may be any");
    }
}
