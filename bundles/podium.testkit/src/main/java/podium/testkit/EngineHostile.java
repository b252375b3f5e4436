package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap;

/// Modules that mean harm.
@Timeout(120)
abstract class EngineHostile extends EngineFixture {

    private byte[] sample() {
        var wasm = new WasmAssembler();
        int unary = wasm.type("i", "i");
        wasm.memory(1, 2);
        wasm.table(2, 2);
        int f =
                wasm.function(
                        "f",
                        unary,
                        "i",
                        code().begin(2)
                                .begin(3)
                                .get(0)
                                .raw(0x45)
                                .op(0x0d, 1)
                                .get(0)
                                .i32(1)
                                .sub()
                                .set(0)
                                .get(1)
                                .get(0)
                                .load(4)
                                .add()
                                .set(1)
                                .op(0x0c, 0)
                                .end()
                                .end()
                                .get(1));
        wasm.function("g", unary, "", code().get(0).i32(0).op(0x11, unary, 0));
        wasm.elements(0, f);
        wasm.data(8, "hello");
        return wasm.assemble();
    }

    /// Loads, and if that works instantiates: nothing but the exceptions of the contract may come
    /// out.
    private void attempt(byte[] module) {
        try {
            engine().load(ModuleSource.of("hostile", module)).instantiate(_ -> null, null).close();
        } catch (ModuleException | LinkException | Trap | OutOfMemoryException e) {
            assertTrue(e.getMessage() != null && !e.getMessage().contains("\n"));
        }
    }

    @Test
    void truncated() {
        var module = sample();
        for (int length = 0; length < module.length; length++) {
            var cut = Arrays.copyOf(module, length);
            if (length < 8)
                assertThrows(
                        ModuleException.class, () -> engine().load(ModuleSource.of("cut", cut)));
            else attempt(cut);
        }
    }

    @Test
    void mutated() {
        var module = sample();
        var random = new Random(42);
        for (int i = 0; i < 3_000; i++) {
            var mutant = module.clone();
            for (int n = random.nextInt(3); n >= 0; n--)
                mutant[8 + random.nextInt(mutant.length - 8)] = (byte) random.nextInt();
            attempt(mutant);
        }
    }

    @Test
    void invalidModulesTellWhere() {
        var wasm = new WasmAssembler();
        wasm.function("bad", wasm.type("", "i"), "", code().i64(1));
        var e =
                assertThrows(
                        ModuleException.class,
                        () -> engine().load(ModuleSource.of("bad", wasm.assemble())));
        assertTrue(e.offset() > 8, e.getMessage());
    }

    private static byte[] module(int... sections) {
        return code().raw(0, 'a', 's', 'm', 1, 0, 0, 0).raw(sections).bytes();
    }

    /// A tag's attribute is a byte, an offset a number of 32 bits: neither may be longer.
    @Test
    void longNumbers() {
        for (var module :
                new byte[][] {
                    module(1, 4, 1, 0x60, 0, 0, 13, 4, 1, 0x80, 0, 0),
                    module(
                            1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 10, 16, 1, 14, 0, 0x41,
                            0, 0x2d, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x1a, 0x0b)
                })
            assertThrows(
                    ModuleException.class, () -> engine().load(ModuleSource.of("long", module)));
    }

