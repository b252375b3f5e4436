package podium.buildtool.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.buildtool.Assembly;
import podium.engine.Instance;
import podium.engine.Trap;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.ProcessSpec;
import podium.pod.Reactor;
import podium.pod.Result;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

/// Modules without a C library, each for one thing that the kernel does for programs of WASI.
@Timeout(60)
class WasiProgramsTest {

    private static final String WASI = "wasi_snapshot_preview1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Assembly assembly;
    private Pod pod;

    @BeforeAll
    static void assemble() {
        assembly = new Assembly();
    }

    @AfterAll
    static void close() {
        assembly.close();
    }

    @BeforeEach
    void open() throws Exception {
        pod = assembly.kernel().create(Assembly.spec("wasi"));
    }

    @AfterEach
    void end() {
        pod.close();
    }

    private static ProcessSpec spec(byte[] module) {
        return ProcessSpec.of(List.of("program", "argument")).withModule(module);
    }

    private Result run(byte[] module) throws Exception {
        return pod.run(spec(module), PATIENCE);
    }

    /// A program that exits with what some code leaves on the stack.
    ///
    /// @param imported the one function it imports beside `proc_exit`, as `call 1`
    private static byte[] exiting(String module, String imported, String parameters, Code code) {
        var wasm = new WasmAssembler();
        wasm.importFunction(WASI, "proc_exit", wasm.type("i", ""));
        wasm.importFunction(module, imported, wasm.type(parameters, "i"));
        wasm.memory(1, 1);
        wasm.function("_start", wasm.type("", ""), "", code.call(0));
        return wasm.assemble();
    }

    @Test
    void theStatusIsWhatTheProgramSays() throws Exception {
        assertEquals(42, run(exiting(WASI, "sched_yield", "", new Code().i32(42))).status());
        var returns = new WasmAssembler();
        returns.function("_start", returns.type("", ""), "", new Code());
        assertEquals(0, run(returns.assemble()).status(), "without a memory, too");
    }

    @Test
    void anEndlessProgramIsKilled() throws Exception {
        var wasm = new WasmAssembler();
        wasm.function("_start", wasm.type("", ""), "", new Code().raw(0x03, 0x40, 0x0c, 0).end());
        var ended = pod.run(spec(wasm.assemble()), Duration.ofMillis(300));
        assertEquals(new Result(124, "", ""), ended);
    }

    @Test
    void theEnvironmentIsWhatItIsGivenAndNothingElse() throws Exception {
        var count = new Code().i32(8).i32(12).call(1).raw(0x1a).i32(8).load(0);
        var module = exiting(WASI, "environ_sizes_get", "ii", count);
        assertEquals(0, run(module).status());
        var given = spec(module).withEnvironment(Map.of("A", "1", "B", "2"));
        assertEquals(2, pod.run(given, PATIENCE).status());
    }

    @Test
    void directoriesAreFoundAsTheyAreGiven() throws Exception {
        var third = new Code().i32(3).i32(8).call(1);
        var module = exiting(WASI, "fd_prestat_get", "ii", third);
        assertEquals(0, run(module).status());
        var none = spec(module).withDirectories(Map.of());
        assertEquals(8, pod.run(none, PATIENCE).status(), "EBADF");
        var given = spec(module).withDirectories(Map.of("data", "/tmp"));
        assertEquals(0, pod.run(given, PATIENCE).status());
        var wrong = spec(module).withDirectories(Map.of("data", "/nowhere"));
        var process = pod.start(wrong);
        assertEquals(134, process.exit().get());
        assertEquals("program: No such file or directory", process.failure());
    }

    @Test
    void theOlderVersionNumbersWhencesDifferently() throws Exception {
        // Of the directory at 3 only asking is allowed: ENOTCAPABLE, or EINVAL for no whence.
        var seek = new Code().i32(0).i64(0).i32(9).i32(8).call(1);
        assertEquals(28, run(exiting("wasi_unstable", "fd_seek", "ilii", seek)).status());
        var tell = new Code().i32(3).i64(1).i32(2).i32(8).call(1);
        assertEquals(76, run(exiting("wasi_unstable", "fd_seek", "ilii", tell)).status());
    }

    @Test
    void whatIsMissingIsNamed() {
        var wasm = new WasmAssembler();
        wasm.importFunction("acme", "frob", wasm.type("i", "i"));
        wasm.importFunction(WASI, "fd_teleport", wasm.type("i", "i"));
        wasm.function("_start", wasm.type("", ""), "", new Code());
        var e = assertThrows(PodException.class, () -> run(wasm.assemble()));
        assertEquals(126, e.status());
        assertEquals(
                "cannot execute program: acme.frob is not provided, "
                        + WASI
                        + ".fd_teleport is not provided",
                e.getMessage());
    }

