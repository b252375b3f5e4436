package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import podium.engine.Extern;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap.Kind;

/// Linear memories, seen from both sides.
abstract class EngineMemories extends EngineFixture {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private WasmAssembler module(boolean imported) {
        var wasm = new WasmAssembler();
        int unary = wasm.type("i", "i");
        if (imported) wasm.importMemory("env", "memory", 1, 8, false);
        else wasm.memory(1, 8);
        wasm.function("load", unary, "", code().get(0).load(0));
        wasm.function("store", wasm.type("ii", ""), "", code().get(0).get(1).store(0));
        wasm.function("grow", unary, "", code().get(0).raw(0x40, 0));
        wasm.function("size", wasm.type("", "i"), "", code().raw(0x3f, 0));
        wasm.export("memory", WasmAssembler.MEMORY, 0);
        return wasm;
    }

    private static Memory memory(Instance instance) {
        var memory = instance.memory();
        assertNotNull(memory);
        return memory;
    }

    @Test
    void isSharedWithTheHost() {
        try (var instance = instantiate(module(false))) {
            var memory = memory(instance);
            assertSame(memory, instance.export("memory"));
            MemorySegment view = memory.segment();
            assertEquals(MemoryType.PAGE, view.byteSize());
            view.set(INT, 100, 0x12345678);
            assertEquals(0x12345678, call(instance, "load", 100));
            call(instance, "store", 200, -2);
            assertEquals(-2, view.get(INT, 200));
        }
    }

    @Test
    void growsInPlace() {
        try (var instance = instantiate(module(false))) {
            var memory = memory(instance);
            var before = memory.segment();
            call(instance, "store", 0, 42);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load", MemoryType.PAGE);
            assertEquals(1, call(instance, "grow", 2));
            assertEquals(3, call(instance, "size"));
            assertEquals(3, memory.pages());
            assertEquals(0, call(instance, "load", MemoryType.PAGE));
            assertEquals(42, before.get(INT, 0));
            assertEquals(before.address(), memory.segment().address());
            assertEquals(3, memory.grow(5));
            assertEquals(8, call(instance, "size"));
            assertEquals(0, call(instance, "load", 8 * MemoryType.PAGE - 4));
            assertEquals(-1, call(instance, "grow", 1));
            assertEquals(-1, call(instance, "grow", -1));
            assertEquals(-1, memory.grow(1));
            assertEquals(8, call(instance, "grow", 0));
        }
    }

    @Test
    void isSharedByInstances() {
        var module = load(module(true));
        try (var memory = engine().newMemory(new MemoryType(1, 8, false))) {
            try (var one = instantiate(module, Map.of("env.memory", memory), null);
                    var two = instantiate(module, Map.of("env.memory", memory), null)) {
                call(one, "store", 64, 5);
                assertEquals(5, call(two, "load", 64));
                assertEquals(1, call(one, "grow", 3));
                call(two, "store", 3 * MemoryType.PAGE, 9);
                assertEquals(9, call(one, "load", 3 * MemoryType.PAGE));
            }
            assertEquals(5, memory.segment().get(INT, 64), "an instance closed what it imported");
        }
    }

    @Test
    void makesAMemoryNobodyProvides() {
        try (var instance = instantiate(module(true))) {
            assertEquals(1, memory(instance).pages());
            call(instance, "store", 0, 1);
            assertEquals(1, call(instance, "load", 0));
        }
    }

    private static Imports limited(int pages) {
        return new Imports() {
            @Override
            public @Nullable Extern resolve(ImportType wanted) {
                return null;
            }

            @Override
            public int memoryLimit() {
                return pages;
            }
        };
    }

    @Test
    void keepsToTheLimit() throws LinkException {
        for (boolean imported : new boolean[] {false, true}) {
            var module = load(module(imported));
            try (var instance = module.instantiate(limited(2), null)) {
                assertEquals(1, call(instance, "grow", 1));
                assertEquals(-1, call(instance, "grow", 1));
                assertEquals(-1, memory(instance).grow(1));
                assertEquals(2, call(instance, "size"));
            }
            assertThrows(OutOfMemoryException.class, () -> module.instantiate(limited(0), null));
        }
    }

    @Test
    void isInaccessibleAfterClose() {
        MemorySegment view;
        try (var instance = instantiate(module(false))) {
            view = memory(instance).segment();
        }
        assertThrows(IllegalStateException.class, () -> view.get(INT, 0));
    }

    @Test
    void initialisesFromSegments() {
        var wasm = new WasmAssembler();
        wasm.memory(1, 1);
        wasm.data(16, "abcd");
        wasm.passiveData("wxyz");
        int ternary = wasm.type("iii", "");
        wasm.function("load", wasm.type("i", "i"), "", code().get(0).load(0));
        wasm.function("init", ternary, "", code().get(0).get(1).get(2).raw(0xfc, 8, 1, 0));
        wasm.function("drop", wasm.type("", ""), "", code().raw(0xfc, 9, 1));
        try (var instance = instantiate(wasm)) {
            assertEquals(0x64636261, call(instance, "load", 16));
            call(instance, "init", 32, 1, 3);
            assertEquals(0x007a7978, call(instance, "load", 32));
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "init", 0, 2, 3);
            call(instance, "drop");
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "init", 0, 0, 1);
            call(instance, "init", 0, 0, 0);
        }
    }
}
