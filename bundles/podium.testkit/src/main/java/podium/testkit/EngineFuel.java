package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine.Feature;
import podium.engine.Extern;
import podium.engine.Fuel;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.Trap;
import podium.engine.Trap.Kind;

/// Fuel: how much guest code executes.
abstract class EngineFuel extends EngineFixture {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final int LOOP = 0x03;
    private static final int IF = 0x04;
    private static final int TRY = 0x06;
    private static final int THROW = 0x08;
    private static final int RETHROW = 0x09;
    private static final int CATCH_ALL = 0x19;
    private static final int BR = 0x0c;
    private static final int BR_IF = 0x0d;

    @BeforeEach
    void counts() {
        assumeTrue(engine().features().contains(Feature.FUEL));
    }

    private podium.engine.Module metered(WasmAssembler wasm) {
        try {
            return engine().loadMetered(ModuleSource.of("fuel", wasm.assemble()));
        } catch (ModuleException e) {
            return Assertions.fail(e);
        }
    }

    private static Imports imports(@Nullable Fuel fuel, Map<String, Extern> externs) {
        return new Imports() {
            @Override
            public @Nullable Extern resolve(ImportType wanted) {
                return externs.get(wanted.toString());
            }

            @Override
            public @Nullable Fuel fuel() {
                return fuel;
            }
        };
    }

    private static Instance with(@Nullable Fuel fuel, podium.engine.Module module) {
        try {
            return module.instantiate(imports(fuel, Map.of()), null);
        } catch (LinkException e) {
            return Assertions.fail(e);
        }
    }

    /// `forever` counts in global 0 for ever, `rounds` makes some rounds, `fib` calls, `fill` and
    /// `copy` work on as many bytes.
    private static WasmAssembler work() {
        var wasm = new WasmAssembler();
        int none = wasm.type("", "");
        int one = wasm.type("i", "");
        int both = wasm.type("i", "i");
        wasm.memory(16, 16);
        int counter = wasm.global('i', true, code().i32(0));
        var count = code().op(0x23, counter).i32(1).add().op(0x24, counter);
        wasm.function("forever", none, "", code().begin(LOOP).append(count).op(BR, 0).end());
        wasm.function("empty", none, "", code().begin(LOOP).op(BR, 0).end());
        wasm.function("count", wasm.type("", "i"), "", code().op(0x23, counter));
        wasm.function(
                "rounds",
                one,
                "",
                code().begin(LOOP).get(0).i32(1).sub().tee(0).op(BR_IF, 0).end());
        int self = 4;
        wasm.function(
                "fib",
                both,
                "",
                code().get(0)
                        .i32(2)
                        .op(0x48)
                        .begin(IF)
                        .get(0)
                        .op(0x0f)
                        .end()
                        .get(0)
                        .i32(1)
                        .sub()
                        .call(self)
                        .get(0)
                        .i32(2)
                        .sub()
                        .call(self)
                        .add());
        wasm.function("fill", one, "", code().i32(0).i32(7).get(0).raw(0xfc, 11, 0));
        wasm.function("copy", one, "", code().i32(64).i32(0).get(0).raw(0xfc, 10, 0, 0));
        return wasm;
    }

    private static long used(Instance instance, Fuel fuel, String function, Object... arguments) {
        long before = fuel.left();
        call(instance, function, arguments);
        return before - fuel.left();
    }

    @Test
    void endsWhatDoesNotEnd() {
        var module = metered(work());
        for (var function : new String[] {"forever", "empty"}) {
            var fuel = new Fuel(3_000_000);
            try (var instance = with(fuel, module)) {
                assertTraps(Kind.OUT_OF_FUEL, instance, function);
                assertEquals(0, fuel.left());
                assertTraps(Kind.OUT_OF_FUEL, instance, "count");
                fuel.add(1_000);
                call(instance, "count");
            }
        }
        try (var instance = with(new Fuel(1_000_000), module)) {
            assertTraps(Kind.OUT_OF_FUEL, instance, "fib", 40);
        }
    }

    /// Wherever a slice ends, a stack trace has each activation once.
    @Test
    void leavesStackTracesAsTheyAre() {
        var wasm = new WasmAssembler();
        int type = wasm.type("ii", "");
        var deeper = code().get(0).begin(IF).get(0).i32(1).sub().get(1).call(0).op(BR, 1).end();
        wasm.function("down", type, "", deeper.raw(0));
        var rounds = code().begin(LOOP).get(1).i32(1).sub().tee(1).op(BR_IF, 0).end();
        wasm.function("run", type, "", rounds.get(0).get(1).call(0));
        var module = metered(wasm);
        try (var instance = with(new Fuel(Long.MAX_VALUE), module)) {
            for (int i = 0; i < 400; i++) {
                var trap =
                        assertTraps(
                                Kind.UNREACHABLE, instance, "run", 40, Fuel.SLICE / 6 - 300 + i);
                assertEquals(42, trap.frames().size());
            }
        }
    }

