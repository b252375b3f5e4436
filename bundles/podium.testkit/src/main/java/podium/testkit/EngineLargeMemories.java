package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.Instance;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Trap.Kind;

/// A memory of 4 GiB: addresses are unsigned.
abstract class EngineLargeMemories extends EngineFixture {

    private static final int PAGES = 65_536;
    private static final long GIB = 1L << 30;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /// The opcodes of plain loads and stores from the first on, and what they load and store.
    private static final String LOADED = "ilfdiiiillllll";

    private static final String STORED = "ilfdiilll";

    private static final int[] WIDTHS = {
        4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4
    };

    private WasmAssembler module() {
        var wasm = new WasmAssembler();
        int bulk = wasm.type("iii", "");
        wasm.memory(1, PAGES);
        for (int i = 0; i < LOADED.length(); i++) {
            int type = wasm.type("i", LOADED.substring(i, i + 1));
            wasm.function("load" + i, type, "", code().get(0).op(0x28 + i, 0, 0));
            wasm.function("far" + i, type, "", code().get(0).op(0x28 + i, 0, 0x80000000));
        }
        for (int i = 0; i < STORED.length(); i++) {
            var body = code().get(0);
            switch (STORED.charAt(i)) {
                case 'i' -> body.i32(-1);
                case 'l' -> body.i64(-1);
                case 'f' -> body.i32(-1).raw(0xbe);
                default -> body.i64(-1).raw(0xbf);
            }
            wasm.function("store" + i, wasm.type("i", ""), "", body.op(0x36 + i, 0, 0));
        }
        wasm.function("grow", wasm.type("i", "i"), "", code().get(0).raw(0x40, 0));
        wasm.function("copy", bulk, "", code().get(0).get(1).get(2).raw(0xfc, 10, 0, 0));
        wasm.function("fill", bulk, "", code().get(0).get(1).get(2).raw(0xfc, 11, 0));
        wasm.function("init", bulk, "", code().get(0).get(1).get(2).raw(0xfc, 8, 0, 0));
        wasm.passiveData("abcdefgh");
        return wasm;
    }

    private static MemorySegment grown(Instance instance) {
        assertEquals(1, call(instance, "grow", PAGES - 1));
        var memory = instance.memory();
        Assertions.assertNotNull(memory);
        assertEquals(4 * GIB, memory.size());
        return memory.segment();
    }

