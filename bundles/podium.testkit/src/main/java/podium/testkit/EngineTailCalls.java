package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Engine;
import podium.engine.Trap;
import podium.engine.Trap.Kind;

/// `return_call` and `return_call_indirect`: however many there are, the stack stays as it is.
@Timeout(60)
abstract class EngineTailCalls extends EngineFixture {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final int RETURN_CALL = 0x12;
    private static final int RETURN_CALL_INDIRECT = 0x13;
    private static final int DEEP = 10_000_000;

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.TAIL_CALLS));
    }

    @Test
    void ofEachOther() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        wasm.function(
                "even",
                type,
                "",
                code().get(0)
                        .raw(0x45)
                        .begin(4)
                        .i32(1)
                        .raw(0x0f)
                        .end()
                        .get(0)
                        .i32(1)
                        .sub()
                        .op(RETURN_CALL, 1));
        wasm.function(
                "odd",
                type,
                "",
                code().get(0)
                        .raw(0x45)
                        .begin(4)
                        .i32(0)
                        .raw(0x0f)
                        .end()
                        .get(0)
                        .i32(1)
                        .sub()
                        .op(RETURN_CALL, 0));
        // an ordinary caller, whose frame stays
        wasm.function(
                "both", type, "", code().get(0).call(0).get(0).call(1).i32(10).raw(0x6c).add());
        try (var instance = instantiate(wasm)) {
            assertEquals(1, call(instance, "even", DEEP));
            assertEquals(0, call(instance, "odd", DEEP));
            assertEquals(10, call(instance, "both", 1001));
            assertEquals(1, call(instance, "both", 1000));
        }
    }

    /// The parameters change places each time; a local starts at zero each time.
    @Test
    void ofItself() {
        var wasm = new WasmAssembler();
        int type = wasm.type("lli", "l");
        wasm.function(
                "fibonacci",
                type,
                "l",
                code().get(3)
                        .get(0)
                        .raw(0x7c)
                        .set(3)
                        .get(2)
                        .raw(0x45)
                        .begin(4)
                        .get(3)
                        .raw(0x0f)
                        .end()
                        .get(1)
                        .get(0)
                        .get(1)
                        .raw(0x7c)
                        .get(2)
                        .i32(1)
                        .sub()
                        .op(RETURN_CALL, 0));
        try (var instance = instantiate(wasm)) {
            assertEquals(55L, call(instance, "fibonacci", 0L, 1L, 10));
            assertEquals(12586269025L, call(instance, "fibonacci", 0L, 1L, 50));
            call(instance, "fibonacci", 0L, 1L, DEEP);
        }
    }

    /// A walk over the elements of a table, each of which goes to the next; with two results.
    @Test
    void throughATable() {
        var wasm = new WasmAssembler();
        int type = wasm.type("il", "il");
        int other = wasm.type("i", "i");
        wasm.table(4, 4);
        var functions = new int[3];
        for (int i = 0; i < functions.length; i++)
            functions[i] =
                    wasm.function(
                            type,
                            "",
                            code().get(0)
                                    .raw(0x45)
                                    .begin(4)
                                    .i32(100 + i)
                                    .get(1)
                                    .raw(0x0f)
                                    .end()
                                    .get(0)
                                    .i32(1)
                                    .sub()
                                    .get(1)
                                    .i64(i)
                                    .raw(0x7c)
                                    .i32((i + 1) % 3)
                                    .op(RETURN_CALL_INDIRECT, type, 0));
        int unary = wasm.function(other, "", code().get(0));
        wasm.elements(0, functions[0], functions[1], functions[2], unary);
        wasm.function(
                "start", type, "", code().get(0).get(1).get(0).op(RETURN_CALL_INDIRECT, type, 0));
        wasm.export("walk", WasmAssembler.FUNCTION, functions[0]);
        try (var instance = instantiate(wasm)) {
            assertArrayEquals(
                    new Object[] {101, 999_999L}, (Object[]) call(instance, "walk", 1_000_000, 0L));
            assertTraps(Kind.SIGNATURE_MISMATCH, instance, "start", 3, 0L);
            assertTraps(Kind.UNDEFINED_ELEMENT, instance, "start", 4, 0L);
            assertArrayEquals(new Object[] {101, 2L}, (Object[]) call(instance, "start", 2, 0L));
        }
    }

    static int addOne(@Nullable Object context, int x) {
        return x + 1;
    }

    @Test
    void ofTheHost() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int host = wasm.importFunction("host", "addOne", type);
        wasm.function("direct", type, "", code().get(0).op(RETURN_CALL, host));
        wasm.table(1, 1);
        wasm.elements(0, host);
        wasm.function("indirect", type, "", code().get(0).i32(0).op(RETURN_CALL_INDIRECT, type, 0));
        var function = host(LOOKUP, EngineTailCalls.class, "addOne", 1, 1);
        try (var instance = instantiate(load(wasm), Map.of("host.addOne", function), null)) {
            assertEquals(8, call(instance, "direct", 7));
            assertEquals(9, call(instance, "indirect", 8));
        }
    }

    /// A callee of another type, with more and wider parameters.
    @Test
    void ofOtherTypes() {
        var wasm = new WasmAssembler();
        int narrow = wasm.type("i", "d");
        int wide = wasm.type("dlfi", "d");
        wasm.function(
                "narrow",
                narrow,
                "",
                code().get(0)
                        .raw(0xb7)
                        .i64(5)
                        .raw(0x43, 0, 0, 0x20, 0x40)
                        .get(0)
                        .op(RETURN_CALL, 1));
        wasm.function(
                "wide",
                wide,
                "",
                code().get(3)
                        .i32(3)
                        .raw(0x4a)
                        .begin(4)
                        .get(3)
                        .i32(1)
                        .sub()
                        .op(RETURN_CALL, 0)
                        .end()
                        .get(0)
                        .get(1)
                        .raw(0xb9, 0xa0)
                        .get(2)
                        .raw(0xbb, 0xa0));
        try (var instance = instantiate(wasm)) {
            assertEquals(3 + 5 + 2.5, call(instance, "narrow", 3));
            assertEquals(3 + 5 + 2.5, call(instance, "narrow", 1_000_000));
        }
    }

    @Test
    void areInterrupted() throws InterruptedException {
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        wasm.function("ping", type, "", code().op(RETURN_CALL, 1));
        wasm.function("pong", type, "", code().op(RETURN_CALL, 0));
        wasm.function("self", type, "", code().op(RETURN_CALL, 2));
        try (var instance = instantiate(wasm)) {
            for (var function : new String[] {"ping", "self"}) {
                var thrown = new AtomicReference<@Nullable Throwable>();
                var thread =
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            try {
                                                call(instance, function);
                                            } catch (Trap e) {
                                                thrown.set(e);
                                            }
                                        });
                Thread.sleep(100);
                assertTrue(thread.isAlive());
                instance.interrupt();
                assertTrue(thread.join(Duration.ofSeconds(5)), function + " still runs");
                assertEquals(Kind.INTERRUPTED, assertInstanceOf(Trap.class, thrown.get()).kind());
            }
        }
    }

    /// What is called last is called from outside of the `try`.
    @Test
    void leaveHandlersBehind() {
        assumeTrue(engine().features().contains(Engine.Feature.LEGACY_EXCEPTIONS));
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int tag = wasm.tag(wasm.type("", ""));
        // throws if it is given 0, else calls itself by way of the next
        wasm.function(
                "thrower",
                type,
                "",
                code().get(0)
                        .raw(0x45)
                        .begin(4)
                        .op(0x08, tag)
                        .end()
                        .get(0)
                        .i32(1)
                        .sub()
                        .op(RETURN_CALL, 1));
        wasm.function(
                "passer",
                type,
                "",
                code().raw(0x06, 0x7f).get(0).op(RETURN_CALL, 0).raw(0x19).i32(-1).end());
        wasm.function(
                "catcher", type, "", code().raw(0x06, 0x7f).get(0).call(1).raw(0x19).i32(-2).end());
        try (var instance = instantiate(wasm)) {
            assertTraps(Kind.UNCAUGHT_EXCEPTION, instance, "passer", 0);
            assertTraps(Kind.UNCAUGHT_EXCEPTION, instance, "passer", 3);
            assertEquals(-2, call(instance, "catcher", 3));
        }
    }
}
