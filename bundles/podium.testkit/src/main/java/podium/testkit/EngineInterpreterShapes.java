package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Engine.Feature;
import podium.engine.Extern;
import podium.engine.Fuel;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.testkit.ToyInterpreter.Op;
import podium.testkit.ToyInterpreter.Shape;
import podium.testkit.WasmAssembler.Code;

/// Modules that make another use of `podium.interpreter` than the usual one: they do the same,
/// specialised or not.
@Timeout(120)
abstract class EngineInterpreterShapes extends InterpreterFixture {

    private static final String MODULE = ToyInterpreter.MODULE;

    private void compare(Op[] ops, Shape... shapes) {
        compare(load(ToyInterpreter.module(shapes)), 2, false, ops);
    }

    private static Op[] ops(Op... ops) {
        return ops;
    }

    @Test
    void twoDispatches() {
        compare(ops(Op.DISPATCH), Shape.TWO_DISPATCHES);
    }

    @Test
    void noEnter() {
        compare(ops(), Shape.NO_ENTER);
    }

    @Test
    void entersOutside() {
        var module = load(ToyInterpreter.module(Shape.ENTERS_OUTSIDE));
        compare(module, 2, true, Op.DISPATCH);
    }

    @Test
    void noDispatch() {
        compare(ops(), Shape.NO_DISPATCH);
    }

    @Test
    void ownPlace() {
        compare(ops(), Shape.KEEPS_PLACE);
    }

    @Test
    void neither() {
        compare(ops(), Shape.NO_ENTER, Shape.NO_DISPATCH);
    }

    @Test
    void handlers() {
        assumeTrue(engine().features().contains(Feature.LEGACY_EXCEPTIONS));
        compare(ops(Op.THROW), Shape.CATCHES);
        compare(ops(Op.THROW, Op.DISPATCH), Shape.CATCHES, Shape.TWO_DISPATCHES);
    }

    @Test
    void tailCalls() {
        assumeTrue(engine().features().contains(Feature.TAIL_CALLS));
        compare(ops(Op.TAIL), Shape.TAIL_CALLS);
    }

    @Test
    void vectors() {
        assumeTrue(engine().features().contains(Feature.SIMD));
        compare(ops(Op.VECTOR), Shape.VECTORS);
    }

    @Test
    void severalResults() {
        compare(ops(), Shape.SEVERAL_RESULTS);
        assumeTrue(engine().features().contains(Feature.SIMD));
        compare(ops(Op.VECTOR), Shape.SEVERAL_RESULTS, Shape.VECTORS);
    }

    // ---- several interpreters

    /// A function that interprets bytes: 0 ends it, others add themselves to what it returns, times
    /// a factor.
    private static Code adder(int dispatch, int enter, int specialised, int factor) {
        var code = code().get(0).get(1).call(enter).set(0).begin(0x03).begin(0x02);
        code.get(0).call(dispatch).op(0x2d, 0, 0).tee(3).op(0x0d, 0).get(2).raw(0x0f).end();
        code.get(2).get(3).i32(factor).raw(0x6c).add().set(2);
        code.get(0).i32(1).add().set(0).i32(0).call(specialised).store(0);
        return code.op(0x0c, 0).end().raw(0x00);
    }

    /// Two interpreters of one module, with the same program at the same place and one number: each
    /// enters its own code, if any.
    @Test
    void twoInterpreters() {
        var wasm = new WasmAssembler();
        int dispatch = wasm.importFunction(MODULE, "dispatch", wasm.type("i", "i"));
        int enter = wasm.importFunction(MODULE, "enter", wasm.type("ii", "i"));
        int specialised = wasm.importFunction(MODULE, "specialised", wasm.type("", "i"));
        int type = wasm.type("iii", "i");
        int specialise = wasm.importFunction(MODULE, "specialise", type);
        wasm.memory(1, 1);
        wasm.data(100, "\1\2\3\4\5\0");
        wasm.function("one", type, "i", adder(dispatch, enter, specialised, 1));
        wasm.function("two", type, "il", adder(dispatch, enter, specialised, 10));
        wasm.function("ask", type, "", code().get(0).get(1).get(2).call(specialise));
        try (var instance = instantiate(wasm)) {
            int code = (Integer) Objects.requireNonNull(call(instance, "ask", 100, 6, 100));
            long end = System.nanoTime() + TRIAL_MS * 1_000_000;
            do {
                assertEquals(15, call(instance, "one", 100, code, 0));
                assertEquals(151, call(instance, "two", 100, code, 1));
            } while (System.nanoTime() < end);
        }
    }

    @Test
    void noMemory() {
        var wasm = new WasmAssembler();
        int iiii = wasm.type("iii", "i");
        int none = wasm.type("ii", "");
        int specialise = wasm.importFunction(MODULE, "specialise", iiii);
        int forget = wasm.importFunction(MODULE, "forget", none);
        wasm.function("ask", iiii, "", code().get(0).get(1).get(2).call(specialise));
        wasm.function("forget", none, "", code().get(0).get(1).call(forget));
        try (var instance = instantiate(wasm)) {
            assertEquals(0, call(instance, "ask", 0, 8, 0));
            assertEquals(0, call(instance, "ask", 0, 0, 0));
            call(instance, "forget", 0, -1);
        }
    }

    // ---- imports

