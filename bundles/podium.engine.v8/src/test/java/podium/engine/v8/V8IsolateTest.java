package podium.engine.v8;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Extern;
import podium.engine.FunctionType;
import podium.engine.GuestFunction;
import podium.engine.HostFunction;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleSource;
import podium.engine.Trap;
import podium.engine.ValueType;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

/// What is the isolates' own: whose they are, when they go, which threads may use them.
@Timeout(120)
class V8IsolateTest {

    private static final int WARM_UP = 200;
    private static final int ROUNDS = 1_000;

    private static Module load(WasmAssembler wasm) throws Exception {
        return TestEngine.INSTANCE.load(ModuleSource.of("test", wasm.assemble()));
    }

    private static Imports imports(Map<String, Extern> externs) {
        return wanted -> externs.get(wanted.toString());
    }

    private static WasmAssembler counter() {
        var wasm = new WasmAssembler();
        wasm.importMemory("env", "memory", 1, 16, true);
        int next = wasm.type("i", "i");
        wasm.function("same", next, "", new Code().get(0));
        wasm.function("spin", next, "", new Code().begin(3).op(0x0c, 0).end().get(0));
        return wasm;
    }

    private static GuestFunction function(Instance instance, String name) {
        var function = instance.function(name);
        assertNotNull(function);
        return function;
    }

    /// Isolates, memory and threads of a thousand instances are gone when they are.
    @Test
    void nothingIsLeftBehind() throws Exception {
        var module = load(counter());
        use(module, WARM_UP);
        int isolates = Isolate.open();
        long threads = threads();
        long mappings = mappings();
        long resident = resident();
        use(module, ROUNDS);
        assertEquals(isolates, Isolate.open());
        assertTrue(threads() <= threads + 2, threads + " threads, then " + threads());
        assertTrue(mappings() < mappings + 100, mappings + " mappings, then " + mappings());
        // 1000 isolates take 1.2 GB while they are there.
        assertTrue(resident() < resident + 100_000, resident + " KiB, then " + resident());
    }

    private static void use(Module module, int rounds) throws LinkException {
        for (int i = 0; i < rounds; i++)
            try (var memory = TestEngine.INSTANCE.newMemory(new MemoryType(1, 16, true));
                    var instance =
                            module.instantiate(imports(Map.of("env.memory", memory)), null)) {
                assertEquals(i, function(instance, "same").call(i));
            }
    }

    private static long status(String name) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            var line = lines.filter(l -> l.startsWith(name + ":")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    private static long threads() throws IOException {
        return status("Threads");
    }

    private static long resident() throws IOException {
        return status("VmRSS");
    }

    private static long mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }

    @Test
    void nothingIsUsedAfterItsEnd() throws Exception {
        int isolates = Isolate.open();
        var instance = load(counter()).instantiate(_ -> null, null);
        var same = function(instance, "same");
        var memory = instance.memory();
        assertNotNull(memory);
        instance.close();
        instance.close();
        assertThrows(IllegalStateException.class, () -> same.call(1));
        assertThrows(IllegalStateException.class, () -> instance.function("same"));
        assertThrows(IllegalStateException.class, () -> memory.grow(1));
        assertThrows(IllegalStateException.class, () -> memory.segment().get(BYTE, 0));
        assertEquals(0, memory.resident());
        instance.interrupt();
        memory.close();
        assertEquals(isolates, Isolate.open());
    }

    private static final java.lang.foreign.ValueLayout.OfByte BYTE =
            java.lang.foreign.ValueLayout.JAVA_BYTE;

    /// An instance that goes while others stay takes its own with it, and nothing of theirs.
    @Test
    void instancesOfOneMemoryComeAndGo() throws Exception {
        var module = load(counter());
        try (var memory = TestEngine.INSTANCE.newMemory(new MemoryType(1, 16, true));
                var stays = module.instantiate(imports(Map.of("env.memory", memory)), null)) {
            for (int i = 0; i < 300; i++) {
                var comes = module.instantiate(imports(Map.of("env.memory", memory)), null);
                var same = function(comes, "same");
                assertEquals(i, same.call(i));
                comes.close();
                assertThrows(IllegalStateException.class, () -> same.call(1));
                assertEquals(i, function(stays, "same").call(i));
            }
        }
    }

