package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.Extern;
import podium.engine.Global;
import podium.engine.GlobalType;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.Trap.Kind;
import podium.engine.ValueType;
import podium.testkit.WasmAssembler.Code;

/// Constant expressions of more than one instruction.
abstract class EngineConstants extends EngineFixture {

    private static final int GLOBAL_GET = 0x23;

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.EXTENDED_CONSTANTS));
    }

    private record Constant(GlobalType type, Object get) implements Global {
        @Override
        public void set(@Nullable Object value) {
            throw new IllegalArgumentException("the global is immutable");
        }
    }

    /// Segments whose places depend on an imported base, as of a library that is linked late.
    @Test
    void placeSegments() {
        var wasm = new WasmAssembler();
        int nullary = wasm.type("", "i");
        wasm.importGlobal("env", "base", 'i', false);
        wasm.memory(1, 1);
        wasm.table(8, 8);
        int seven = wasm.function(nullary, "", code().i32(7));
        wasm.function("load", wasm.type("i", "i"), "", code().get(0).load(0));
        wasm.function("call", 1, "", code().get(0).op(0x11, nullary, 0));
        wasm.data(0, code().op(GLOBAL_GET, 0).i32(16).raw(0x6c).i32(4).add(), "abcd");
        wasm.elements(code().op(GLOBAL_GET, 0).i32(1).sub(), seven);
        var type = new GlobalType(ValueType.I32, false);
        Map<String, Extern> externs = Map.of("env.base", new Constant(type, 5));
        try (var instance = instantiate(load(wasm), externs, null)) {
            assertEquals(0x64636261, call(instance, "load", 84));
            assertEquals(7, call(instance, "call", 4));
            assertTraps(Kind.NULL_REFERENCE, instance, "call", 5);
        }
    }

    @Test
    void initialiseGlobals() {
        var wasm = new WasmAssembler();
        int base = wasm.global('l', false, code().i64(1L << 40));
        int sum =
                wasm.global(
                        'l', false, code().op(GLOBAL_GET, base).i64(3).raw(0x7e).i64(1).raw(0x7d));
        int wrapped = wasm.global('i', true, code().i32(Integer.MAX_VALUE).i32(1).add());
        wasm.function("sum", wasm.type("", "l"), "", code().op(GLOBAL_GET, sum));
        wasm.function("wrapped", wasm.type("", "i"), "", code().op(GLOBAL_GET, wrapped));
        try (var instance = instantiate(wasm)) {
            assertEquals((3L << 40) - 1, call(instance, "sum"));
            assertEquals(Integer.MIN_VALUE, call(instance, "wrapped"));
        }
    }

    /// A table whose elements start as a function.
    @Test
    void initialiseTables() {
        var wasm = new WasmAssembler();
        int nullary = wasm.type("", "i");
        wasm.table(3, 5, code().raw(0xd2, 0));
        wasm.function("seven", nullary, "", code().i32(7));
        wasm.function("call", wasm.type("i", "i"), "", code().get(0).op(0x11, nullary, 0));
        try (var instance = instantiate(wasm)) {
            assertEquals(7, call(instance, "call", 0));
            assertEquals(7, call(instance, "call", 2));
            assertTraps(Kind.UNDEFINED_ELEMENT, instance, "call", 3);
        }
    }

    @Test
    void areTyped() {
        for (var init :
                new Code[] {
                    code(),
                    code().add(),
                    code().i32(1).add(),
                    code().i32(1).i32(2),
                    code().i32(1).i64(2).add(),
                    code().i64(1).i64(2).raw(0x7c),
                    code().i32(1).i32(2).raw(0x6d),
                    code().op(GLOBAL_GET, 0)
                }) {
            var wasm = new WasmAssembler();
            wasm.global('i', false, init);
            assertThrows(
                    ModuleException.class,
                    () -> engine().load(ModuleSource.of("test", wasm.assemble())));
        }
    }
}
