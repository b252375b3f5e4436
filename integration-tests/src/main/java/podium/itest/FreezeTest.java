package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.Limits;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;

/// Processes that are frozen while they run, and thawed. The program is `src/main/c/freeze/worker`.
@Timeout(120)
class FreezeTest {

    private static final int SIGUSR1 = 10;
    private static final int KILLED = 137;

    @TempDir static Path folder;
    private static byte[] freezable;
    private static byte[] plain;

    @InjectService(timeout = 10_000)
    PodManager pods;

    @BeforeAll
    static void compile() throws Exception {
        var module = folder.resolve("worker.wasm");
        Guest.compile(module, Talk.WORKER);
        plain = Files.readAllBytes(module);
        Guest.makeFreezable(module);
        freezable = Files.readAllBytes(module);
    }

    private Pod pod(String name, byte[] module) throws Exception {
        var pod = pods.create(PodSpec.of(name));
        Guest.install(pod, "/worker", module);
        return pod;
    }

    /// A process that has answered the first line.
    private static PodProcess started(Pod pod, Talk talk) throws Exception {
        var process = pod.start(talk.spec);
        talk.say("one");
        talk.await(FIRST);
        return process;
    }

    private static final String FIRST = "one: 1 1099511627776 8.00 0.125 mapped /place 0 4\n";

    private static final String REST =
            """
            two: 2 3298534883328 4.00 8.125 mapped /place 10 8
            back: 2 3298534883328 4.00 15.125 mapped /place 10 8
            back: 1 1099511627776 8.00 16.125 mapped /place 10 8
            sum 17.125, umask 27
            """;

    /// Says the second line, and has it end.
    private static void finish(PodProcess process, Talk talk) throws Exception {
        process.signal(SIGUSR1);
        talk.say("two");
        talk.input.close();
        assertEquals(3, process.exit().get(), process.failure());
        assertEquals(REST, talk.output());
    }

    @Test
    void itGoesOnInAnotherProcess() throws Exception {
        try (var pod = pod("it", freezable)) {
            var before = new Talk();
            var process = started(pod, before);
            var state = Talk.freeze(process, true);
            assertEquals(KILLED, process.exit().get());
            assertEquals("worker was frozen", process.failure());
            var after = new Talk();
            var thawed = after.thaw(pod, state);
            assertEquals(process.pid(), thawed.pid());
            assertEquals(process.arguments(), thawed.arguments());
            finish(thawed, after);
            assertEquals(FIRST, before.output());
            assertEquals("one\ntwo\n", Files.readString(pod.fileSystem().getPath("/place/notes")));
        }
    }

    @Test
    void itGoesOnInAnotherPod() throws Exception {
        byte[] state;
        try (var pod = pod("it", freezable)) {
            var talk = new Talk();
            var process = started(pod, talk);
            state = Talk.freeze(process, true);
        }
        try (var pod = pod("other", freezable)) {
            var talk = new Talk();
            assertRefused(pod, state, "/place: No such file or directory");
            Files.createDirectory(pod.fileSystem().getPath("/place"));
            assertRefused(pod, state, "/place/notes: No such file or directory");
            Files.writeString(pod.fileSystem().getPath("/place/notes"), "one\n");
            finish(talk.thaw(pod, state), talk);
        }
    }

    @Test
    void itGoesOnWhereItWas() throws Exception {
        try (var pod = pod("it", freezable)) {
            var talk = new Talk();
            var process = pod.start(talk.spec);
            for (int i = 0; i < 20; i++) Talk.freeze(process, false);
            talk.say("one");
            talk.await(FIRST);
            for (int i = 0; i < 20; i++) Talk.freeze(process, false);
            talk.output.reset();
            finish(process, talk);
        }
    }

    /// What the host gave and the program had not read is not lost.
    @Test
    void inputGoesAlong() throws Exception {
        try (var pod = pod("it", freezable)) {
            var before = new Talk();
            var process = pod.start(before.spec);
            before.say("one\nsleep\ntwo");
            before.await("sleeps\n");
            var state = Talk.freeze(process, true);
            var after = new Talk();
            var thawed = after.thaw(pod, state);
            after.input.close();
            assertEquals(3, thawed.exit().get());
            assertTrue(after.output().startsWith("slept 0\nsleep: 2 "), after.output());
            assertTrue(after.output().contains("\ntwo: 3 "), after.output());
        }
    }

