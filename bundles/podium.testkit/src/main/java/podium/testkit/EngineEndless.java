package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Engine.Feature;
import podium.engine.Extern;
import podium.engine.Instance;
import podium.engine.Trap;
import podium.engine.Trap.Kind;
import podium.testkit.WasmAssembler.Code;

/// Every way to compute for ever can be interrupted: at once, and when the code has run long enough
/// for the engine to have optimised it.
@Timeout(120)
abstract class EngineEndless extends EngineFixture {

    private static final int RETURN_CALL = 0x12;
    private static final int RETURN_CALL_INDIRECT = 0x13;
    private static final int EMPTY = 0x40;

    private static final int[] WARM_UP_MS = {2, 150};
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static void assertStops(Instance instance, String function, Object... arguments)
            throws InterruptedException {
        for (int warmUp : WARM_UP_MS) {
            var thrown = new AtomicReference<@Nullable Object>();
            var thread =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            thrown.set(call(instance, function, arguments));
                                        } catch (Throwable e) {
                                            thrown.set(e);
                                        }
                                    });
            Thread.sleep(warmUp);
            assertTrue(thread.isAlive(), function + " ended: " + thrown.get());
            instance.interrupt();
            assertTrue(thread.join(PATIENCE), function + " still runs");
            var trap = assertInstanceOf(Trap.class, thrown.get(), function);
            assertEquals(Kind.INTERRUPTED, trap.kind(), function);
        }
    }

    /// Interrupts a function without parameters.
    private void assertStops(WasmAssembler wasm, String function) throws InterruptedException {
        try (var instance = instantiate(wasm)) {
            assertStops(instance, function);
        }
    }

    /// A loop around instructions that leave nothing.
    private static Code forever(Code body) {
        return code().begin(3).append(body).op(0x0c, 0).end();
    }

    private static void function(WasmAssembler wasm, String name, String locals, Code body) {
        wasm.function(name, wasm.type("", ""), locals, body);
    }

    @Test
    void loops() throws InterruptedException {
        var wasm = new WasmAssembler();
        function(wasm, "empty", "", forever(code()));
        function(wasm, "nested", "", forever(forever(code())));
        function(wasm, "sideBySide", "", forever(code().begin(3).end().begin(3).end()));
        function(wasm, "conditional", "", code().begin(3).i32(1).op(0x0d, 0).end());
        function(wasm, "table", "", code().begin(3).i32(7).raw(0x0e, 1, 0, 0).end());
        var parity = code().get(0).i32(1).add().tee(0).i32(1).raw(0x71);
        var either = code().append(parity).raw(0x0e, 1, 0, 1);
        function(wasm, "tables", "i", code().begin(3).begin(3).append(either).end().end());
        var branch = code().append(parity).begin(4).op(0x0c, 1).raw(0x05).op(0x0c, 1).end();
        function(wasm, "branches", "i", code().begin(3).append(branch).end());
        // a loop that is left and entered again, by way of its block
        var bounded = code().begin(3).get(0).i32(1).add().tee(0).i32(9).raw(0x70).op(0x0d, 0).end();
        function(wasm, "bounded", "i", forever(bounded.i32(0).set(0)));
        try (var instance = instantiate(wasm)) {
            for (var name :
                    "empty nested sideBySide conditional table tables branches bounded".split(" "))
                assertStops(instance, name);
        }
    }

    /// A call tree of depth 60 takes little stack, and longer than anybody lives.
    @Test
    void recursion() throws InterruptedException {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "");
        var twice = code().get(0).begin(4).get(0).i32(1).sub().call(1);
        wasm.function("even", type, "", twice.get(0).i32(1).sub().call(1).end());
        var back = code().get(0).begin(4).get(0).i32(1).sub().call(0);
        wasm.function("odd", type, "", back.get(0).i32(1).sub().call(0).end());
        var self = code().get(0).begin(4).get(0).i32(1).sub().call(2);
        wasm.function("self", type, "", self.get(0).i32(1).sub().call(2).end());
        int leaf = wasm.function(wasm.type("", ""), "", code());
        function(wasm, "leaves", "", forever(code().call(leaf)));
        try (var instance = instantiate(wasm)) {
            assertStops(instance, "even", 60);
            assertStops(instance, "self", 60);
            assertStops(instance, "leaves");
        }
    }

    @Test
    void tailCalls() throws InterruptedException {
        assumeTrue(engine().features().contains(Feature.TAIL_CALLS));
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        int wide = wasm.type("ildf", "ild");
        wasm.table(2, 2);
        wasm.function("ping", type, "", code().op(RETURN_CALL, 1));
        wasm.function("pong", type, "", code().op(RETURN_CALL, 0));
        wasm.function("self", type, "", code().op(RETURN_CALL, 2));
        wasm.function("table", type, "", code().i32(0).op(RETURN_CALL_INDIRECT, type, 0));
        wasm.elements(0, 3);
        var all = code().get(0).get(1).get(2).get(3);
        wasm.function("wide", wide, "ff", code().append(all).op(RETURN_CALL, 4));
        var counts = code().get(0).i32(1).add().get(1).get(2).get(3);
        wasm.function("counts", wide, "i", counts.op(RETURN_CALL, 4));
        // one of the two calls is never made
        var either = code().i32(0).begin(4).op(RETURN_CALL, 0).end().op(RETURN_CALL, 6);
        wasm.function("either", type, "", either);
        wasm.function("fromLoop", type, "", code().begin(3).op(RETURN_CALL, 7).end());
        try (var instance = instantiate(wasm)) {
            for (var name : "ping self table either fromLoop".split(" "))
                assertStops(instance, name);
            assertStops(instance, "counts", 1, 2L, 3.0, 4f);
        }
    }

    @Test
    void bulkOperations() throws InterruptedException {
        var wasm = new WasmAssembler();
        wasm.memory(64, 64);
        wasm.table(1_000, 1_000);
        wasm.passiveData("0123456789");
        int all = 64 << 16;
        function(wasm, "fill", "", forever(code().i32(0).i32(1).i32(all).raw(0xfc, 11, 0)));
        // the same instruction, its code in more bytes than it needs
        var disguised = code().i32(0).i32(1).i32(all).raw(0xfc, 0x8b, 0x80, 0, 0);
        function(wasm, "disguised", "", forever(disguised));
        var half = code().i32(all / 2).i32(0).i32(all / 2);
        function(wasm, "copy", "", forever(half.raw(0xfc, 10, 0, 0)));
        var init = code().i32(0).i32(0).i32(10).raw(0xfc, 8, 0, 0);
        function(wasm, "init", "", forever(init));
        function(wasm, "nothing", "", forever(code().i32(0).i32(0).i32(0).raw(0xfc, 11, 0)));
        function(wasm, "grow", "", forever(code().i32(1).raw(0x40, 0, 0x1a)));
        var elements = code().i32(0).raw(0xd0, 0x70).i32(1_000).raw(0xfc, 17, 0);
        function(wasm, "elements", "", forever(elements));
        var moved = code().i32(1).i32(0).i32(999).raw(0xfc, 14, 0, 0);
        function(wasm, "moved", "", forever(moved));
        try (var instance = instantiate(wasm)) {
            for (var name : "fill disguised copy init nothing grow elements moved".split(" "))
                assertStops(instance, name);
        }
    }

    /// As much of a memory at once as a guest can get.
    @Test
    void hugeOperations() throws InterruptedException {
        var wasm = new WasmAssembler();
        int pages = 1 << 14;
        wasm.memory(pages, pages);
        var fill = code().i32(0).i32(1).i32(pages << 16).raw(0xfc, 11, 0);
        function(wasm, "fill", "", forever(fill));
        assertStops(wasm, "fill");
    }

    @Test
    void atomics() throws InterruptedException {
        assumeTrue(engine().features().contains(Feature.ATOMICS));
        var wasm = new WasmAssembler();
        wasm.importMemory("env", "memory", 1, 1, true);
        Code wait = code().i32(0).i32(0).i64(-1).atomic(1, 2, 0).raw(0x1a);
        function(wasm, "wait", "", wait);
        var wide = code().i32(0).i64(0).i64(-1).atomic(2, 3, 0).raw(0x1a);
        function(wasm, "wideWait", "", wide);
        var brief = code().i32(0).i32(0).i64(1_000).atomic(1, 2, 0).raw(0x1a);
        function(wasm, "briefWaits", "", forever(brief));
        var other = code().i32(0).i32(1).i64(-1).atomic(1, 2, 0).raw(0x1a);
        function(wasm, "otherValue", "", forever(other));
        var exchange = code().i32(0).i32(1).i32(2).atomic(0x48, 2, 0).op(0x0d, 0);
        function(wasm, "spin", "", forever(exchange));
        function(wasm, "notify", "", forever(code().i32(0).i32(1).atomic(0, 2, 0).raw(0x1a)));
        function(wasm, "fence", "", forever(code().raw(0xfe, 3, 0)));
        try (var instance = instantiate(wasm)) {
            for (var name : "wait wideWait briefWaits otherValue spin notify fence".split(" "))
                assertStops(instance, name);
        }
    }

    @Test
    void legacyExceptions() throws InterruptedException {
        assumeTrue(engine().features().contains(Feature.LEGACY_EXCEPTIONS));
        var wasm = new WasmAssembler();
        int tag = wasm.tag(wasm.type("", ""));
        var caught = code().raw(0x06, EMPTY).op(0x08, tag).raw(0x07, tag).end();
        function(wasm, "caught", "", forever(caught));
        var again = code().begin(3).raw(0x06, EMPTY).op(0x08, tag).raw(0x19).op(0x0c, 1).end();
        function(wasm, "again", "", again.end());
        int thrower = wasm.function(0, "", code().op(0x08, tag));
        var far = code().raw(0x06, EMPTY).call(thrower).raw(0x19).end();
        function(wasm, "far", "", forever(far));
        try (var instance = instantiate(wasm)) {
            for (var name : "caught again far".split(" ")) assertStops(instance, name);
        }
    }

    @Test
    void exceptions() throws InterruptedException {
        assumeTrue(engine().features().contains(Feature.EXCEPTIONS));
        var wasm = new WasmAssembler();
        int tag = wasm.tag(wasm.type("", ""));
        int thrower = wasm.function(0, "", code().op(0x08, tag));
        var caught = code().begin(2).raw(0x1f, EMPTY, 1, 2, 0).call(thrower).end().end();
        function(wasm, "caught", "", forever(caught));
        // the handler is the loop itself
        var again = code().begin(3).raw(0x1f, EMPTY, 1, 0).u(tag).u(0).call(thrower).end().end();
        function(wasm, "again", "", again);
        try (var instance = instantiate(wasm)) {
            for (var name : "caught again".split(" ")) assertStops(instance, name);
        }
    }

    static void nothing(@Nullable Object context) {}

    @Test
    void callsOfTheHost() throws InterruptedException {
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        int host = wasm.importFunction("host", "nothing", type);
        wasm.function("call", type, "", forever(code().call(host)));
        var function = host(MethodHandles.lookup(), EngineEndless.class, "nothing", 0, 0);
        Map<String, Extern> externs = Map.of("host.nothing", function);
        try (var instance = instantiate(load(wasm), externs, null)) {
            assertStops(instance, "call");
        }
    }
}
