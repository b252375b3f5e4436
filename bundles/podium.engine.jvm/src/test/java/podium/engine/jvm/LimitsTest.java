package podium.engine.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Test;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.V128;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

/// What this engine refuses, in one line that says what it is.
class LimitsTest {

    private static void assertRefuses(String what, WasmAssembler wasm) {
        assertRefuses(what, wasm.assemble());
    }

    private static void assertRefuses(String what, byte[] module) {
        var e =
                assertThrows(
                        ModuleException.class,
                        () -> new JvmEngine().load(ModuleSource.of("limits", module)));
        var message = String.valueOf(e.getMessage());
        assertTrue(message.contains(what), message);
        assertFalse(message.contains("\n"), message);
    }

    private static Code nested(int depth) {
        var body = new Code();
        for (int i = 0; i < depth; i++) body.begin(2);
        for (int i = 0; i < depth; i++) body.end();
        return body;
    }

    @Test
    void tooMuch() {
        var tables = new WasmAssembler();
        for (int i = 0; i < 2; i++) tables.table(6_000_000, 6_000_000);
        assertRefuses("tables of more than 10000000 elements", tables);
        var memories = new WasmAssembler();
        for (int i = 0; i < 101; i++) memories.memory(0, 1);
        assertRefuses("more than 100 memories", memories);
        var locals = new WasmAssembler();
        locals.function("f", locals.type("", ""), "l".repeat(50_001), new Code());
        assertRefuses("too many locals", locals);
        var nesting = new WasmAssembler();
        nesting.function("f", nesting.type("", ""), "", nested(100_001));
        assertRefuses("nesting too deep", nesting);
        var parameters = new WasmAssembler();
        parameters.importFunction("env", "f", parameters.type("l".repeat(126), ""));
        assertRefuses("an imported function of 252 parameter words", parameters);
    }

    @Test
    void tooLarge() {
        var body = new Code();
        for (int i = 0; i < 7_654_400; i++) body.raw(1);
        var long_ = new WasmAssembler();
        long_.function("f", long_.type("", ""), "", body);
        assertRefuses("a function of 76544", long_);
        var branches = new Code();
        for (int i = 0; i < 260_000; i++) branches.get(0).begin(4).end();
        var many = new WasmAssembler();
        many.function("f", many.type("i", ""), "", branches);
        assertRefuses("function f: more than 500000 blocks", many);
    }

    /// A small body may be much code: it is found out before it is called, too.
    @Test
    void tooMuchCode() {
        var wasm = new WasmAssembler();
        int type = wasm.type("", "i".repeat(1_000));
        var zeros = new Code();
        for (int i = 0; i < 1_000; i++) zeros.i32(0);
        int give = wasm.function(type, "", zeros);
        var body = new Code().i32(0).call(give);
        for (int i = 0; i < 9_000; i++) body.i32(0).op(0x0d, 0);
        wasm.function("f", type, "", body.op(0x0c, 0));
        assertRefuses("function f: more than 33554432 bytes of Java code", wasm);
        var variables = new WasmAssembler();
        var blocks = new Code();
        for (int i = 0; i < 3_000; i++) blocks.get(0).begin(4).end();
        variables.function("f", variables.type("i", ""), "l".repeat(49_000), blocks);
        assertRefuses("function f: too many variables and blocks", variables);
    }

    /// Proposals that are not supported, each by the first byte that gives it away.
    @Test
    void unsupported() {
        int[][] sections = {
            {5, 3, 1, 4, 1}, // a memory with 64-bit addresses
            {4, 4, 1, 0x70, 4, 1}, // such a table
            {5, 4, 1, 8, 1, 0}, // pages of another size
            {1, 4, 1, 0x5f, 0, 0}, // a structure
            {1, 6, 1, 0x60, 1, 0x64, 0x70, 0}, // a reference that is never null
        };
        var named =
                new String[] {
                    "memory64", "64-bit tables", "page sizes", "garbage-collected", "typed"
                };
        for (int i = 0; i < sections.length; i++) {
            var module = new Code().raw(0, 'a', 's', 'm', 1, 0, 0, 0).raw(sections[i]);
            assertRefuses("unsupported: ", module.bytes());
            assertRefuses(named[i], module.bytes());
        }
    }

    /// A vector is an object where host and guest meet.
    @Test
    void passesVectors() throws Throwable {
        var wasm = new WasmAssembler();
        int type = wasm.type("vi", "v");
        wasm.function("f", type, "", new Code().get(0).get(1).vector(0xcb));
        var module = new JvmEngine().load(ModuleSource.of("vectors", wasm.assemble()));
        try (var instance = module.instantiate(_ -> null, null)) {
            var function = instance.function("f");
            assertNotNull(function);
            assertEquals(new V128(4, -8), function.call(new V128(1, -2), 2));
            MethodHandle handle = function.handle();
            assertEquals(new V128(4, -8), (V128) handle.invokeExact(new V128(1, -2), 2));
            assertThrows(IllegalArgumentException.class, () -> function.call(1L, 2));
        }
    }

    @Test
    void hasNoHandleForMoreThanAHandleTakes() throws Exception {
        var wasm = new WasmAssembler();
        wasm.function("f", wasm.type("l".repeat(126), "l"), "", new Code().get(125));
        var module = new JvmEngine().load(ModuleSource.of("wide", wasm.assemble()));
        try (var instance = module.instantiate(_ -> null, null)) {
            var function = instance.function("f");
            assertNotNull(function);
            var arguments = new Object[126];
            for (int i = 0; i < arguments.length; i++) arguments[i] = (long) i;
            assertEquals(125L, function.call(arguments));
            assertThrows(UnsupportedOperationException.class, function::handle);
        }
    }
}
