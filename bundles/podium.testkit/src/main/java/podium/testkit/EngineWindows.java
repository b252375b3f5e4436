package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.Extern;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Memory;
import podium.engine.MemoryImage;
import podium.engine.MemoryType;
import podium.engine.Snapshot;
import podium.engine.Trap.Kind;

/// Memories within a memory: the bytes are the same ones, and nothing gets out.
abstract class EngineWindows extends EngineFixture {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int PAGE = MemoryType.PAGE;

    /// Where the window lies in the memory around it: not at a page of WebAssembly's.
    private static final int OFFSET = 4096;

    private static final Memory.Growth NEVER = (_, _) -> false;

    @BeforeEach
    void windows() {
        assumeTrue(engine().features().contains(Engine.Feature.WINDOWS));
    }

    private static WasmAssembler module(boolean imported) {
        var wasm = new WasmAssembler();
        int unary = wasm.type("i", "i");
        int ternary = wasm.type("iii", "");
        if (imported) wasm.importMemory("env", "memory", 1, 4, false);
        else wasm.memory(1, 4);
        wasm.function("load", unary, "", code().get(0).load(0));
        wasm.function("far", unary, "", code().get(0).load(0x7fff_0000));
        wasm.function("store", wasm.type("ii", ""), "", code().get(0).get(1).store(0));
        wasm.function("grow", unary, "", code().get(0).raw(0x40, 0));
        wasm.function("size", wasm.type("", "i"), "", code().raw(0x3f, 0));
        wasm.function("fill", ternary, "", code().get(0).get(1).get(2).raw(0xfc, 11, 0));
        wasm.function("copy", ternary, "", code().get(0).get(1).get(2).raw(0xfc, 10, 0, 0));
        return wasm;
    }

    private Memory around() {
        return engine().newMemory(new MemoryType(4, 8, false));
    }

    private Instance within(Memory window) {
        return instantiate(load(module(true)), Map.of("env.memory", window), null);
    }

    @Test
    void sharesTheBytes() {
        try (var memory = around()) {
            var window = memory.window(OFFSET, new MemoryType(1, 1, false), NEVER);
            assertEquals(1, window.pages());
            assertEquals(PAGE, window.segment().byteSize());
            assertEquals(
                    memory.segment().address() + OFFSET,
                    window.segment().address(),
                    "it begins where it was told to");
            try (var instance = within(window)) {
                memory.segment().set(INT, OFFSET + 8, 77);
                assertEquals(77, call(instance, "load", 8));
                call(instance, "store", PAGE - 4, 0x1234);
                assertEquals(0x1234, memory.segment().get(INT, OFFSET + PAGE - 4));
            }
            assertEquals(0, window.resident(), "its bytes are those of the memory around");
            window.close();
            assertEquals(77, memory.segment().get(INT, OFFSET + 8), "the memory around stays");
        }
    }