    /// Wherever a slice ends, a handler around all of a function catches once.
    @Test
    void leavesHandlersAsTheyAre() {
        assumeTrue(engine().features().contains(Feature.LEGACY_EXCEPTIONS));
        var wasm = new WasmAssembler();
        int type = wasm.type("ii", "");
        int tag = wasm.tag(wasm.type("", ""));
        int caught = wasm.global('i', true, code().i32(0));
        var body = code().get(0).begin(IF).get(0).i32(1).sub().get(1).call(0);
        body.op(0x05).op(THROW, tag).end();
        var count = code().op(0x23, caught).i32(1).add().op(0x24, caught);
        wasm.function(
                "down",
                type,
                "",
                code().begin(TRY).append(body).op(CATCH_ALL).append(count).op(RETHROW, 0).end());
        var rounds = code().begin(LOOP).get(1).i32(1).sub().tee(1).op(BR_IF, 0).end();
        rounds.begin(TRY).get(0).get(1).call(0).op(CATCH_ALL).end();
        wasm.function("run", wasm.type("ii", "i"), "", rounds.op(0x23, caught));
        try (var instance = with(new Fuel(Long.MAX_VALUE), metered(wasm))) {
            for (int i = 1; i <= 400; i++) {
                var all = call(instance, "run", 40, Fuel.SLICE / 6 - 300 + i);
                assertEquals(41 * i, all);
            }
        }
    }

    @Test
    void needsNoEndWithoutLimit() {
        try (var instance = with(null, metered(work()))) {
            call(instance, "rounds", 1_000_000);
            assertEquals(6765, call(instance, "fib", 20));
        }
    }

    @Test
    void endsAtTheSamePlace() {
        var module = metered(work());
        Object first = null;
        // the later ones run as HotSpot's or another compiler's best
        for (int i = 0; i < 5; i++) {
            var fuel = new Fuel(2_345_678);
            try (var instance = with(fuel, module)) {
                assertTraps(Kind.OUT_OF_FUEL, instance, "forever");
                fuel.add(1_000);
                var count = call(instance, "count");
                if (first == null) first = count;
                assertEquals(first, count);
                assertTrue((Integer) Objects.requireNonNull(count) > 200_000);
            }
        }
    }

    @Test
    void countsRoundsAndCalls() {
        var fuel = new Fuel(Long.MAX_VALUE);
        try (var instance = with(fuel, metered(work()))) {
            long base = used(instance, fuel, "rounds", 1);
            long round = used(instance, fuel, "rounds", 2) - base;
            assertTrue(round >= 1 && round <= 8, "a round takes " + round);
            for (int rounds : new int[] {10, 1_000, 300_000})
                assertEquals(base + (rounds - 1) * round, used(instance, fuel, "rounds", rounds));
            long leaf = used(instance, fuel, "fib", 1);
            long inner = used(instance, fuel, "fib", 2) - 2 * leaf;
            assertEquals(89 * leaf + 88 * inner, used(instance, fuel, "fib", 10));
        }
    }

    /// `table` and `direct` call an empty function as often as they are told, `even` and `odd` one
    /// another.
    private static WasmAssembler calls() {
        var wasm = new WasmAssembler();
        int none = wasm.type("", "");
        int one = wasm.type("i", "");
        wasm.function("leaf", none, "", code());
        wasm.table(1, 1);
        wasm.elements(0, 0);
        var rest = code().get(0).i32(1).sub().tee(0).op(BR_IF, 0).end();
        wasm.function("direct", one, "", code().begin(LOOP).call(0).append(rest));
        var indirect = code().begin(LOOP).i32(0).op(0x11, none, 0);
        wasm.function("table", one, "", indirect.append(rest));
        for (int other : new int[] {4, 3})
            wasm.function(
                    other == 4 ? "even" : "odd",
                    one,
                    "",
                    code().get(0).begin(IF).get(0).i32(1).sub().call(other).end());
        return wasm;
    }

    /// Whoever pays for it, what a function does is counted in proportion.
    @Test
    void countsEachCall() {
        var fuel = new Fuel(Long.MAX_VALUE);
        try (var instance = with(fuel, metered(calls()))) {
            for (var function : new String[] {"direct", "table", "even"}) {
                long base = used(instance, fuel, function, 2);
                long both = used(instance, fuel, function, 4) - base;
                assertTrue(both >= 10 && both <= 80, function + " takes " + both);
                assertEquals(base + 99 * both, used(instance, fuel, function, 200));
            }
            long leaf = used(instance, fuel, "leaf");
            assertTrue(leaf >= 1 && leaf <= 16, "a call by the host takes " + leaf);
        }
    }

    @Test
    void endsCallsThatDoNotEnd() {
        var module = metered(calls());
        for (var function : new String[] {"direct", "table"})
            try (var instance = with(new Fuel(1_000_000), module)) {
                assertTraps(Kind.OUT_OF_FUEL, instance, function, -1);
            }
        try (var instance = with(new Fuel(10_000), module)) {
            assertTraps(Kind.OUT_OF_FUEL, instance, "even", -1);
        }
    }