    @Test
    void whatItMakesLaterHasItsMask() throws Exception {
        try (var pod = pod("it", freezable)) {
            var before = new Talk();
            var process = started(pod, before);
            var state = Talk.freeze(process, true);
            var after = new Talk();
            var thawed = after.thaw(pod, state);
            after.say("make");
            after.input.close();
            assertEquals(3, thawed.exit().get());
            var made = pod.fileSystem().getPath("/place/made");
            assertEquals(0100640, Files.getAttribute(made, "unix:mode"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "thread | it has 2 threads",
                "pipe | descriptor 3, pipe:[N], has another end",
                "gone | descriptor 3, /gone (deleted), has no name any more",
                "locked | descriptor 3, /lock, is locked",
                "own | descriptor 3, /proc/2/status, is about the process itself",
                "within | its working directory is about itself",
                "timer | it has a timer",
                "pending | signals are pending that it blocks",
                "busy | it made no system call for 0.3 s"
            })
    void whatCannotBeFrozenSaysWhyAndGoesOn(String mode, String reason) throws Exception {
        try (var pod = pod("it", freezable)) {
            var talk = new Talk(mode);
            var process = pod.start(talk.spec);
            talk.await("ready");
            for (int i = 0; i < 2; i++) {
                var refused =
                        assertThrows(
                                PodException.class, () -> process.freeze(Duration.ofMillis(300)));
                assertEquals(
                        "worker cannot be frozen: " + reason,
                        refused.getMessage().replaceAll("\\[\\d+\\]", "[N]"));
            }
            assertTrue(process.alive());
        }
    }

    @Test
    void aProgramThatIsNotMadeForItGoesOn() throws Exception {
        try (var pod = pod("it", plain)) {
            var talk = new Talk();
            var process = started(pod, talk);
            var refused = assertThrows(PodException.class, () -> process.freeze(Talk.PATIENCE));
            assertEquals(
                    "worker cannot be frozen: it is not made for that; wasm-opt --asyncify, of"
                            + " Binaryen, makes it so",
                    refused.getMessage());
            talk.output.reset();
            finish(process, talk);
            var ended = assertThrows(PodException.class, () -> process.freeze(Talk.PATIENCE));
            assertEquals("worker cannot be frozen: it has ended", ended.getMessage());
        }
    }

    @Test
    void itIsThawedOnlyWhereItFits() throws Exception {
        byte[] state;
        try (var pod = pod("it", freezable)) {
            var talk = new Talk();
            var process = started(pod, talk);
            state = Talk.freeze(process, false);
            assertRefused(
                    pod, state, "there is a process " + process.pid() + " already, which it was");
            Talk.freeze(process, true);
            var program = pod.fileSystem().getPath("/worker");
            Files.write(program, plain);
            assertRefused(pod, state, "/worker is another program now");
            Files.delete(program);
            assertRefused(pod, state, "/worker: No such file or directory");
        }
        var small = PodSpec.of("small").withLimits(Limits.DEFAULT.withMemory(1 << 20));
        try (var pod = pods.create(small)) {
            var talk = new Talk();
            var spec = talk.spec.withModule(freezable);
            var refused = refusal(pod, state, spec);
            assertTrue(refused.contains("No such file or directory"), refused);
            Files.createDirectory(pod.fileSystem().getPath("/place"));
            Files.createFile(pod.fileSystem().getPath("/place/notes"));
            refused = refusal(pod, state, spec);
            assertTrue(refused.endsWith("and its pod's limit is 1 MiB"), refused);
            assertEquals(List.of(), pod.processes());
        }
    }

    private static void assertRefused(Pod pod, byte[] state, String reason) throws Exception {
        assertEquals("worker cannot be thawed: " + reason, refusal(pod, state, new Talk().spec));
    }

    private static String refusal(Pod pod, byte[] state, ProcessSpec spec) {
        var from = new ByteArrayInputStream(state);
        return assertThrows(PodException.class, () -> pod.thaw(from, spec)).getMessage();
    }

    /// Whatever the bytes are: an exception that the API names, or a process.
    @Test
    void spoiledStatesHurtNobody() throws Exception {
        try (var pod = pod("it", freezable)) {
            var before = new Talk();
            var process = started(pod, before);
            var state = Talk.freeze(process, true);
            var random = new Random(1);
            int thawed = 0;
            for (int i = 0; i < 400; i++) {
                var spoiled = spoil(state, random, i);
                var talk = new Talk();
                talk.input.close();
                try {
                    talk.thaw(pod, spoiled).kill(Duration.ZERO);
                    thawed++;
                } catch (IOException | PodException e) {
                    assertTrue(e.getMessage() == null || e.getMessage().lines().count() == 1);
                }
                assertEquals(List.of(), pod.processes());
            }
            assertTrue(thawed > 10, () -> "most of a state is memory");
            var talk = new Talk();
            finish(talk.thaw(pod, state), talk);
        }
    }

    /// Cuts some, changes the others: mostly where there are numbers and names.
    private static byte[] spoil(byte[] state, Random random, int round) {
        int head = Math.min(state.length, round % 2 == 0 ? 6_000 : state.length);
        if (round % 4 == 0) return Arrays.copyOf(state, random.nextInt(head));
        var spoiled = state.clone();
        for (int i = 0; i <= random.nextInt(3); i++)
            spoiled[random.nextInt(head)] = (byte) random.nextInt();
        return spoiled;
    }
}
