package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.ValueLayout;
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
import podium.engine.MemoryType;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap.Kind;

/// Several memories in one module.
abstract class EngineMultipleMemories extends EngineFixture {

    /// The bit of an access's alignment that says that a memory's index follows.
    private static final int INDEXED = 0x40;

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.MULTIPLE_MEMORIES));
    }

    /// Memory 0 imported, 1 and 2 of its own; functions `load1(i)`, `store2(i, i)` and so on.
    private WasmAssembler module() {
        var wasm = new WasmAssembler();
        int load = wasm.type("i", "i");
        int store = wasm.type("ii", "");
        int bulk = wasm.type("iii", "");
        wasm.importMemory("env", "memory", 1, 4, false);
        wasm.memory(1, 4);
        wasm.memory(2, 8);
        for (int m = 0; m < 3; m++) {
            wasm.function("load" + m, load, "", code().get(0).op(0x28, 2 | INDEXED, m, 0));
            wasm.function("load8_" + m, load, "", code().get(0).op(0x2d, INDEXED, m, 3));
            wasm.function("store" + m, store, "", code().get(0).get(1).op(0x36, 2 | INDEXED, m, 0));
            wasm.function("grow" + m, load, "", code().get(0).op(0x40, m));
            wasm.function("size" + m, wasm.type("", "i"), "", code().op(0x3f, m));
            wasm.function("fill" + m, bulk, "", code().get(0).get(1).get(2).raw(0xfc, 11).u(m));
            wasm.function("init" + m, bulk, "", code().get(0).get(1).get(2).raw(0xfc, 8).u(3).u(m));
            wasm.export("memory" + m, WasmAssembler.MEMORY, m);
        }
        wasm.function("copy12", bulk, "", code().get(0).get(1).get(2).raw(0xfc, 10, 2, 1));
        wasm.function("copy20", bulk, "", code().get(0).get(1).get(2).raw(0xfc, 10, 0, 2));
        wasm.data(0, code().i32(0), "aaaa");
        wasm.data(1, code().i32(4), "bbbb");
        wasm.data(2, code().i32(8), "cccc");
        wasm.passiveData("wxyz");
        return wasm;
    }

    @Test
    void areApart() {
        try (var instance = instantiate(module())) {
            assertEquals(0x61616161, call(instance, "load0", 0));
            assertEquals(0, call(instance, "load1", 0));
            assertEquals(0x62626262, call(instance, "load1", 4));
            assertEquals(0x63636363, call(instance, "load2", 8));
            call(instance, "store1", 100, 7);
            call(instance, "store2", 100, 8);
            assertEquals(0, call(instance, "load0", 100));
            assertEquals(7, call(instance, "load1", 100));
            assertEquals(8, call(instance, "load8_2", 97));
            for (int m = 0; m < 3; m++) {
                var memory = assertInstanceOf(Memory.class, instance.export("memory" + m));
                assertEquals(
                        m == 0 ? 0 : m + 6,
                        memory.segment().get(ValueLayout.JAVA_INT_UNALIGNED, 100));
            }
            assertEquals(instance.export("memory0"), instance.memory());
        }
    }

    @Test
    void growApart() {
        try (var instance = instantiate(module())) {
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load1", MemoryType.PAGE - 3);
            assertEquals(0, call(instance, "load2", MemoryType.PAGE - 3));
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load2", 2 * MemoryType.PAGE - 3);
            assertEquals(1, call(instance, "grow1", 2));
            assertEquals(0, call(instance, "load1", MemoryType.PAGE - 3));
            assertEquals(1, call(instance, "size0"));
            assertEquals(3, call(instance, "size1"));
            assertEquals(2, call(instance, "size2"));
            assertEquals(-1, call(instance, "grow1", 2));
            assertEquals(2, call(instance, "grow2", 6));
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load0", MemoryType.PAGE);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "load2", -1);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "store2", -4, 0);
        }
    }

    @Test
    void copyBetweenEachOther() {
        try (var instance = instantiate(module())) {
            call(instance, "copy12", 40, 4, 4);
            assertEquals(0x62626262, call(instance, "load2", 40));
            call(instance, "copy20", 60, 40, 2);
            assertEquals(0x6262, call(instance, "load0", 60));
            call(instance, "fill2", 42, 0x7a, 3);
            assertEquals(0x7a7a6262, call(instance, "load2", 40));
            call(instance, "init1", 80, 1, 3);
            assertEquals(0x007a7978, call(instance, "load1", 80));
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "copy12", 0, 65_530, 7);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "copy12", 131_070, 0, 3);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "fill1", 65_536, 0, 1);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "init2", 131_070, 0, 4);
            call(instance, "fill1", 65_536, 0, 0);
        }
    }

    @Test
    void areFrozenAndThawed() throws LinkException {
        assumeTrue(engine().features().contains(Engine.Feature.SNAPSHOTS));
        var module = load(module());
        try (var instance = instantiate(module, Map.of(), null)) {
            call(instance, "store1", 100, 7);
            call(instance, "grow2", 3);
            call(instance, "store2", 4 * MemoryType.PAGE, 9);
            var snapshot = instance.freeze();
            assertEquals(3, snapshot.memories().size());
            call(instance, "store1", 100, 1);
            try (var thawed = module.thaw(snapshot, imports(Map.of()), null)) {
                assertEquals(7, call(thawed, "load1", 100));
                assertEquals(9, call(thawed, "load2", 4 * MemoryType.PAGE));
                assertEquals(5, call(thawed, "size2"));
                call(thawed, "store1", 100, 2);
                assertEquals(1, call(instance, "load1", 100));
            }
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
    void shareTheHostsLimit() throws LinkException {
        var module = load(module());
        assertThrows(OutOfMemoryException.class, () -> module.instantiate(limited(3), null));
        try (var instance = module.instantiate(limited(6), null)) {
            assertEquals(1, call(instance, "grow1", 1));
            assertEquals(-1, call(instance, "grow2", 2));
            assertEquals(2, call(instance, "grow2", 1));
            assertEquals(-1, call(instance, "grow0", 1));
        }
    }

    private static void store(Memory memory, int address, int value) {
        memory.segment().set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
    }

    /// Two imports of one memory, shared by two instances.
    @Test
    void maybeOneMemoryTwice() {
        var wasm = new WasmAssembler();
        wasm.importMemory("env", "one", 1, 4, false);
        wasm.importMemory("env", "two", 1, 4, false);
        wasm.function("load", wasm.type("i", "i"), "", code().get(0).op(0x28, 2 | INDEXED, 1, 0));
        wasm.function("grow", 0, "", code().get(0).op(0x40, 0));
        var module = load(wasm);
        try (var memory = engine().newMemory(new MemoryType(1, 4, false))) {
            var externs = Map.<String, Extern>of("env.one", memory, "env.two", memory);
            try (Instance a = instantiate(module, externs, null);
                    var b = instantiate(module, externs, null)) {
                assertEquals(1, call(a, "grow", 2));
                store(memory, 2 * MemoryType.PAGE, 5);
                assertEquals(5, call(a, "load", 2 * MemoryType.PAGE));
                assertEquals(5, call(b, "load", 2 * MemoryType.PAGE));
            }
        }
    }

    /// Atomic accesses of a memory that is not the first.
    @Test
    void haveAtomics() {
        assumeTrue(engine().features().contains(Engine.Feature.THREADS));
        var wasm = new WasmAssembler();
        int binary = wasm.type("ii", "i");
        wasm.importMemory("env", "plain", 1, 1, false);
        wasm.importMemory("env", "shared", 1, 1, true);
        wasm.function(
                "add", binary, "", code().get(0).get(1).raw(0xfe).u(0x1e).u(2 | INDEXED).u(1).u(0));
        wasm.function(
                "notify", binary, "", code().get(0).get(1).raw(0xfe).u(0).u(2 | INDEXED).u(1).u(0));
        wasm.function(
                "wait",
                binary,
                "",
                code().get(0).get(1).i64(1000).raw(0xfe).u(1).u(2 | INDEXED).u(1).u(0));
        wasm.function(
                "waitPlain", binary, "", code().get(0).get(1).i64(0).raw(0xfe).u(1).u(2).u(0));
        try (var instance = instantiate(wasm)) {
            assertEquals(0, call(instance, "add", 8, 5));
            assertEquals(5, call(instance, "add", 8, 1));
            assertEquals(0, call(instance, "notify", 8, 1));
            assertEquals(1, call(instance, "wait", 8, 5));
            assertEquals(2, call(instance, "wait", 8, 6));
            assertTraps(Kind.NOT_SHARED, instance, "waitPlain", 0, 0);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "add", MemoryType.PAGE, 1);
        }
    }
}
