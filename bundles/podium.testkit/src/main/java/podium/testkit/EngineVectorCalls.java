package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.FunctionType;
import podium.engine.Global;
import podium.engine.GlobalType;
import podium.engine.HostFunction;
import podium.engine.Table;
import podium.engine.Trap;
import podium.engine.Trap.Kind;
import podium.engine.V128;
import podium.engine.ValueType;

/// Vectors that pass between host and guest.
abstract class EngineVectorCalls extends EngineFixture {

    private static final V128 ONE = new V128(0x0706050403020100L, 0x8f8e8d8c8b8a8988L);
    private static final V128 TWO = new V128(-1, 5);
    private static final int I64X2_ADD = 0xce;

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.SIMD));
    }

    private static V128 sum(V128 a, V128 b) {
        return new V128(a.low() + b.low(), a.high() + b.high());
    }

    /// Beside all other types, so that each is found at its place.
    @Test
    void areArgumentsAndResults() throws Throwable {
        var wasm = new WasmAssembler();
        wasm.function("same", wasm.type("v", "v"), "", code().get(0));
        wasm.function("sum", wasm.type("vv", "v"), "", code().get(0).get(1).vector(I64X2_ADD));
        int mixed = wasm.type("ivlvfxd", "dxfvlvi");
        var turned = code();
        for (int i = 6; i >= 0; i--) turned.get(i);
        wasm.function("mixed", mixed, "", turned);
        try (var instance = instantiate(wasm)) {
            assertEquals(ONE, call(instance, "same", ONE));
            assertEquals(sum(ONE, TWO), call(instance, "sum", ONE, TWO));
            assertArrayEquals(
                    new Object[] {3.5, "object", 2.5f, TWO, 7L, ONE, 1},
                    (Object[]) call(instance, "mixed", 1, ONE, 7L, TWO, 2.5f, "object", 3.5));
            var handle = Objects.requireNonNull(instance.function("sum")).handle();
            assertEquals(MethodType.methodType(V128.class, V128.class, V128.class), handle.type());
            assertEquals(sum(ONE, TWO), (V128) handle.invokeExact(ONE, TWO));
            assertThrows(IllegalArgumentException.class, () -> call(instance, "same", 1L));
            assertThrows(IllegalArgumentException.class, () -> call(instance, "same"));
        }
    }

    static V128 add(@Nullable Object context, int factor, V128 a, V128 b) {
        return new V128(factor * a.low() + b.low(), factor * a.high() + b.high());
    }

    static @Nullable Object[] split(@Nullable Object context, V128 a) {
        if (a.low() == 0) throw new UnsupportedOperationException("nothing to split");
        return new Object[] {a.low(), new V128(a.high(), a.low()), (int) a.high()};
    }

    private static HostFunction function(String name, FunctionType wanted) {
        try {
            var handle =
                    MethodHandles.lookup()
                            .findStatic(
                                    EngineVectorCalls.class, name, HostFunction.handleType(wanted));
            return new HostFunction(wanted, handle);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static final FunctionType ADD =
            new FunctionType(
                    List.of(ValueType.I32, ValueType.V128, ValueType.V128),
                    List.of(ValueType.V128));
    private static final FunctionType SPLIT =
            new FunctionType(
                    List.of(ValueType.V128), List.of(ValueType.I64, ValueType.V128, ValueType.I32));

    @Test
    void reachTheHost() {
        var wasm = new WasmAssembler();
        int added = wasm.type("ivv", "v");
        int parts = wasm.type("v", "lvi");
        int add = wasm.importFunction("host", "add", added);
        int split = wasm.importFunction("host", "split", parts);
        wasm.function("add", added, "", code().get(0).get(1).get(2).call(add));
        wasm.function("split", parts, "", code().get(0).call(split));
        Map<String, podium.engine.Extern> externs =
                Map.of("host.add", function("add", ADD), "host.split", function("split", SPLIT));
        try (var instance = instantiate(load(wasm), externs, null)) {
            assertEquals(add(null, 3, ONE, TWO), call(instance, "add", 3, ONE, TWO));
            assertArrayEquals(
                    new Object[] {-1L, new V128(5, -1), 5},
                    (Object[]) call(instance, "split", TWO));
            assertThrows(
                    UnsupportedOperationException.class, () -> call(instance, "split", V128.ZERO));
        }
    }

    /// A function of the guest's, and one of the host's, that nobody exports.
    @Test
    void passThroughTables() {
        var wasm = new WasmAssembler();
        int pair = wasm.type("vv", "v");
        int added = wasm.type("ivv", "v");
        wasm.table(2, 2);
        int sum = wasm.function(pair, "", code().get(0).get(1).vector(I64X2_ADD));
        wasm.elements(0, sum);
        var all = code().i32(2).get(0).get(1).i32(1).op(0x11, added, 0);
        wasm.function("host", pair, "", all);
        wasm.export("table", WasmAssembler.TABLE, 0);
        try (var instance = instantiate(wasm)) {
            var function = Objects.requireNonNull(instance.functionAt(0));
            assertEquals(sum(ONE, TWO), function.call(ONE, TWO));
            assertEquals(sum(TWO, TWO), function.call(TWO, TWO));
            assertTraps(Kind.NULL_REFERENCE, instance, "host", ONE, TWO);
            var table = (Table) Objects.requireNonNull(instance.export("table"));
            table.set(1, function("add", ADD));
            assertEquals(add(null, 2, ONE, TWO), call(instance, "host", ONE, TWO));
        }
    }

    private record Constant(GlobalType type, Object get) implements Global {
        @Override
        public void set(@Nullable Object value) {
            throw new IllegalArgumentException("the global is immutable");
        }
    }

    @Test
    void areGlobals() {
        var wasm = new WasmAssembler();
        wasm.importGlobal("host", "base", 'v', false);
        wasm.global('v', true, code().v128(5, 6));
        wasm.export("constant", WasmAssembler.GLOBAL, 0);
        wasm.export("variable", WasmAssembler.GLOBAL, 1);
        var step = code().op(0x23, 0).op(0x23, 1).vector(I64X2_ADD).op(0x24, 1);
        wasm.function("step", wasm.type("", ""), "", step);
        var base = new Constant(new GlobalType(ValueType.V128, false), ONE);
        try (var instance = instantiate(load(wasm), Map.of("host.base", base), null)) {
            var constant = (Global) Objects.requireNonNull(instance.export("constant"));
            var variable = (Global) Objects.requireNonNull(instance.export("variable"));
            assertEquals(ONE, constant.get());
            assertEquals(new V128(5, 6), variable.get());
            call(instance, "step");
            assertEquals(sum(ONE, new V128(5, 6)), variable.get());
            variable.set(TWO);
            call(instance, "step");
            assertEquals(sum(ONE, TWO), variable.get());
            assertThrows(IllegalArgumentException.class, () -> variable.set(3L));
            assertThrows(IllegalArgumentException.class, () -> constant.set(TWO));
        }
    }

    /// What an engine may need between host and guest is no part of the guest.
    @Test
    void leaveFramesAsTheyAre() {
        var wasm = new WasmAssembler();
        int type = wasm.type("v", "v");
        wasm.function("inner", type, "", code().raw(0x00));
        wasm.function("outer", type, "", code().get(0).call(0));
        try (var instance = instantiate(wasm)) {
            var trap = assertTraps(Kind.UNREACHABLE, instance, "outer", ONE);
            assertEquals(
                    List.of("inner", "outer"),
                    trap.frames().stream().map(Trap.Frame::name).toList());
        }
    }
}
