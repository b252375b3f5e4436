package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.Extern;
import podium.engine.Instance;
import podium.engine.Trap;
import podium.engine.Trap.Kind;

/// Every trap is seen by its kind, and the instance goes on afterwards.
abstract class EngineTraps extends EngineFixture {

    @Test
    void unreachable() {
        var wasm = new WasmAssembler();
        int inner = wasm.function("inner", wasm.type("", ""), "", code().raw(0));
        wasm.function("outer", 0, "", code().call(inner));
        try (var instance = instantiate(wasm)) {
            var trap = assertTraps(Kind.UNREACHABLE, instance, "outer");
            assertFalse(trap.frames().isEmpty());
            assertEquals("inner", trap.frames().get(0).name());
            assertEquals("outer", trap.frames().get(1).name());
        }
    }

    @Test
    void arithmetic() {
        var wasm = new WasmAssembler();
        int ints = wasm.type("ii", "i");
        int longs = wasm.type("ll", "l");
        wasm.function("div", ints, "", code().get(0).get(1).raw(0x6d));
        wasm.function("udiv", ints, "", code().get(0).get(1).raw(0x6e));
        wasm.function("rem", ints, "", code().get(0).get(1).raw(0x6f));
        wasm.function("ldiv", longs, "", code().get(0).get(1).raw(0x7f));
        wasm.function("trunc", wasm.type("d", "i"), "", code().get(0).raw(0xaa));
        try (var instance = instantiate(wasm)) {
            assertTraps(Kind.DIVIDE_BY_ZERO, instance, "div", 1, 0);
            assertTraps(Kind.INTEGER_OVERFLOW, instance, "div", Integer.MIN_VALUE, -1);
            assertTraps(Kind.DIVIDE_BY_ZERO, instance, "udiv", 1, 0);
            assertTraps(Kind.DIVIDE_BY_ZERO, instance, "rem", 1, 0);
            assertEquals(0, call(instance, "rem", Integer.MIN_VALUE, -1));
            assertTraps(Kind.DIVIDE_BY_ZERO, instance, "ldiv", 1L, 0L);
            assertTraps(Kind.INTEGER_OVERFLOW, instance, "ldiv", Long.MIN_VALUE, -1L);
            assertTraps(Kind.INVALID_CONVERSION, instance, "trunc", Double.NaN);
            assertTraps(
                    exactly(Kind.INTEGER_OVERFLOW, Kind.INVALID_CONVERSION),
                    instance,
                    "trunc",
                    2147483648.0);
            assertEquals(Integer.MAX_VALUE, call(instance, "trunc", 2147483647.5));
        }
    }

    private Instance memory(int maximum) {
        var wasm = new WasmAssembler();
        wasm.memory(1, maximum);
        wasm.function("load", wasm.type("i", "i"), "", code().get(0).load(0));
        wasm.function("loadAt8", 0, "", code().get(0).load(8));
        wasm.function("loadFar", 0, "", code().get(0).load(0xffffffff));
        wasm.function("store", wasm.type("ii", ""), "", code().get(0).get(1).store(0));
        wasm.function(
                "fill", wasm.type("iii", ""), "", code().get(0).get(1).get(2).raw(0xfc, 11, 0));
        wasm.function("copy", 2, "", code().get(0).get(1).get(2).raw(0xfc, 10, 0, 0));
        return instantiate(wasm);
    }

