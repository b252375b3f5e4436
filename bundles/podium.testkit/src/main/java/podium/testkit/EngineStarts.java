package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Engine.Feature;
import podium.engine.Extern;
import podium.engine.Global;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Trap;
import podium.engine.Trap.Kind;
import podium.testkit.WasmAssembler.Code;

/// Start functions: they run when the host says so, and can be stopped as any other function.
@Timeout(60)
abstract class EngineStarts extends EngineFixture {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final int GLOBAL_GET = 0x23;
    private static final int GLOBAL_SET = 0x24;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Code forever() {
        return code().begin(3).op(0x0c, 0).end();
    }

    private static WasmAssembler starting(Code body) {
        var wasm = new WasmAssembler();
        wasm.start(wasm.function(wasm.type("", ""), "", body));
        wasm.function("one", wasm.type("", "i"), "", code().i32(1));
        return wasm;
    }

    /// Counts the runs of its start function in its export `runs`.
    private static WasmAssembler counting() {
        var wasm = new WasmAssembler();
        int runs = wasm.global('i', true, code().i32(0));
        var count = code().op(GLOBAL_GET, runs).i32(1).add().op(GLOBAL_SET, runs);
        wasm.start(wasm.function(wasm.type("", ""), "", count));
        wasm.export("runs", 3, runs);
        wasm.function("count", wasm.type("", "i"), "", code().op(GLOBAL_GET, runs));
        return wasm;
    }

    private Instance link(WasmAssembler wasm, Map<String, Extern> externs) {
        try {
            return load(wasm).link(imports(externs), null);
        } catch (LinkException e) {
            return Assertions.fail(e);
        }
    }

    private Instance link(WasmAssembler wasm) {
        return link(wasm, Map.of());
    }

    @Test
    void runsOnceWhenTold() {
        try (var instance = link(counting())) {
            var runs = assertInstanceOf(Global.class, instance.export("runs"));
            assertEquals(0, runs.get());
            instance.start();
            assertEquals(1, runs.get());
            instance.start();
            assertEquals(1, runs.get());
        }
    }

    @Test
    void isRunByInstantiate() {
        try (var instance = instantiate(counting())) {
            assertEquals(1, call(instance, "count"));
            instance.start();
            assertEquals(1, call(instance, "count"));
        }
    }

    @Test
    void isNotNeeded() {
        var wasm = new WasmAssembler();
        wasm.function("one", wasm.type("", "i"), "", code().i32(1));
        try (var instance = link(wasm)) {
            instance.start();
            assertEquals(1, call(instance, "one"));
        }
    }

    static void count(@Nullable Object context) {
        assertInstanceOf(AtomicInteger.class, context).incrementAndGet();
    }

    @Test
    void mayBeTheHosts() throws LinkException {
        var wasm = new WasmAssembler();
        wasm.start(wasm.importFunction("host", "count", wasm.type("", "")));
        var function = host(LOOKUP, EngineStarts.class, "count", 0, 0);
        var counter = new AtomicInteger();
        try (var instance = load(wasm).link(imports(Map.of("host.count", function)), counter)) {
            assertEquals(0, counter.get());
            instance.start();
            instance.start();
            assertEquals(1, counter.get());
        }
    }

    @Test
    void traps() {
        try (var instance = link(starting(code().raw(0)))) {
            assertEquals(Kind.UNREACHABLE, assertThrows(Trap.class, instance::start).kind());
        }
        var module = load(starting(code().raw(0)));
        var trap = assertThrows(Trap.class, () -> module.instantiate(imports(Map.of()), null));
        assertEquals(Kind.UNREACHABLE, trap.kind());
    }

    @Test
    void isInterrupted() throws InterruptedException {
        for (int warmUp : new int[] {2, 150})
            try (var instance = link(starting(forever()))) {
                var thrown = new AtomicReference<@Nullable Throwable>();
                var thread = Thread.ofPlatform().start(() -> thrown.set(failure(instance)));
                Thread.sleep(warmUp);
                assertTrue(thread.isAlive(), "ended: " + thrown.get());
                instance.interrupt();
                assertTrue(thread.join(PATIENCE), "still runs");
                var trap = assertInstanceOf(Trap.class, thrown.get());
                assertEquals(Kind.INTERRUPTED, trap.kind());
                assertEquals(1, call(instance, "one"));
            }
    }

    private static @Nullable Throwable failure(Instance instance) {
        try {
            instance.start();
            return null;
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    @Test
    void isInterruptedBeforeItRuns() {
        try (var instance = link(starting(forever()))) {
            instance.interrupt();
            assertEquals(Kind.INTERRUPTED, assertThrows(Trap.class, instance::start).kind());
        }
    }

    @Test
    void hasTheDeadline() {
        try (var instance = link(starting(forever()))) {
            instance.setDeadline(Duration.ofMillis(50));
            assertEquals(Kind.DEADLINE, assertThrows(Trap.class, instance::start).kind());
        }
    }

    @Test
    void isNotForSnapshots() throws LinkException {
        assumeTrue(engine().features().contains(Feature.SNAPSHOTS));
        var module = load(counting());
        try (var instance = module.link(imports(Map.of()), null)) {
            assertThrows(IllegalStateException.class, instance::freeze);
            instance.start();
            try (var thawed = module.thaw(instance.freeze(), imports(Map.of()), null)) {
                thawed.start();
                assertEquals(1, call(thawed, "count"));
            }
        }
    }
}