    @Test
    void aComponentIsRefusedByThatName() {
        var component = new byte[] {0, 'a', 's', 'm', 13, 0, 1, 0};
        var e = assertThrows(PodException.class, () -> run(component));
        assertEquals(126, e.status());
        assertTrue(e.getMessage().contains("is a WebAssembly component"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    /// One whose memory has addresses of 64 bits, as the triple wasm64-wasi has it.
    @Test
    void aModuleOf64BitsIsRefusedByThatName() {
        var module = new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 4, 1};
        var e = assertThrows(PodException.class, () -> run(module));
        assertEquals(126, e.status());
        assertTrue(e.getMessage().contains("unsupported: memory64"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    /// Has `add`, `random`, which asks the pod, `broken`, which traps, and `leave`, which exits.
    private static byte[] library() {
        var wasm = new WasmAssembler();
        wasm.importFunction(WASI, "random_get", wasm.type("ii", "i"));
        wasm.importFunction(WASI, "proc_exit", wasm.type("i", ""));
        wasm.memory(1, 1);
        wasm.data(0, "\1\2\3\4");
        wasm.function("_initialize", wasm.type("", ""), "", new Code().i32(8).i32(77).store(0));
        wasm.function("add", wasm.type("ii", "i"), "", new Code().get(0).get(1).add());
        wasm.function("ready", wasm.type("", "i"), "", new Code().i32(8).load(0));
        wasm.function("random", wasm.type("", "i"), "", new Code().i32(16).i32(8).call(0));
        wasm.function("broken", wasm.type("", ""), "", new Code().raw(0));
        wasm.function("leave", wasm.type("", ""), "", new Code().i32(9).call(1));
        return wasm.assemble();
    }

    private static String call(Instance instance, String name, Object... arguments) {
        var function = Objects.requireNonNull(instance.function(name));
        return String.valueOf(function.call(arguments));
    }

    private static Long randomBytes(Instance instance) {
        var memory = Objects.requireNonNull(instance.memory());
        return memory.segment().get(ValueLayout.JAVA_LONG, 16);
    }

    private static String answer(Reactor reactor, String name, Object... arguments)
            throws Exception {
        return reactor.call(instance -> call(instance, name, arguments));
    }

    @Test
    void aReactorAnswersItsHost() throws Exception {
        try (var reactor = pod.open(spec(library()))) {
            assertEquals("77", answer(reactor, "ready"), "it was initialised");
            assertEquals("7", answer(reactor, "add", 3, 4));
            assertEquals("0", answer(reactor, "random"));
            long random = reactor.call(WasiProgramsTest::randomBytes);
            assertNotEquals(0, random);
            assertThrows(
                    IllegalArgumentException.class, () -> answer(reactor, "add", "no number", 4));
            assertEquals("9", answer(reactor, "add", 4, 5), "the host's mistakes do no harm");
            assertTrue(reactor.process().alive());
        }
        assertEquals(List.of(), pod.processes());
    }

    @Test
    void aReactorThatTrapsOrExitsHasEnded() throws Exception {
        try (var reactor = pod.open(spec(library()))) {
            assertThrows(Trap.class, () -> answer(reactor, "broken"));
            assertEquals(132, reactor.process().exit().get());
            var e = assertThrows(PodException.class, () -> answer(reactor, "add", 1, 2));
            assertTrue(e.getMessage().contains("unreachable"), e.getMessage());
        }
        try (var reactor = pod.open(spec(library()))) {
            assertThrows(PodException.class, () -> answer(reactor, "leave"));
            assertEquals(9, reactor.process().exit().get());
            assertFalse(reactor.process().alive());
        }
    }

    @Test
    void aCallFromWithinACallIsRefused() throws Exception {
        try (var reactor = pod.open(spec(library()))) {
            var e =
                    assertThrows(
                            IllegalStateException.class, () -> reactor.call(_ -> nested(reactor)));
            assertTrue(e.getMessage().contains("from within a call"), e.getMessage());
            assertEquals("9", answer(reactor, "add", 4, 5), "and does no harm");
            assertEquals("closed", reactor.call(_ -> closed(reactor)));
            assertEquals(0, reactor.process().exit().get());
        }
    }

    private static String closed(Reactor reactor) {
        reactor.close();
        return "closed";
    }

    private static String nested(Reactor reactor) {
        try {
            return answer(reactor, "add", 1, 2);
        } catch (IllegalStateException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aReactorCanBeKilledWhileItIdles() throws Exception {
        try (var reactor = pod.open(spec(library()))) {
            assertEquals("3", answer(reactor, "add", 1, 2));
            assertEquals(143, reactor.process().kill(PATIENCE));
        }
    }

    /// Spawns three threads over the shared memory; each adds its argument, the last one ends the
    /// program with the sum.
    @Test
    void threadsShareTheMemory() throws Exception {
        var wasm = new WasmAssembler();
        wasm.importMemory("env", "memory", 1, 2, true);
        wasm.importFunction("wasi", "thread-spawn", wasm.type("i", "i"));
        wasm.importFunction(WASI, "proc_exit", wasm.type("i", ""));
        // i32.atomic.rmw.add: the sum at 16, the number of those done at 24.
        var body =
                new Code()
                        .i32(16)
                        .get(1)
                        .atomic(0x1e, 2, 0)
                        .raw(0x1a)
                        .i32(24)
                        .i32(1)
                        .atomic(0x1e, 2, 0)
                        .i32(2)
                        .raw(0x46, 0x04, 0x40)
                        .i32(16)
                        .i32(0)
                        .atomic(0x1e, 2, 0)
                        .call(1)
                        .end();
        wasm.function("wasi_thread_start", wasm.type("ii", ""), "", body);
        var start = new Code();
        for (int argument : new int[] {10, 20, 30}) start.i32(argument).call(0).raw(0x1a);
        start.raw(0x03, 0x40).raw(0x0c, 0).end();
        wasm.function("_start", wasm.type("", ""), "", start);
        assertEquals(60, run(wasm.assemble()).status());
    }

    @Test
    void aMemoryOfItsOwnHasNoThreads() throws Exception {
        var wasm = new WasmAssembler();
        wasm.importFunction("wasi", "thread-spawn", wasm.type("i", "i"));
        wasm.importFunction(WASI, "proc_exit", wasm.type("i", ""));
        wasm.memory(1, 1);
        wasm.function("wasi_thread_start", wasm.type("ii", ""), "", new Code());
        wasm.function(
                "_start", wasm.type("", ""), "", new Code().i32(0).i32(1).call(0).sub().call(1));
        assertEquals(38, run(wasm.assemble()).status(), "ENOSYS");
    }
}
