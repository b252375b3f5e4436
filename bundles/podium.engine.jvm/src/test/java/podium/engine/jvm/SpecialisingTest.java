package podium.engine.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import podium.engine.Instance;
import podium.engine.ModuleSource;
import podium.engine.Trap;
import podium.engine.jvm.wasm.InterpreterBodies;
import podium.engine.jvm.wasm.ModuleParser;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

/// What specialised code takes, and when it falls.
@Timeout(120)
class SpecialisingTest {

    private static final int PROGRAM = 64;

    /// The offset of one load alone.
    private static final int MARK = 77;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    // The functions that are imported.
    private static final int DISPATCH = 0;
    private static final int ENTER = 1;
    private static final int SPECIALISED = 2;
    private static final int SPECIALISE = 3;
    private static final int FORGET = 4;

    /// A function `run(pc, code)` that interprets bytes: 0 ends it, others add themselves to what
    /// it returns, which is negative where the code is specialised. Each reads where the memory's
    /// first word says.
    private static byte[] module() {
        return assembler().assemble();
    }

    private static WasmAssembler assembler() {
        var run = new Code().get(0).get(1).call(ENTER).set(0).begin(0x03).begin(0x02);
        run.get(0).call(DISPATCH).op(0x2d, 0, 0).tee(3).op(0x0d, 0);
        result(run).end();
        run.get(2).get(3).add().set(2).i32(0).load(0).load(MARK).raw(0x1a);
        run.get(0).i32(1).add().set(0).op(0x0c, 0).end().raw(0x00);
        return assembler(run);
    }

    /// Returns variable 2, negated where the code is specialised.
    private static Code result(Code run) {
        return run.i32(0).get(2).sub().get(2).call(SPECIALISED).raw(0x1b).raw(0x0f);
    }

    private static WasmAssembler assembler(Code run) {
        var wasm = new WasmAssembler();
        var from = "podium.interpreter";
        wasm.importFunction(from, "dispatch", wasm.type("i", "i"));
        wasm.importFunction(from, "enter", wasm.type("ii", "i"));
        wasm.importFunction(from, "specialised", wasm.type("", "i"));
        wasm.importFunction(from, "specialise", wasm.type("iii", "i"));
        wasm.importFunction(from, "forget", wasm.type("ii", ""));
        wasm.memory(2, 2);
        wasm.function("run", wasm.type("ii", "i"), "ii", run);
        wasm.function("idle", wasm.type("", "i"), "", new Code().i32(ENTER));
        wasm.function(
                "ask", wasm.type("iii", "i"), "", new Code().get(0).get(1).get(2).call(SPECIALISE));
        wasm.function("forget", wasm.type("ii", ""), "", new Code().get(0).get(1).call(FORGET));
        return wasm;
    }

    /// As [#module]: 1 adds 1, and so does 2, which then ends it; one behind the other in the same
    /// blocks. 3 goes on where its operand says if 3 were added, 4 if not, and 5 in any case.
    private static byte[] moduleWithTail() {
        var run = new Code().get(0).get(1).call(ENTER).set(0).begin(0x03).begin(0x02);
        run.get(0).call(DISPATCH).op(0x2d, 0, 0).tee(3).i32(3).raw(0x48).op(0x0d, 0);
        run.get(3).i32(5).raw(0x46).get(2).i32(3).raw(0x4e).get(3).i32(3).raw(0x46, 0x46, 0x72);
        run.begin(0x04).get(0).get(0).op(0x2c, 0, 1).add().set(0);
        run.raw(0x05).get(0).i32(2).add().set(0).end().op(0x0c, 1).end();
        run.get(2).i32(1).add().set(2).get(3).i32(2).raw(0x46).begin(0x04);
        result(run).end();
        run.get(0).i32(1).add().set(0).op(0x0c, 0).end().raw(0x00);
        return assembler(run).assemble();
    }

    private static Instance instance(JvmEngine engine) throws Exception {
        var module = engine.load(ModuleSource.of("adder", module()));
        return module.instantiate(_ -> null, null);
    }

    private static int call(Instance instance, String function, Object... arguments) {
        return instance.function(function).call(arguments) instanceof Integer result ? result : 0;
    }

    private static void write(Instance instance, int address, int... bytes) {
        var memory = instance.memory().segment();
        for (int i = 0; i < bytes.length; i++)
            memory.set(ValueLayout.JAVA_BYTE, address + i, (byte) bytes[i]);
    }

