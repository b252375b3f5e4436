package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.MemoryType;
import podium.engine.Trap;
import podium.engine.Trap.Kind;

/// Shared memories and atomic instructions, as far as one thread can tell.
abstract class EngineAtomics extends EngineFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.ATOMICS));
    }

    static WasmAssembler module() {
        var wasm = new WasmAssembler();
        int unary = wasm.type("i", "i");
        int count = wasm.type("i", "");
        wasm.importMemory("env", "memory", 1, 4, true);
        // adds 1, n times: a 32-bit word at 0, a byte at 7, by compare and exchange at 8
        wasm.function(
                "count",
                count,
                "i",
                code().begin(3)
                        .i32(0)
                        .i32(1)
                        .atomic(0x1e, 2, 0)
                        .raw(0x1a)
                        .i32(7)
                        .i32(1)
                        .atomic(0x20, 0, 0)
                        .raw(0x1a)
                        .begin(3)
                        .i32(8)
                        .i32(8)
                        .atomic(0x10, 2, 0)
                        .tee(1)
                        .get(1)
                        .i32(1)
                        .add()
                        .atomic(0x48, 2, 0)
                        .get(1)
                        .raw(0x47)
                        .op(0x0d, 0)
                        .end()
                        .get(0)
                        .i32(1)
                        .sub()
                        .tee(0)
                        .op(0x0d, 0)
                        .end());
        wasm.function("load", unary, "", code().get(0).atomic(0x10, 2, 0));
        wasm.function("wait", unary, "", code().i32(64).get(0).i64(-1).atomic(0x01, 2, 0));
        wasm.function(
                "waitBriefly", unary, "", code().i32(64).get(0).i64(1_000_000).atomic(0x01, 2, 0));
        wasm.function("notify", unary, "", code().i32(64).get(0).atomic(0x00, 2, 0));
        wasm.function("unaligned", unary, "", code().get(0).atomic(0x10, 2, 0));
        wasm.function("grow", unary, "", code().get(0).raw(0x40, 0));
        return wasm;
    }

    @Test
    void counts() {
        var module = load(module());
        try (var memory = engine().newMemory(new MemoryType(1, 4, true));
                var instance = instantiate(module, Map.of("env.memory", memory), null)) {
            call(instance, "count", 300);
            assertEquals(300, call(instance, "load", 0));
            assertEquals(300, call(instance, "load", 8));
            assertEquals((300 & 0xff) << 24, call(instance, "load", 4));
        }
    }

    @Test
    void doesNotWaitInVain() {
        try (var instance = instantiate(module())) {
            assertEquals(1, call(instance, "wait", 99), "not equal");
            assertEquals(2, call(instance, "waitBriefly", 0), "timed out");
            assertEquals(0, call(instance, "notify", 1));
        }
    }

    @Test
    void interruptsAWait() throws InterruptedException {
        var module = load(module());
        try (var memory = engine().newMemory(new MemoryType(1, 4, true));
                var sleeper = instantiate(module, Map.of("env.memory", memory), null)) {
            var result = new AtomicReference<@Nullable Object>();
            var thread = EngineThreads.start(sleeper, result, "wait", 0);
            Thread.sleep(30);
            sleeper.interrupt();
            assertTrue(thread.join(PATIENCE));
            assertEquals(Kind.INTERRUPTED, assertInstanceOf(Trap.class, result.get()).kind());
        }
    }

    @Test
    void trapsUnalignedAccess() {
        try (var instance = instantiate(module())) {
            assertTraps(Kind.UNALIGNED_ATOMIC, instance, "unaligned", 2);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "unaligned", 65_536);
        }
    }

    @Test
    void seesGrowthByOthers() {
        var module = load(module());
        try (var memory = engine().newMemory(new MemoryType(1, 4, true));
                var one = instantiate(module, Map.of("env.memory", memory), null);
                var two = instantiate(module, Map.of("env.memory", memory), null)) {
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, two, "load", 65_536);
            assertEquals(1, call(one, "grow", 1));
            assertEquals(0, call(two, "load", 65_536));
        }
    }
}