    @Test
    void manyLocals() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        wasm.function("f", type, "l".repeat(20_000), code().get(0));
        try (var instance = instantiate(wasm)) {
            assertEquals(3, call(instance, "f", 3));
        }
    }

    @Test
    void deepNesting() {
        var wasm = new WasmAssembler();
        var body = code();
        for (int i = 0; i < 20_000; i++) body.begin(2);
        for (int i = 0; i < 20_000; i++) body.end();
        wasm.function("f", wasm.type("", ""), "", body);
        try (var instance = instantiate(wasm)) {
            call(instance, "f");
        }
    }

    @Test
    void deepExpressions() {
        var wasm = new WasmAssembler();
        var body = code();
        for (int i = 0; i < 20_000; i++) body.i32(i);
        for (int i = 1; i < 20_000; i++) body.add();
        wasm.function("f", wasm.type("", "i"), "", body);
        try (var instance = instantiate(wasm)) {
            assertEquals(199_990_000, call(instance, "f"));
        }
    }

    @Test
    void largeFunction() {
        var wasm = new WasmAssembler();
        var body = code();
        int expected = 0;
        for (int i = 0; i < 40_000; i++) {
            body.get(0).i32(i).add().get(1).raw(0x73).set(1);
            expected ^= 5 + i;
        }
        wasm.function("f", wasm.type("i", "i"), "i", body.get(1));
        try (var instance = instantiate(wasm)) {
            assertEquals(expected, call(instance, "f", 5));
        }
    }

    /// A switch with 3,000 cases in a loop, each with code of its own.
    @Test
    void largeSwitch() {
        int cases = 3_000;
        var wasm = new WasmAssembler();
        var body = code();
        for (int i = 0; i <= cases; i++) body.begin(2);
        body.get(0).raw(0x0e).u(cases);
        for (int i = 0; i <= cases; i++) body.u(i);
        for (int i = 0; i < cases; i++) {
            body.end();
            body.get(1).i32(i * 7).add().set(1).op(0x0c, cases - 1 - i);
        }
        body.end();
        body.get(1).get(0).add();
        wasm.function("f", wasm.type("i", "i"), "i", body);
        try (var instance = instantiate(wasm)) {
            for (int i : new int[] {0, 1, 511, 512, 513, 1_500, 2_999})
                assertEquals(i * 7 + i, call(instance, "f", i));
            assertEquals(3_000, call(instance, "f", 3_000));
            assertEquals(-1, call(instance, "f", -1));
        }
    }

    /// A loop of so much code, branch after branch, that no single method can hold it.
    @Test
    void largeLoop() {
        var wasm = new WasmAssembler();
        var body = code().begin(3);
        int steps = 3_000;
        for (int i = 0; i < steps; i++)
            body.get(0)
                    .i32(1 << i % 5)
                    .raw(0x71)
                    .begin(4)
                    .get(1)
                    .i32(i)
                    .add()
                    .i32(3)
                    .raw(0x6c)
                    .set(1)
                    .end();
        body.get(0).i32(1).sub().tee(0).op(0x0d, 0).end();
        wasm.function("f", wasm.type("i", "i"), "i", body.get(1));
        int expected = 0;
        for (int n = 40; n > 0; n--)
            for (int i = 0; i < steps; i++)
                if ((n & 1 << i % 5) != 0) expected = (expected + i) * 3;
        try (var instance = instantiate(wasm)) {
            assertEquals(expected, call(instance, "f", 40));
        }
    }

    @Test
    void manyTargets() {
        int count = 65_000;
        var wasm = new WasmAssembler();
        var body = code().begin(2).begin(2).get(0).raw(0x0e).u(count);
        for (int i = 0; i <= count; i++) body.u(i & 1);
        body.end().i32(7).set(0).end().get(0);
        wasm.function("f", wasm.type("i", "i"), "", body);
        try (var instance = instantiate(wasm)) {
            for (int i : new int[] {0, 1, 511, 512, 513, count - 2, count - 1, count, -1})
                assertEquals(i >= 0 && i <= count && i % 2 == 1 ? i : 7, call(instance, "f", i));
        }
    }

    /// More functions in a table than one Java class can name.
    @Test
    void manyFunctions() {
        int count = 30_000;
        var wasm = new WasmAssembler();
        int nullary = wasm.type("", "i");
        wasm.table(count, count);
        var functions = new int[count];
        for (int i = 0; i < count; i++) functions[i] = wasm.function(nullary, "", code().i32(i));
        wasm.elements(0, functions);
        wasm.function("call", wasm.type("i", "i"), "", code().get(0).op(0x11, nullary, 0));
        try (var instance = instantiate(wasm)) {
            for (int i = 0; i < count; i += 97) assertEquals(i, call(instance, "call", i));
        }
    }

    @Test
    void manyTypes() {
        int count = 5_000;
        var wasm = new WasmAssembler();
        wasm.table(count, count);
        var functions = new int[count];
        for (int i = 0; i < count; i++) {
            var types = new StringBuilder("i");
            for (int bit = 0; bit < 13; bit++) types.append((i >> bit & 1) == 0 ? 'i' : 'l');
            int type = wasm.type(types.toString(), "i");
            functions[i] = wasm.function("f" + i, type, "", code().get(0).i32(i).add());
        }
        wasm.elements(0, functions);
        try (var instance = instantiate(wasm)) {
            for (int i = 0; i < count; i += 499) {
                var arguments = new Object[14];
                arguments[0] = 1;
                for (int bit = 0; bit < 13; bit++)
                    arguments[bit + 1] = (i >> bit & 1) == 0 ? (Object) 0 : (Object) 0L;
                assertEquals(i + 1, call(instance, "f" + i, arguments));
            }
        }
    }

    /// However much a guest wants of the host's memory, it is told no.
    @Test
    void tablesHaveAnEnd() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        wasm.table(1, 2_000_000_000);
        wasm.function("grow", type, "", code().raw(0xd0, 0x70).get(0).raw(0xfc, 15, 0));
        try (var instance = instantiate(wasm)) {
            int size = 1;
            while (Integer.valueOf(size).equals(call(instance, "grow", 250_000))) size += 250_000;
            assertTrue(size <= 10_000_001, "a table of " + size);
            assertEquals(-1, call(instance, "grow", 1_500_000_000));
        }
    }

    @Test
    void instancesLeaveNothingBehind() throws IOException {
        var wasm = new WasmAssembler();
        wasm.memory(1, 16_384);
        wasm.function("f", wasm.type("i", ""), "", code().get(0).i32(1).store(0));
        var module = load(wasm);
        for (int i = 0; i < 100; i++) instantiate(module, Map.of(), null).close();
        long mappings = mappings();
        for (int i = 0; i < 2_000; i++)
            try (var instance = instantiate(module, Map.of(), null)) {
                call(instance, "f", i);
            }
        assertTrue(mappings() < mappings + 500, "mappings remain");
    }

    private static long mappings() throws IOException {
        var maps = Path.of("/proc/self/maps");
        if (!Files.exists(maps)) return 0;
        try (var lines = Files.lines(maps)) {
            return lines.count();
        }
    }
}