    /// By table, `ref.func` and export, the functions do what they do when they are called.
    @Test
    void references() {
        var wasm = new WasmAssembler();
        int[] types = {
            wasm.type("i", "i"),
            wasm.type("ii", "i"),
            wasm.type("", "i"),
            wasm.type("iii", "i"),
            wasm.type("ii", "")
        };
        var names = new String[] {"dispatch", "enter", "specialised", "specialise", "forget"};
        for (int i = 0; i < 5; i++) wasm.importFunction(MODULE, names[i], types[i]);
        wasm.memory(1, 1);
        wasm.table(10, 10);
        wasm.elements(0, 0, 1, 2, 3, 4);
        for (int i = 0; i < 5; i++) wasm.export(names[i], WasmAssembler.FUNCTION, i);
        wasm.function("one", types[1], "", code().get(1).get(0).op(0x11, types[0], 0));
        wasm.function("two", types[3], "", code().get(1).get(2).get(0).op(0x11, types[1], 0));
        wasm.function("copy", types[4], "", code().get(0).op(0xd2, 0).op(0x26, 0));
        try (var instance = instantiate(wasm)) {
            assertEquals(17, call(instance, "dispatch", 17));
            assertEquals(18, call(instance, "enter", 18, 3));
            assertEquals(0, call(instance, "specialised"));
            assertEquals(0, call(instance, "specialise", 8, 0, 0));
            call(instance, "forget", 0, -1);
            assertEquals(19, call(instance, "one", 0, 19));
            assertEquals(20, call(instance, "two", 1, 20, 5));
            call(instance, "copy", 7, 0);
            assertEquals(21, call(instance, "one", 7, 21));
        }
    }

    /// Nobody is asked for what the engine has.
    @Test
    void areNotTheHosts() throws LinkException {
        var module = load(ToyInterpreter.module());
        assertEquals(
                List.of("host.mix"), module.imports().stream().map(ImportType::toString).toList());
        var asked = new ArrayList<String>();
        var imports =
                (Imports)
                        wanted -> {
                            asked.add(wanted.toString());
                            return hosts().get(wanted.toString());
                        };
        module.instantiate(imports, null).close();
        assertEquals(List.of("host.mix"), asked);
    }

    /// Of another name or type they are imports as any other.
    @Test
    void othersAreTheHosts() {
        var wasm = new WasmAssembler();
        wasm.importFunction(MODULE, "dispatch", wasm.type("i", "i"));
        wasm.importFunction(MODULE, "dispatch", wasm.type("l", "l"));
        wasm.importFunction(MODULE, "enter", wasm.type("i", "i"));
        wasm.importFunction(MODULE, "specialised", wasm.type("", ""));
        wasm.importFunction(MODULE, "specialise", wasm.type("ii", "i"));
        wasm.importFunction(MODULE, "forget", wasm.type("ii", "i"));
        wasm.importFunction(MODULE, "despatch", wasm.type("i", "i"));
        wasm.importFunction("podium", "dispatch", wasm.type("i", "i"));
        wasm.importGlobal(MODULE, "enter", 'i', false);
        var module = load(wasm);
        assertEquals(8, module.imports().size(), () -> module.imports().toString());
        var e =
                assertThrows(
                        LinkException.class, () -> module.instantiate(imports(Map.of()), null));
        assertEquals(module.imports(), e.missing());
    }

    /// What is refused as missing can be given.
    @Test
    void othersCanBeGiven() {
        var wasm = new WasmAssembler();
        int type = wasm.type("ii", "i");
        int given = wasm.importFunction(MODULE, "forget", type);
        int own = wasm.importFunction(MODULE, "enter", type);
        wasm.function("given", type, "", code().get(0).get(1).call(given));
        wasm.function("own", type, "", code().get(0).get(1).call(own));
        Map<String, Extern> externs =
                Map.of(MODULE + ".forget", Objects.requireNonNull(hosts().get("host.mix")));
        try (var instance = instantiate(load(wasm), externs, null)) {
            assertEquals(5 * 31 + 6, call(instance, "given", 5, 6));
            assertEquals(5, call(instance, "own", 5, 6));
        }
    }

    // ---- fuel

    private static Imports with(Fuel fuel) {
        return new Imports() {
            @Override
            public @Nullable Extern resolve(ImportType wanted) {
                return hosts().get(wanted.toString());
            }

            @Override
            public @Nullable Fuel fuel() {
                return fuel;
            }
        };
    }

    private Instance metered(Fuel fuel) {
        try {
            var source = ModuleSource.of("fuel", ToyInterpreter.module().assemble());
            return engine().loadMetered(source).instantiate(with(fuel), null);
        } catch (ModuleException | LinkException e) {
            return Assertions.fail(e);
        }
    }

    /// Fuel is what it is: the same whether code was asked for or not.
    @Test
    void fuel() {
        assumeTrue(engine().features().contains(Feature.FUEL));
        var random = new Random(SEED);
        var fuel = new Fuel(Long.MAX_VALUE);
        try (var plain = new ToyMachine(metered(fuel));
                var special = new ToyMachine(metered(fuel))) {
            var programs = new ArrayList<ToyProgram>();
            for (int i = 0; i < 100; i++) programs.add(ToyProgram.random(i, random));
            for (var program : programs) {
                plain.write(program);
                special.write(program);
                special.ask(program);
            }
            special.await(programs, TRIAL_MS);
            for (var program : programs) {
                long before = fuel.left();
                var outcome = plain.run(program, 0, 5);
                long middle = fuel.left();
                assertEquals(outcome, special.run(program, 0, 5));
                assertEquals(before - middle, middle - fuel.left(), "podium.seed=" + SEED);
                assertTrue(before > middle);
            }
        }
    }
}