    @Test
    void plainAccess() {
        try (var instance = instantiate(module())) {
            var memory = grown(instance);
            long[] places = {2 * GIB - 8, 2 * GIB, 3 * GIB + 5, 4 * GIB - 8};
            for (long place : places) memory.set(LONG, place, 0x0102030405060708L);
            for (int i = 0; i < LOADED.length(); i++) {
                for (long place : places) {
                    assertEquals(
                            call(instance, "load" + i, (int) places[0]),
                            call(instance, "load" + i, (int) place));
                    if (place >= 2 * GIB)
                        assertEquals(
                                call(instance, "load" + i, (int) place),
                                call(instance, "far" + i, (int) (place - 2 * GIB)));
                }
                int last = -WIDTHS[i];
                call(instance, "load" + i, last);
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "far" + i, Integer.MIN_VALUE);
                if (last < -1) {
                    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load" + i, last + 1);
                    assertTraps(
                            Kind.MEMORY_OUT_OF_BOUNDS,
                            instance,
                            "far" + i,
                            Integer.MAX_VALUE + last + 2);
                }
            }
        }
    }

    @Test
    void plainStores() {
        try (var instance = instantiate(module())) {
            var memory = grown(instance);
            for (int i = 0; i < STORED.length(); i++) {
                int width = WIDTHS[LOADED.length() + i];
                for (long place : new long[] {2 * GIB - 1, 2 * GIB, 3 * GIB + 1, 4 * GIB - width}) {
                    call(instance, "store" + i, (int) place);
                    for (int b = 0; b < width; b++) {
                        assertEquals(-1, memory.get(ValueLayout.JAVA_BYTE, place + b));
                        memory.set(ValueLayout.JAVA_BYTE, place + b, (byte) 0);
                    }
                }
                if (width == 1) continue;
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "store" + i, 1 - width);
                assertEquals(0, memory.get(ValueLayout.JAVA_BYTE, 4 * GIB - 1));
            }
        }
    }

    @Test
    void bulk() {
        try (var instance = instantiate(module())) {
            var memory = grown(instance);
            call(instance, "init", (int) (3 * GIB), 0, 8);
            assertEquals(0x6867666564636261L, memory.get(LONG, 3 * GIB));
            call(instance, "copy", (int) (2 * GIB - 4), (int) (3 * GIB), 8);
            assertEquals(0x6867666564636261L, memory.get(LONG, 2 * GIB - 4));
            call(instance, "copy", -8, (int) (2 * GIB - 4), 8);
            assertEquals(0x6867666564636261L, memory.get(LONG, 4 * GIB - 8));
            call(instance, "fill", (int) (2 * GIB - 2), 0x7a, 4);
            assertEquals(0x68677a7a7a7a6261L, memory.get(LONG, 2 * GIB - 4));
            call(instance, "fill", 0, 0, 0);
            for (var function : new String[] {"copy", "fill"}) {
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, function, -8, 0, 9);
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, function, -1, 0, -1);
            }
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "copy", 0, -8, 9);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "init", -7, 0, 8);
            // more than 2 GiB at once, of untouched pages
            call(instance, "copy", 1 << 20, 1 << 20, (int) (3 * GIB));
        }
    }

    @Test
    void atomics() {
        assumeTrue(engine().features().contains(Engine.Feature.THREADS));
        var wasm = new WasmAssembler();
        int binary = wasm.type("ii", "i");
        wasm.importMemory("env", "memory", 1, PAGES, true);
        for (int op : new int[] {0x1e, 0x20, 0x21, 0x41, 0x43})
            wasm.function("op" + op, binary, "", code().get(0).get(1).atomic(op, align(op), 0));
        wasm.function(
                "exchange",
                wasm.type("iii", "i"),
                "",
                code().get(0).get(1).get(2).atomic(0x48, 2, 0));
        wasm.function("load", wasm.type("i", "l"), "", code().get(0).atomic(0x11, 3, 0));
        wasm.function("notify", binary, "", code().get(0).get(1).atomic(0, 2, 0));
        wasm.function("wait", binary, "", code().get(0).get(1).i64(0).atomic(1, 2, 0));
        try (Memory memory = engine().newMemory(new MemoryType(1, PAGES, true));
                var instance = instantiate(load(wasm), Map.of("env.memory", memory), null)) {
            memory.grow(PAGES - 1);
            int place = (int) (3 * GIB);
            assertEquals(0, call(instance, "op" + 0x1e, place, 5));
            assertEquals(5, call(instance, "op" + 0x20, place, 1));
            assertEquals(6, call(instance, "op" + 0x21, place, 256));
            assertEquals(262, call(instance, "op" + 0x41, place, 7));
            assertEquals(7, call(instance, "op" + 0x43, place + 0, 8));
            assertEquals(8, call(instance, "exchange", place, 8, 9));
            assertEquals(9L, call(instance, "load", place));
            assertEquals(1, call(instance, "wait", place, 8));
            assertEquals(2, call(instance, "wait", place, 9));
            assertEquals(0, call(instance, "notify", place, 1));
            assertEquals(0L, call(instance, "load", -8));
            assertTraps(Kind.UNALIGNED_ATOMIC, instance, "load", -12);
            assertEquals(9L, memory.segment().get(LONG, 3 * GIB));
        }
    }

    /// Log2 of the widths of the atomic operations tested.
    private static int align(int op) {
        return switch (op) {
            case 0x20, 0x43 -> 0;
            case 0x21 -> 1;
            default -> 2;
        };
    }
}