    @Test
    void nothingGetsOut() {
        try (var memory = around()) {
            memory.segment().fill((byte) 0x55);
            var window = memory.window(OFFSET, new MemoryType(1, 1, false), NEVER);
            try (var instance = within(window)) {
                for (int address : new int[] {PAGE - 3, PAGE, -1, -OFFSET, Integer.MIN_VALUE}) {
                    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load", address);
                    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "far", address);
                    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "store", address, 1);
                    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "fill", address, 1, 4);
                    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "copy", 0, address, 4);
                    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "copy", address, 0, 4);
                }
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "fill", 0, 1, PAGE + 1);
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "fill", 0, 1, -1);
                call(instance, "fill", 0, 0, PAGE);
            }
            assertEquals(0x55, memory.segment().get(ValueLayout.JAVA_BYTE, OFFSET - 1));
            assertEquals(0x55, memory.segment().get(ValueLayout.JAVA_BYTE, OFFSET + PAGE));
        }
    }

    @Test
    void liesWithinTheMemory() {
        try (var memory = around()) {
            var type = new MemoryType(1, 8, false);
            for (long offset : new long[] {-1, 3 * PAGE + 1, 4 * PAGE, 1L << 40, Long.MIN_VALUE})
                assertThrows(
                        IndexOutOfBoundsException.class, () -> memory.window(offset, type, NEVER));
            assertEquals(1, memory.window(3 * PAGE, type, NEVER).pages());
            assertEquals(0, memory.window(4 * PAGE, new MemoryType(0, 1, false), NEVER).pages());
        }
    }

    @Test
    void growsWhenItMay() {
        try (var memory = around()) {
            long[] asked = new long[2];
            boolean[] answer = new boolean[1];
            Memory.Growth growth =
                    (before, after) -> {
                        asked[0] = before;
                        asked[1] = after;
                        return answer[0];
                    };
            var window = memory.window(OFFSET, new MemoryType(1, 3, false), growth);
            try (var instance = within(window)) {
                assertEquals(-1, call(instance, "grow", 1));
                assertEquals(PAGE, asked[0]);
                assertEquals(2 * PAGE, asked[1]);
                assertEquals(1, call(instance, "size"));
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load", PAGE);
                answer[0] = true;
                assertEquals(1, call(instance, "grow", 1));
                call(instance, "store", 2 * PAGE - 4, 9);
                assertEquals(9, memory.segment().get(INT, OFFSET + 2 * PAGE - 4));
                assertEquals(2, window.grow(1));
                assertEquals(3, call(instance, "size"));
                asked[0] = 0;
                assertEquals(-1, window.grow(1), "beyond its maximum");
                assertEquals(-1, window.grow(-1));
                assertEquals(0, asked[0], "who is asked need not look at the maximum");
            }
        }
    }

    @Test
    void takesThePlaceOfAModulesOwn() throws LinkException {
        try (var memory = around()) {
            var declared = new MemoryType[1];
            var imports =
                    new Imports() {
                        @Override
                        public @Nullable Extern resolve(ImportType wanted) {
                            return null;
                        }

                        @Override
                        public Memory memory(MemoryType type) {
                            declared[0] = type;
                            return memory.window(OFFSET, type, NEVER);
                        }
                    };
            try (var instance = load(module(false)).instantiate(imports, null)) {
                assertEquals(new MemoryType(1, 4, false), declared[0]);
                call(instance, "store", 0, 5);
                assertEquals(5, memory.segment().get(INT, OFFSET));
            }
            assertEquals(5, memory.segment().get(INT, OFFSET), "it is not closed with it");
        }
    }

    /// The content of a window is frozen with the memory around it.
    @Test
    void thawsAroundWhatIsThere() throws LinkException {
        var module = load(module(false));
        try (var memory = around()) {
            var imports = windows(memory, (_, _) -> true);
            Snapshot state;
            try (var instance = module.instantiate(imports, null)) {
                assertEquals(1, call(instance, "grow", 1));
                call(instance, "store", PAGE, 5);
                state = instance.freeze();
            }
            var empty = new MemoryImage(2, new int[0], new byte[0]);
            var rest =
                    new Snapshot(
                            state.sha256(),
                            List.of(empty),
                            state.globals(),
                            state.tables(),
                            state.droppedData(),
                            state.droppedElements());
            var again = windows(memory, NEVER);
            try (var instance = module.thaw(rest, again, null)) {
                assertEquals(2, call(instance, "size"));
                assertEquals(5, call(instance, "load", PAGE));
                assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load", 2 * PAGE);
            }
        }
    }

    /// Has each memory that a module declares be a window.
    private static Imports windows(Memory memory, Memory.Growth growth) {
        return new Imports() {
            @Override
            public @Nullable Extern resolve(ImportType wanted) {
                return null;
            }

            @Override
            public Memory memory(MemoryType declared) {
                return memory.window(OFFSET, declared, growth);
            }
        };
    }

    @Test
    void refusesAnotherTypeForAModulesOwn() {
        try (var memory = around()) {
            var module = load(module(false));
            for (var type :
                    new MemoryType[] {new MemoryType(2, 4, false), new MemoryType(1, 5, false)}) {
                var imports =
                        new Imports() {
                            @Override
                            public @Nullable Extern resolve(ImportType wanted) {
                                return null;
                            }

                            @Override
                            public Memory memory(MemoryType declared) {
                                return memory.window(0, type, NEVER);
                            }
                        };
                assertThrows(
                        IllegalArgumentException.class, () -> module.instantiate(imports, null));
            }
        }
    }

    @Test
    void endsWithTheMemoryAround() {
        var memory = around();
        var window = memory.window(OFFSET, new MemoryType(1, 1, false), NEVER);
        var view = window.segment();
        assertTrue(view.scope().isAlive());
        assertSame(window.segment().scope(), memory.segment().scope());
        memory.close();
        assertFalse(view.scope().isAlive());
    }
}