    /// Runs what is at an address until its code is specialised.
    private static void await(Instance instance, int address, int code, int sum) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int result;
        do {
            result = call(instance, "run", address, code);
            assertEquals(sum, Math.abs(result));
        } while (result > 0 && System.nanoTime() < end);
        assertEquals(-sum, result);
    }

    @Test
    void isUsed() throws Exception {
        try (var instance = instance(new JvmEngine())) {
            write(instance, PROGRAM, 3, 4, 5);
            int code = call(instance, "ask", PROGRAM, 4, PROGRAM);
            await(instance, PROGRAM, code, 12);
            // what was promised not to change is not looked at
            write(instance, PROGRAM, 9);
            assertEquals(-12, call(instance, "run", PROGRAM, code));
            call(instance, "forget", PROGRAM + 3, 1);
            assertEquals(18, call(instance, "run", PROGRAM, code));
        }
    }

    /// Whichever of the two instructions is looked at first.
    @Test
    void goesOnThoughAnotherInstructionEndsInTheSamePlace() throws Exception {
        var source = ModuleSource.of("tail", moduleWithTail());
        try (var instance = new JvmEngine().load(source).instantiate(_ -> null, null)) {
            write(instance, PROGRAM, 3, 5, 1, 5, -3, 2);
            await(instance, PROGRAM, call(instance, "ask", PROGRAM, 6, PROGRAM), 4);
            int other = 2 * PROGRAM;
            write(instance, other, 4, 3, 2, 1, 5, -4);
            await(instance, other, call(instance, "ask", other, 6, other), 4);
        }
    }

    @Test
    void fallsWhenItIsForgotten() throws Exception {
        var classes = ManagementFactory.getClassLoadingMXBean();
        try (var instance = instance(new JvmEngine())) {
            long unloaded = classes.getUnloadedClassCount();
            int rounds = 200;
            for (int i = 1; i <= rounds; i++) {
                write(instance, PROGRAM, i % 100 + 1, 1);
                int code = call(instance, "ask", PROGRAM, 3, PROGRAM);
                await(instance, PROGRAM, code, i % 100 + 2);
                call(instance, "forget", PROGRAM, 3);
            }
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (classes.getUnloadedClassCount() - unloaded < rounds - 10
                    && System.nanoTime() < end) System.gc();
            assertTrue(classes.getUnloadedClassCount() - unloaded >= rounds - 10);
        }
    }

    @Test
    void isBounded() throws Exception {
        try (var instance = instance(new JvmEngine())) {
            int programs = 0;
            while (call(instance, "ask", PROGRAM + programs, 1, PROGRAM + programs) > 0) programs++;
            assertEquals(2_000, programs);
            call(instance, "forget", PROGRAM + 7, 2);
            assertEquals(8, call(instance, "ask", PROGRAM + 7, 1, PROGRAM + 7));
            assertEquals(9, call(instance, "ask", PROGRAM + 8, 1, PROGRAM + 8));
            assertEquals(0, call(instance, "ask", PROGRAM - 1, 1, PROGRAM - 1));
            assertEquals(0, call(instance, "ask", 0, (1 << 16) + 1, 0), "a program too long");
            call(instance, "forget", 0, -1);
            assertEquals(1, call(instance, "ask", 0, 1 << 16, 0));
        }
    }

    @Test
    void goesOnWithoutWhenTheEngineStops() throws Exception {
        var engine = new JvmEngine();
        try (var instance = instance(engine)) {
            write(instance, PROGRAM, 3, 4, 5);
            int code = call(instance, "ask", PROGRAM, 4, PROGRAM);
            await(instance, PROGRAM, code, 12);
            engine.stop();
            assertEquals(-12, call(instance, "run", PROGRAM, code));
            write(instance, 2 * PROGRAM, 6, 7);
            code = call(instance, "ask", 2 * PROGRAM, 3, 2 * PROGRAM);
            for (int i = 0; i < 100; i++)
                assertEquals(13, call(instance, "run", 2 * PROGRAM, code));
        }
    }

    /// Which instruction traps in specialised code.
    private static void tellsWhere(JvmEngine engine, ModuleSource source) throws Exception {
        try (var instance = engine.load(source).instantiate(_ -> null, null)) {
            write(instance, PROGRAM, 3, 4);
            int code = call(instance, "ask", PROGRAM, 3, PROGRAM);
            await(instance, PROGRAM, code, 7);
            write(instance, 3, 0x7f);
            var trap = assertThrows(Trap.class, () -> call(instance, "run", PROGRAM, code));
            assertEquals(Trap.Kind.MEMORY_OUT_OF_BOUNDS, trap.kind());
            assertEquals(place(source.bytes()), trap.frames().getFirst().offset());
        }
    }

    private static int place(byte[] binary) {
        for (int i = 0; ; i++)
            if (binary[i] == 0x28 && binary[i + 1] == 2 && binary[i + 2] == MARK) return i;
    }

    @Test
    void trapsTellWhere() throws Exception {
        tellsWhere(new JvmEngine(), ModuleSource.of("compiled", module()));
    }

    @Test
    void trapsTellWhereInWhatWasKept(@TempDir Path folder) throws Exception {
        var cache = new CodeCache(folder, 1 << 20);
        var source = ModuleSource.of("kept", module());
        for (int i = 0; i < 2; i++) {
            tellsWhere(new JvmEngine(7_800, cache, 0, Runnable::run), source);
            var kept = cache.get(source.sha256(), false);
            assertTrue(kept != null && kept.isComplete());
        }
    }

    @Test
    void trapsTellWhereInWhatWasPrepared() throws Exception {
        var wasm = assembler();
        var map = "data:,{\"version\":3,\"sources\":[\"a\"],\"mappings\":\"AAAA\"}";
        var section = new ByteArrayOutputStream();
        section.write(map.length());
        section.writeBytes(map.getBytes(StandardCharsets.US_ASCII));
        wasm.custom("sourceMappingURL", section.toByteArray());
        var source = ModuleSource.of("prepared", wasm.assemble());
        var prepared = new ByteArrayOutputStream();
        new JvmEngine().prepare(source, null, prepared);
        tellsWhere(new JvmEngine(), PreparedCodeTest.with(source, prepared.toByteArray()));
    }

    @Test
    void interpretersAreFoundInBodies() {
        var module = ModuleParser.parse(module());
        var found = InterpreterBodies.in(module);
        assertTrue(found.contains(5), found::toString);
        assertEquals(
                Set.of(), InterpreterBodies.in(ModuleParser.parse(new WasmAssembler().assemble())));
    }
}