    @Test
    void oneThreadAtATime() throws Exception {
        try (var instance = load(counter()).instantiate(_ -> null, null)) {
            var spins = new CountDownLatch(1);
            var thrown = new AtomicReference<Throwable>();
            var thread =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        spins.countDown();
                                        try {
                                            function(instance, "spin").call(1);
                                        } catch (Throwable e) {
                                            thrown.set(e);
                                        }
                                    });
            assertTrue(spins.await(10, TimeUnit.SECONDS));
            Thread.sleep(200);
            assertThrows(IllegalStateException.class, () -> function(instance, "same").call(1));
            // What can be said without going in is said.
            var memory = instance.memory();
            assertNotNull(memory);
            assertEquals(1, memory.pages());
            instance.interrupt();
            thread.join();
            assertEquals(Trap.Kind.INTERRUPTED, assertInstanceOf(Trap.class, thrown.get()).kind());
            assertEquals(2, function(instance, "same").call(2));
        }
    }

    @Test
    void anyThreadWillDo() throws Exception {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        wasm.function("deep", type, "", new Code().get(0).i32(1).add().call(0));
        wasm.function("same", type, "", new Code().get(0));
        var module = load(wasm);
        var answer = new AtomicReference<Object>();
        Runnable run =
                () -> {
                    try (var instance = module.instantiate(_ -> null, null)) {
                        assertThrows(Trap.class, () -> function(instance, "deep").call(0));
                        answer.set(function(instance, "same").call(3));
                    } catch (Throwable e) {
                        answer.set(e);
                    }
                };
        Thread.ofVirtual().start(run).join();
        assertEquals(3, answer.getAndSet(null));
        var small = new Thread(null, run, "small", 256 << 10);
        small.start();
        small.join();
        assertEquals(3, answer.getAndSet(null));
        var exact = new Thread(null, run, "exact", TestEngine.INSTANCE.callStack());
        exact.start();
        exact.join();
        assertEquals(3, answer.get());
    }

    /// The kernel's threads wait and are woken by name, so they must not be exchanged.
    @Test
    void aStackOfTheSizeNamedSuffices() throws Exception {
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        int host = wasm.importFunction("host", "f", type);
        wasm.function("run", type, "", new Code().call(host));
        var seen = new AtomicReference<Thread>();
        try (var instance = load(wasm).instantiate(imports(Map.of("host.f", note())), seen)) {
            var thread =
                    new Thread(
                            null,
                            () -> function(instance, "run").call(),
                            "guest",
                            TestEngine.INSTANCE.callStack());
            thread.start();
            thread.join();
            assertEquals(thread, seen.get());
        }
    }

    @SuppressWarnings("unchecked")
    static void note(Object context) {
        ((AtomicReference<Thread>) context).set(Thread.currentThread());
    }

    private static HostFunction note() throws ReflectiveOperationException {
        var type = new FunctionType(List.of(), List.of());
        return new HostFunction(
                type,
                MethodHandles.lookup()
                        .findStatic(V8IsolateTest.class, "note", HostFunction.handleType(type)));
    }

    /// Functions can be called across isolates; what shares state cannot leave its own.
    @Test
    void linksAcrossIsolatesWhatCanBe() throws Exception {
        var user = new WasmAssembler();
        int type = user.type("i", "i");
        int same = user.importFunction("p", "same", type);
        user.importMemory("env", "memory", 1, 16, true);
        user.function("run", type, "", new Code().get(0).call(same).i32(1).add());
        try (var provider = load(counter()).instantiate(_ -> null, null);
                Memory memory = TestEngine.INSTANCE.newMemory(new MemoryType(1, 16, true))) {
            var given =
                    Map.<String, Extern>of(
                            "p.same", function(provider, "same"), "env.memory", memory);
            try (var instance = load(user).instantiate(imports(given), null)) {
                assertEquals(6, function(instance, "run").call(5));
            }
            var global = new WasmAssembler();
            global.importGlobal("p", "g", 'i', true);
            global.importMemory("env", "memory", 1, 16, true);
            var owner = new WasmAssembler();
            owner.export("g", WasmAssembler.GLOBAL, owner.global('i', true, new Code().i32(1)));
            try (var other = load(owner).instantiate(_ -> null, null)) {
                var foreign = other.export("g");
                assertNotNull(foreign);
                var apart = Map.<String, Extern>of("p.g", foreign, "env.memory", memory);
                var module = load(global);
                var refused =
                        assertThrows(
                                LinkException.class,
                                () -> module.instantiate(imports(apart), null));
                assertTrue(
                        String.valueOf(refused.getMessage()).contains("p.g"), refused.getMessage());
            }
        }
    }

    @Test
    void refusesByName() {
        // a memory of 64-bit addresses
        byte[] wide = {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 4, 1};
        assertRefused(wide, "64-bit or custom limits");
        assertRefused(body(new Code().raw(0xd0, 0x6e, 0x1a)), "typed references");
        assertRefused(body(new Code().raw(0xd2, 0, 0x14, 0)), "the instruction 14");
        assertRefused(body(new Code().raw(0x02, 0x63, 0x70, 0xd0, 0x70, 0x0b, 0x1a)), "typed ref");
        var relaxed = new Code().v128(1, 2).v128(3, 4).vector(0x100).raw(0x1a);
        assertRefused(body(relaxed), "relaxed vector instructions");
    }

    private static byte[] body(Code code) {
        var wasm = new WasmAssembler();
        wasm.function("f", wasm.type("", ""), "", code);
        return wasm.assemble();
    }

    private static void assertRefused(byte[] module, String what) {
        var refused =
                assertThrows(
                        podium.engine.ModuleException.class,
                        () -> TestEngine.INSTANCE.load(ModuleSource.of("test", module)));
        var message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith("test: needs " + what), message);
        assertTrue(message.endsWith(", which the engine v8 does not support"), message);
    }

    @Test
    void valueTypesHaveTheirLetters() {
        for (var type : ValueType.values()) {
            var signature = Letters.of(type) + ":" + Letters.of(type);
            assertEquals(
                    new FunctionType(List.of(type), List.of(type)),
                    Letters.functionType(signature));
        }
    }
}
