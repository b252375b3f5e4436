package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import podium.engine.Engine.Feature;
import podium.engine.Extern;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap.Kind;

/// What the host allows an instance of tables and stack, and what comes out of guest code when
/// something breaks.
abstract class EngineLimits extends EngineFixture {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static Imports limits(int elements, long stack) {
        return new Imports() {
            @Override
            public @Nullable Extern resolve(ImportType wanted) {
                return null;
            }

            @Override
            public int tableLimit() {
                return elements;
            }

            @Override
            public long stackLimit() {
                return stack;
            }
        };
    }

    /// Two tables, of 10 and 5 elements, which grow by what they are told.
    private static WasmAssembler tables() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        wasm.table(10, 1_000_000);
        wasm.table(5, 1_000_000);
        for (int table = 0; table < 2; table++)
            wasm.function(
                    "grow" + table, type, "", code().raw(0xd0, 0x70).get(0).raw(0xfc, 15, table));
        return wasm;
    }

    @Test
    void keepsToTheLimitOfTables() throws LinkException {
        assumeTrue(engine().features().contains(Feature.TABLE_LIMIT));
        var module = load(tables());
        try (var instance = module.instantiate(limits(20, Long.MAX_VALUE), null)) {
            assertEquals(-1, call(instance, "grow0", 6));
            assertEquals(10, call(instance, "grow0", 3));
            assertEquals(-1, call(instance, "grow1", 3));
            assertEquals(5, call(instance, "grow1", 2));
            assertEquals(-1, call(instance, "grow0", 1));
            assertEquals(13, call(instance, "grow0", 0));
            assertEquals(-1, call(instance, "grow0", -1));
        }
        var e =
                assertThrows(
                        OutOfMemoryException.class,
                        () -> module.instantiate(limits(14, Long.MAX_VALUE), null));
        assertTrue(String.valueOf(e.getMessage()).contains("14 are allowed"), e.getMessage());
    }

    /// Calls itself, counting in a global, until the stack is used up.
    private static WasmAssembler deep() {
        var wasm = new WasmAssembler();
        int none = wasm.type("", "");
        int depth = wasm.global('i', true, code().i32(0));
        wasm.function(
                "deep",
                none,
                "",
                code().op(0x23, depth).i32(1).add().op(0x24, depth).call(0).i32(0).op(0x1a));
        wasm.function("depth", wasm.type("", "i"), "", code().op(0x23, depth));
        return wasm;
    }

    private static int depth(podium.engine.Module module, long stack) throws LinkException {
        try (var instance = module.instantiate(limits(10, stack), null)) {
            assertTraps(Kind.STACK_OVERFLOW, instance, "deep");
            return (Integer) Objects.requireNonNull(call(instance, "depth"));
        }
    }

    @Test
    void keepsToTheLimitOfStack() throws LinkException {
        assumeTrue(engine().features().contains(Feature.STACK_LIMIT));
        var module = load(deep());
        int shallow = depth(module, 20_000);
        int deeper = depth(module, 40_000);
        assertTrue(shallow > 1 && shallow <= 200, "depth " + shallow);
        assertTrue(Math.abs(deeper - 2 * shallow) <= 2, "depth " + deeper);
        assertEquals(shallow, depth(module, 20_000));
        assertTrue(depth(module, Long.MAX_VALUE) > deeper);
    }

    static int fail(@Nullable Object context, int which) {
        switch (which) {
            case 0 -> throw new IllegalStateException("on purpose");
            case 1 -> throw new ArithmeticException("on purpose");
            case 2 -> throw new OutOfMemoryError("on purpose");
            case 3 -> throw new StackOverflowError("on purpose");
            case 4 -> throw new NullPointerException("on purpose");
            default -> {
                return which;
            }
        }
    }

    /// What the host throws is the host's to catch, whatever it is: not a trap of the guest's.
    @Test
    void passesWhatTheHostThrows() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int fail = wasm.importFunction("host", "fail", type);
        int inner = wasm.function(type, "", code().get(0).call(fail));
        wasm.function("run", type, "", code().get(0).call(inner));
        var host = host(LOOKUP, EngineLimits.class, "fail", 1, 1);
        try (var instance = instantiate(load(wasm), Map.of("host.fail", host), null)) {
            assertFails(IllegalStateException.class, instance, 0);
            assertFails(ArithmeticException.class, instance, 1);
            assertFails(OutOfMemoryError.class, instance, 2);
            assertFails(StackOverflowError.class, instance, 3);
            assertFails(NullPointerException.class, instance, 4);
            assertEquals(5, call(instance, "run", 5));
        }
    }

    private static void assertFails(Class<? extends Throwable> type, Instance instance, int which) {
        var thrown = assertThrows(type, () -> call(instance, "run", which));
        assertEquals("on purpose", thrown.getMessage());
    }
}
