package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.Extern;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.Snapshot;
import podium.engine.Table;
import podium.engine.Trap.Kind;
import podium.engine.V128;
import podium.engine.ValueType;

/// Freezing an instance, and thawing many.
abstract class EngineSnapshots extends EngineFixture {

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.SNAPSHOTS));
    }

    /// A counter in a global and in memory, a table that can change, a passive segment, growth.
    private WasmAssembler module() {
        var wasm = new WasmAssembler();
        int nullary = wasm.type("", "i");
        int unary = wasm.type("i", "i");
        int none = wasm.type("", "");
        wasm.importMemory("env", "memory", 1, 16, false);
        wasm.table(4, 4);
        int global = wasm.global('l', true, code().i64(0x1_0000_0000L));
        int seven = wasm.function(nullary, "", code().i32(7));
        int eight = wasm.function(nullary, "", code().i32(8));
        wasm.elements(0, seven, eight);
        wasm.passiveData("data");
        wasm.function(
                "step",
                none,
                "",
                code().op(0x23, global)
                        .i64(1)
                        .raw(0x7c)
                        .op(0x24, global)
                        .i32(500)
                        .i32(500)
                        .load(0)
                        .i32(1)
                        .add()
                        .store(0));
        wasm.function("global", wasm.type("", "l"), "", code().op(0x23, global));
        wasm.function("load", unary, "", code().get(0).load(0));
        wasm.function("grow", unary, "", code().get(0).raw(0x40, 0));
        wasm.function("swap", none, "", code().i32(2).i32(1).op(0x25, 0).op(0x26, 0));
        wasm.function("call", unary, "", code().get(0).op(0x11, nullary, 0));
        wasm.function("drop", none, "", code().raw(0xfc, 9, 0));
        wasm.function("init", none, "", code().i32(0).i32(0).i32(4).raw(0xfc, 8, 0, 0));
        return wasm;
    }

    private Instance thaw(
            podium.engine.Module module, Snapshot snapshot, Map<String, Extern> externs) {
        try {
            return module.thaw(snapshot, imports(externs), null);
        } catch (LinkException e) {
            return Assertions.fail(e);
        }
    }

    private Snapshot frozen(podium.engine.Module module) {
        try (var instance = instantiate(module, Map.of(), null)) {
            call(instance, "grow", 2);
            for (int i = 0; i < 3; i++) call(instance, "step");
            call(instance, "swap");
            call(instance, "drop");
            return instance.freeze();
        }
    }

    private void check(Instance instance, int steps) {
        assertEquals(0x1_0000_0000L + steps, call(instance, "global"));
        assertEquals(steps, call(instance, "load", 500));
        assertEquals(8, call(instance, "call", 2));
        assertTraps(Kind.NULL_REFERENCE, instance, "call", 3);
        assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "init");
    }

    @Test
    void restoresEverything() {
        var module = load(module());
        try (var instance = thaw(module, frozen(module), Map.of())) {
            check(instance, 3);
            assertEquals(3, call(instance, "grow", 1));
            assertEquals(0, call(instance, "load", 3 << 16));
        }
    }

    @Test
    void survivesAFile() throws IOException {
        var module = load(module());
        var snapshot = frozen(module);
        var out = new ByteArrayOutputStream();
        snapshot.writeTo(out);
        var read = Snapshot.readFrom(new ByteArrayInputStream(out.toByteArray()));
        assertArrayEquals(snapshot.globals(), read.globals());
        try (var instance = thaw(module, read, Map.of())) {
            check(instance, 3);
        }
    }

    @Test
    void instancesDoNotSeeEachOther() {
        var module = load(module());
        var snapshot = frozen(module);
        try (var one = thaw(module, snapshot, Map.of());
                var two = thaw(module, snapshot, Map.of())) {
            call(one, "step");
            call(one, "step");
            check(one, 5);
            check(two, 3);
            try (var three = thaw(module, snapshot, Map.of())) {
                check(three, 3);
            }
            try (var again = thaw(module, one.freeze(), Map.of())) {
                check(again, 5);
            }
        }
    }

    @Test
    void thawsIntoAGivenMemory() {
        var module = load(module());
        var snapshot = frozen(module);
        var type = new podium.engine.MemoryType(1, 16, false);
        try (var memory = engine().newMemory(type);
                var instance = thaw(module, snapshot, Map.of("env.memory", memory))) {
            assertEquals(3, memory.pages());
            check(instance, 3);
        }
    }

    @Test
    void manyInstances() {
        var module = load(module());
        var snapshot = frozen(module);
        var instances = new ArrayList<Instance>();
        for (int i = 0; i < 500; i++) {
            instances.add(thaw(module, snapshot, Map.of()));
            call(instances.getLast(), "step");
        }
        for (var instance : instances) {
            check(instance, 4);
            instance.close();
        }
    }

    /// What a host function of the call in progress sees, without the frames.
    @Test
    void freezesWithinAHostCall() throws Exception {
        var wasm = new WasmAssembler();
        int none = wasm.type("", "");
        int host = wasm.importFunction("host", "freeze", none);
        wasm.importMemory("env", "memory", 1, 16, false);
        int global = wasm.global('i', true, code().i32(1));
        wasm.function(
                "run",
                wasm.type("", "i"),
                "",
                code().i32(2)
                        .op(0x24, global)
                        .i32(8)
                        .i32(3)
                        .store(0)
                        .op(0x10, host)
                        .i32(4)
                        .op(0x24, global)
                        .i32(8)
                        .i32(5)
                        .store(0)
                        .op(0x23, global));
        wasm.function("global", wasm.type("", "i"), "", code().op(0x23, global));
        wasm.function("load", wasm.type("i", "i"), "", code().get(0).load(0));
        var module = load(wasm);
        var taken = new AtomicReference<@Nullable Snapshot>();
        var running = new AtomicReference<@Nullable Instance>();
        Runnable action = () -> taken.set(Objects.requireNonNull(running.get()).freeze());
        var type = new FunctionType(List.of(), List.of());
        var handle =
                MethodHandles.dropArguments(
                        MethodHandles.lookup()
                                .findVirtual(
                                        Runnable.class, "run", MethodType.methodType(void.class))
                                .bindTo(action),
                        0,
                        Object.class);
        Map<String, Extern> given = Map.of("host.freeze", new HostFunction(type, handle));
        try (var instance = instantiate(module, given, null)) {
            running.set(instance);
            assertEquals(4, call(instance, "run"));
            assertEquals(5, call(instance, "load", 8));
        }
        try (var thawed = thaw(module, Objects.requireNonNull(taken.get()), given)) {
            assertEquals(2, call(thawed, "global"));
            assertEquals(3, call(thawed, "load", 8));
        }
    }

    @Test
    void refusesAnotherModulesSnapshot() {
        var snapshot = frozen(load(module()));
        var other = module();
        other.export("more", WasmAssembler.MEMORY, 0);
        var module = load(other);
        assertThrows(LinkException.class, () -> module.thaw(snapshot, imports(Map.of()), null));
    }

    /// Nor one that is of this module, by its own account, and has other parts or functions.
    @Test
    void refusesASnapshotThatDoesNotFit() {
        var module = load(module());
        var good = frozen(module);
        var strange = new int[] {0, 1, 1000, -1};
        for (var tables :
                List.of(
                        List.<int[]>of(),
                        List.of(strange),
                        List.of(new int[] {Integer.MAX_VALUE, 0, 0, 0}))) {
            var bad =
                    new Snapshot(
                            good.sha256(),
                            good.memories(),
                            good.globals(),
                            tables,
                            good.droppedData(),
                            good.droppedElements());
            assertThrows(
                    LinkException.class,
                    () -> module.thaw(bad, imports(Map.of()), null),
                    () -> tables.isEmpty() ? "none" : tables.getFirst()[0] + "");
        }
        var fewer =
                new Snapshot(
                        good.sha256(),
                        good.memories(),
                        new long[0],
                        good.tables(),
                        new boolean[0],
                        good.droppedElements());
        assertThrows(LinkException.class, () -> module.thaw(fewer, imports(Map.of()), null));
    }

    /// A module that copies no data need not say how many segments it has.
    @Test
    void doWithoutACountOfSegments() throws LinkException, ModuleException {
        var bytes = code().raw(0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 0, 1);
        bytes.raw(11, 6, 1, 1, 3, 'a', 'b', 'c');
        var module = engine().load(ModuleSource.of("test", bytes.bytes()));
        try (var instance = module.instantiate(imports(Map.of()), null)) {
            var snapshot = instance.freeze();
            assertArrayEquals(new boolean[] {false}, snapshot.droppedData());
            thaw(module, snapshot, Map.of()).close();
        }
    }

    static V128 same(@Nullable Object context, V128 value) {
        return value;
    }

    /// Imported functions in tables keep their indices, whatever stands between guest and host; a
    /// host function that is put there later has none.
    @Test
    void haveFunctionsOfTheHost() throws ReflectiveOperationException {
        assumeTrue(engine().features().contains(Engine.Feature.SIMD));
        var wasm = new WasmAssembler();
        int type = wasm.type("v", "v");
        wasm.importFunction("host", "same", type);
        wasm.importFunction("host", "same", type);
        wasm.table(4, 4);
        int own = wasm.function("own", type, "", code().get(0));
        wasm.elements(0, own, 1, 0);
        wasm.export("table", WasmAssembler.TABLE, 0);
        var vectors = List.of(ValueType.V128);
        var signature = new FunctionType(vectors, vectors);
        var handle =
                MethodHandles.lookup()
                        .findStatic(
                                EngineSnapshots.class, "same", HostFunction.handleType(signature));
        var host = new HostFunction(signature, handle);
        Map<String, Extern> given = Map.of("host.same", host);
        try (var instance = instantiate(load(wasm), given, null)) {
            assertArrayEquals(new int[] {2, 1, 0, -1}, instance.freeze().tables().getFirst());
            var table = (Table) Objects.requireNonNull(instance.export("table"));
            table.set(3, host);
            assertThrows(UnsupportedOperationException.class, instance::freeze);
        }
    }
}