    /// Functions that call one another in the end, directly and through a table.
    @Test
    void endsTailCallsThatDoNotEnd() {
        assumeTrue(engine().features().contains(Feature.TAIL_CALLS));
        var wasm = new WasmAssembler();
        int none = wasm.type("", "");
        wasm.table(1, 1);
        wasm.elements(0, 2);
        wasm.function("ping", none, "", code().op(0x12, 1));
        wasm.function("pong", none, "", code().op(0x12, 0));
        wasm.function("self", none, "", code().i32(0).op(0x13, none, 0));
        var module = metered(wasm);
        for (var function : new String[] {"ping", "self"})
            try (var instance = with(new Fuel(1_000_000), module)) {
                assertTraps(Kind.OUT_OF_FUEL, instance, function);
            }
    }

    @Test
    void countsStretchesOfMemory() {
        var fuel = new Fuel(1_000_000);
        try (var instance = with(fuel, metered(work()))) {
            for (var function : new String[] {"fill", "copy"}) {
                long small = used(instance, fuel, function, 0);
                assertEquals(small + 8192, used(instance, fuel, function, 8192 * 64));
            }
        }
        fuel = new Fuel(1_000);
        try (var instance = with(fuel, metered(work()))) {
            assertTraps(Kind.OUT_OF_FUEL, instance, "fill", 1 << 20);
            var memory = Objects.requireNonNull(instance.memory());
            assertEquals(0, memory.segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0));
        }
    }

    /// What was used beyond the end is paid first.
    @Test
    void paysDebts() {
        var wasm = new WasmAssembler();
        var body = code();
        for (int i = 0; i < 500; i++) body.get(0).i32(1).add().set(0);
        wasm.function("straight", wasm.type("i", ""), "", body);
        var fuel = new Fuel(10);
        try (var instance = with(fuel, metered(wasm))) {
            assertTraps(Kind.OUT_OF_FUEL, instance, "straight", 1);
            fuel.add(1);
            assertEquals(0, fuel.left());
            fuel.add(10_000);
            long left = fuel.left();
            assertTrue(left > 0 && left < 10_000, "left: " + left);
        }
    }

    @Test
    void sharesFuel() {
        var fuel = new Fuel(5_000_000);
        var module = metered(work());
        try (var one = with(fuel, module);
                var other = with(fuel, module)) {
            long round = used(one, fuel, "rounds", 100_000);
            assertEquals(round, used(other, fuel, "rounds", 100_000));
            assertTraps(Kind.OUT_OF_FUEL, one, "forever");
            assertTraps(Kind.OUT_OF_FUEL, other, "fib", 5);
        }
    }

    @Test
    void countsTheStartFunction() {
        var wasm = new WasmAssembler();
        int start = wasm.function(wasm.type("", ""), "", code().begin(LOOP).op(BR, 0).end());
        wasm.start(start);
        var module = metered(wasm);
        var imports = imports(new Fuel(10_000), Map.of());
        var trap = assertThrows(Trap.class, () -> module.instantiate(imports, null));
        assertEquals(Kind.OUT_OF_FUEL, trap.kind());
    }

    static int again(@Nullable Object context, int depth) {
        var instance = ((Instance[]) Objects.requireNonNull(context))[0];
        if (depth > 0) call(instance, "nest", depth - 1);
        return depth;
    }

    /// The host calls the guest that called it: nothing is counted twice or not at all.
    @Test
    void countsThroughTheHost() throws LinkException {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int again = wasm.importFunction("host", "again", type);
        wasm.function("nest", type, "", code().get(0).call(again).get(0).add());
        var host = host(LOOKUP, EngineFuel.class, "again", 1, 1);
        var fuel = new Fuel(100_000);
        var context = new Instance[1];
        try (var instance =
                metered(wasm).instantiate(imports(fuel, Map.of("host.again", host)), context)) {
            context[0] = instance;
            long once = used(instance, fuel, "nest", 0);
            assertEquals(8 * once, used(instance, fuel, "nest", 7));
        }
    }

    @Test
    void isNotForgotten() {
        var module = load(work());
        var imports = imports(new Fuel(1), Map.of());
        assertThrows(IllegalArgumentException.class, () -> module.instantiate(imports, null));
    }

    @Test
    void addsUpToTheMost() {
        var fuel = new Fuel(5);
        fuel.add(Long.MAX_VALUE);
        assertEquals(Long.MAX_VALUE, fuel.left());
        assertEquals(7, fuel.take(7));
        fuel.add(Long.MIN_VALUE);
        assertEquals(0, fuel.left());
        assertEquals(0, fuel.take(1));
        assertThrows(IllegalArgumentException.class, () -> new Fuel(-1));
    }
}
