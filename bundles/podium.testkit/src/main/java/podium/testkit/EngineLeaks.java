package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Engine.Feature;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Module;
import podium.engine.Snapshot;
import podium.engine.Trap;
import podium.engine.Trap.Kind;

/// What instances and modules take is there again when they are closed, or nobody has them any
/// more.
@Timeout(600)
abstract class EngineLeaks extends EngineFixture {

    private static final int INSTANCES = 10_000;
    private static final int MODULES = 200;

    /// Rounds after which everything there is one of has been made.
    private static final int FIRST = 300;

    /// With a memory, a table, a global and segments; `work` leaves its mark in all of them, `fail`
    /// traps.
    private static WasmAssembler module(int seed) {
        var wasm = new WasmAssembler();
        wasm.memory(1, 16);
        wasm.table(10, 100);
        int global = wasm.global('i', true, code().i32(seed));
        var work = code().i32(8).get(0).store(0).get(0).op(0x24, global);
        work.i32(1).raw(0x40, 0, 0x1a).i32(8).load(0).op(0x23, global).add();
        int index = wasm.function("work", wasm.type("i", "i"), "", work);
        wasm.elements(0, index);
        wasm.function("fail", wasm.type("", ""), "", code().raw(0));
        return wasm;
    }

    private static void use(Instance instance, int number) {
        assertEquals(2 * number, call(instance, "work", number));
        var first = instance.functionAt(0);
        Assertions.assertNotNull(first);
        assertEquals(2, first.call(1));
        assertTraps(Kind.UNREACHABLE, instance, "fail");
    }

    private void makeAndDrop(Module module, @Nullable Snapshot snapshot, int count) {
        for (int i = 0; i < count; i++)
            try (var instance =
                    snapshot == null || i % 2 == 0
                            ? instantiate(module, Map.of(), null)
                            : module.thaw(snapshot, imports(Map.of()), null)) {
                use(instance, i);
            } catch (LinkException e) {
                Assertions.fail(e);
            }
    }

    @Test
    void instancesLeaveNothing() throws InterruptedException {
        var module = load(module(1));
        Snapshot snapshot = null;
        if (engine().features().contains(Feature.SNAPSHOTS))
            try (var instance = instantiate(module, Map.of(), null)) {
                use(instance, 1);
                snapshot = instance.freeze();
            }
        makeAndDrop(module, snapshot, FIRST);
        var before = Footprint.settled();
        makeAndDrop(module, snapshot, INSTANCES);
        before.assertNoMoreLater("instances");
    }

    @Test
    void modulesLeaveNothing() throws InterruptedException {
        loadAndDrop(0);
        var before = Footprint.settled();
        loadAndDrop(MODULES);
        before.assertNoMoreLater("modules");
    }

    private void loadAndDrop(int from) {
        for (int i = 0; i < MODULES; i++)
            try (var instance = instantiate(load(module(from + i)), Map.of(), null)) {
                use(instance, i);
            }
    }

    /// Instances that cannot be made leave nothing either.
    @Test
    void failuresLeaveNothing() throws InterruptedException {
        var wasm = module(1);
        wasm.start(1);
        var trapping = load(wasm);
        wasm = new WasmAssembler();
        wasm.importFunction("host", "absent", wasm.type("", ""));
        wasm.memory(1, 16);
        var unlinked = load(wasm);
        fail(trapping, unlinked, FIRST);
        var before = Footprint.settled();
        fail(trapping, unlinked, INSTANCES / 10);
        before.assertNoMoreLater("failures");
    }

    private static void fail(Module trapping, Module unlinked, int count) {
        for (int i = 0; i < count; i++) {
            Assertions.assertThrows(
                    Trap.class, () -> trapping.instantiate(imports(Map.of()), null));
            Assertions.assertThrows(
                    LinkException.class, () -> unlinked.instantiate(imports(Map.of()), null));
        }
    }
}