    private void boundaries(int maximum) {
        try (var instance = memory(maximum)) {
            assertEquals(0, call(instance, "load", 65_532));
            assertEquals(0, call(instance, "loadAt8", 65_524));
            for (int address : new int[] {65_533, 65_536, Integer.MAX_VALUE, -1, -4, -65_536})
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load", address);
            for (int address : new int[] {65_525, -8, -4, -1, Integer.MIN_VALUE})
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "loadAt8", address);
            for (int address : new int[] {0, 1, 4, -1})
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "loadFar", address);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "store", 65_533, 1);
            assertEquals(0, call(instance, "load", 65_532), "a store that trapped wrote something");
            call(instance, "fill", 65_536, 1, 0);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "fill", 65_537, 1, 0);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "fill", 1, 1, -1);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "copy", 65_530, 0, 7);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "copy", 0, 65_530, 7);
        }
    }

    @Test
    void smallMemory() {
        boundaries(16);
    }

    @Test
    void memoryOf4GiB() {
        boundaries(65_536);
    }

    @Test
    void indirectCalls() {
        var wasm = new WasmAssembler();
        int ints = wasm.type("i", "i");
        int none = wasm.type("", "");
        wasm.table(4, 4);
        int id = wasm.function(ints, "", code().get(0));
        int nothing = wasm.function(none, "", code());
        wasm.function("call", ints, "", code().i32(5).get(0).op(0x11, ints, 0));
        wasm.elements(0, id, nothing);
        try (var instance = instantiate(wasm)) {
            assertEquals(5, call(instance, "call", 0));
            assertTraps(Kind.SIGNATURE_MISMATCH, instance, "call", 1);
            assertTraps(Kind.NULL_REFERENCE, instance, "call", 2);
            assertTraps(Kind.UNDEFINED_ELEMENT, instance, "call", 4);
            assertTraps(Kind.UNDEFINED_ELEMENT, instance, "call", -1);
        }
    }

    @Test
    void stackOverflow() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int deep = wasm.function("deep", type, "", code().get(0).i32(1).add().call(0).get(0).add());
        wasm.function("ping", type, "", code().get(0).call(deep + 2));
        wasm.function("pong", type, "", code().get(0).call(deep + 1).i32(1).add());
        wasm.function("fine", type, "", code().get(0));
        try (var instance = instantiate(wasm)) {
            for (int i = 0; i < 5; i++) {
                assertTraps(Kind.STACK_OVERFLOW, instance, "deep", 0);
                assertTraps(Kind.STACK_OVERFLOW, instance, "ping", 0);
                assertEquals(7, call(instance, "fine", 7));
            }
        }
    }

    static int fails(@Nullable Object context, int x) {
        throw new IllegalStateException("failure " + x);
    }

    /// Through functions imported from another instance, and through its table.
    @Test
    void passOtherInstances() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int fails = wasm.importFunction("host", "fails", type);
        wasm.table(3, 3);
        wasm.export("table", 1, 0);
        int divide = wasm.function("divide", type, "", code().i32(1).get(0).raw(0x6d));
        int unreachable = wasm.function("unreachable", type, "", code().raw(0));
        int failing = wasm.function("failing", type, "", code().get(0).call(fails));
        wasm.elements(0, divide, unreachable, failing);
        var host = host(MethodHandles.lookup(), EngineTraps.class, "fails", 1, 1);
        try (var other = instantiate(load(wasm), Map.of("host.fails", host), null)) {
            passOther(other);
        }
    }

    private void passOther(Instance other) {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        var names = new String[] {"divide", "unreachable", "failing"};
        var externs = new HashMap<String, Extern>();
        for (var name : names) {
            wasm.importFunction("other", name, type);
            externs.put("other." + name, Objects.requireNonNull(other.function(name)));
        }
        wasm.importTable("other", "table", 3, 3);
        externs.put("other.table", Objects.requireNonNull(other.export("table")));
        for (int i = 0; i < names.length; i++) {
            wasm.function(names[i], type, "", code().get(0).call(i));
            var indirect = code().get(0).i32(i).op(0x11, type, 0);
            wasm.function(names[i] + "Indirect", type, "", indirect);
        }
        try (var instance = instantiate(load(wasm), externs, null)) {
            for (var way : new String[] {"", "Indirect"}) {
                assertEquals(1, call(instance, "divide" + way, 1));
                assertTraps(Kind.DIVIDE_BY_ZERO, instance, "divide" + way, 0);
                assertTraps(Kind.UNREACHABLE, instance, "unreachable" + way, 0);
                var failure =
                        assertThrows(
                                IllegalStateException.class,
                                () -> call(instance, "failing" + way, 7));
                assertEquals("failure 7", failure.getMessage());
            }
        }
    }

    static int same(@Nullable Object context, int x) {
        return x;
    }

    /// Each level calls the host, and the guest would catch whatever can be caught.
    @Test
    void stackOverflowOfCallsToTheHost() {
        assumeTrue(engine().features().contains(Engine.Feature.LEGACY_EXCEPTIONS));
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int same = wasm.importFunction("host", "same", type);
        int deep = wasm.function(type, "", code().get(0).call(same).call(1).i32(1).add());
        wasm.function(
                "catch",
                type,
                "",
                code().raw(0x06, 0x7f).get(0).call(deep).raw(0x19).i32(-1).end());
        var host = host(MethodHandles.lookup(), EngineTraps.class, "same", 1, 1);
        try (var instance = instantiate(load(wasm), Map.of("host.same", host), null)) {
            for (int i = 0; i < 2; i++) assertTraps(Kind.STACK_OVERFLOW, instance, "catch", 0);
        }
    }

    /// What host functions may rely on, in calls of Java.
    private static final int ROOM = 200;

    private static int nested(int depth) {
        return depth == 0 ? 0 : nested(depth - 1) + 1;
    }

    static int roomy(@Nullable Object context, int x) {
        return x + nested(ROOM) - ROOM;
    }

    /// However large the frames of guest code turn out: those of `wide` have parameters that nobody
    /// looks at, and HotSpot's compilers find sizes of their own for `narrow`.
    @Test
    void hostFunctionsHaveRoom() throws InterruptedException {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int many = wasm.type("i" + "l".repeat(120), "i");
        int roomy = wasm.importFunction("host", "roomy", type);
        int narrow =
                wasm.function("narrow", type, "", code().get(0).call(roomy).call(1).i32(1).add());
        var again = code().get(0).call(roomy);
        for (int i = 0; i < 120; i++) again.i64(i);
        int wide = wasm.function(many, "", again.call(narrow + 1).i32(1).add());
        var first = code().get(0);
        for (int i = 0; i < 120; i++) first.i64(i);
        wasm.function("wide", type, "", first.call(wide));
        var host = host(MethodHandles.lookup(), EngineTraps.class, "roomy", 1, 1);
        for (int kib : new int[] {256, 1024, 8192})
            try (var instance = instantiate(load(wasm), Map.of("host.roomy", host), null)) {
                for (var function : new String[] {"wide", "narrow"})
                    for (int i = 0; i < 3; i++) assertOverflows(instance, function, kib);
            }
    }

    private static void assertOverflows(Instance instance, String function, int kib)
            throws InterruptedException {
        var thrown = new AtomicReference<@Nullable Throwable>();
        var thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                call(instance, function, 0);
                            } catch (Throwable e) {
                                thrown.set(e);
                            }
                        },
                        "stack of " + kib + " KiB",
                        (long) kib << 10);
        thread.start();
        thread.join();
        assertEquals(Kind.STACK_OVERFLOW, assertInstanceOf(Trap.class, thrown.get()).kind());
    }

    static int again(@Nullable Object context, int x) {
        var box = (Instance[]) Objects.requireNonNull(context);
        return (Integer) Objects.requireNonNull(call(box[0], "run", x + 1)) + 1;
    }

    /// Host and guest call one another without end, and either may be the one that has no stack
    /// left.
    @Test
    void stackOverflowOfHostAndGuest() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int again = wasm.importFunction("host", "again", type);
        wasm.function("run", type, "", code().get(0).call(again));
        wasm.function("fine", type, "", code().get(0));
        var box = new Instance[1];
        var host = host(MethodHandles.lookup(), EngineTraps.class, "again", 1, 1);
        try (var instance = instantiate(load(wasm), Map.of("host.again", host), box)) {
            box[0] = instance;
            for (int i = 0; i < 2; i++) {
                var thrown = assertThrows(Throwable.class, () -> call(instance, "run", 0));
                if (!(thrown instanceof StackOverflowError))
                    assertEquals(Kind.STACK_OVERFLOW, assertInstanceOf(Trap.class, thrown).kind());
                assertEquals(7, call(instance, "fine", 7));
            }
        }
    }

    /// An access beyond memory traps after what is to be stored was computed.
    @Test
    void comeInOrder() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "");
        wasm.memory(1, 1);
        wasm.table(1, 1);
        var divided = code().i32(-1).i32(1).get(0).raw(0x6d).store(0);
        wasm.function("divided", type, "", divided);
        var wide = code().i32(-1).i64(1).get(0).raw(0xac, 0x81).op(0x37, 3, 0);
        wasm.function("wide", type, "", wide);
        var converted = code().i32(-1).raw(0x43, 0, 0, 0xc0, 0x7f, 0xa8).store(0);
        wasm.function("converted", type, "", converted);
        var element = code().i32(-1).get(0).raw(0x25, 0, 0xd1).store(0);
        wasm.function("element", type, "", element);
        try (var instance = instantiate(wasm)) {
            assertTraps(Kind.DIVIDE_BY_ZERO, instance, "divided", 0);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "divided", 1);
            assertTraps(Kind.DIVIDE_BY_ZERO, instance, "wide", 0);
            assertTraps(Kind.INVALID_CONVERSION, instance, "converted", 0);
            var beyond = exactly(Kind.TABLE_OUT_OF_BOUNDS, Kind.UNDEFINED_ELEMENT);
            assertTraps(beyond, instance, "element", 1);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "element", 0);
        }
    }
}
