package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import podium.engine.Instance;
import podium.engine.Trap;
import podium.engine.Trap.Kind;
import podium.engine.Trap.SourceLine;
import podium.testkit.WasmAssembler.Code;

/// The frames of a trap: which instruction of the binary, and which line of the source.
abstract class EngineFrames extends EngineFixture {

    private static final String SOURCE_MAP = "sourceMappingURL";

    private static final int UNREACHABLE = 0x00;
    private static final int DROP = 0x1a;
    private static final int DIVIDE = 0x6d;
    private static final int IF = 0x04;
    private static final int CALL_INDIRECT = 0x11;

    /// Of modules that say of their source, be it of no use: an engine need not tell the
    /// instructions of others.
    private static WasmAssembler assembler() {
        var wasm = new WasmAssembler();
        wasm.custom(SOURCE_MAP, code().name("program.map").bytes());
        return wasm;
    }

    /// Instructions that stand nowhere else in a module, to find a place again.
    private static Code here(int number) {
        return code().i32(0x5eed00 + number).raw(DROP);
    }

    /// The offset of what follows them.
    private static int offset(byte[] wasm, int number) {
        var text = new String(wasm, StandardCharsets.ISO_8859_1);
        var mark = new String(here(number).bytes(), StandardCharsets.ISO_8859_1);
        int at = text.indexOf(mark);
        assertTrue(at > 0 && text.indexOf(mark, at + 1) < 0, "not one place " + number);
        return at + mark.length();
    }

    private static void assertPlaces(WasmAssembler wasm, Trap trap, Integer... numbers) {
        var bytes = wasm.assemble();
        assertEquals(
                Arrays.stream(numbers).map(number -> offset(bytes, number)).toList(),
                trap.frames().stream().map(Trap.Frame::offset).toList(),
                trap.frames()::toString);
    }

    // ---- offsets

    private static void trapping(
            WasmAssembler wasm, int number, int type, Code operands, Code trapping) {
        var body = here(100 + number).append(operands).append(here(number)).append(trapping);
        wasm.function("trap" + number, type, "", body);
    }

    @Test
    void sayWhichInstruction() {
        var wasm = assembler();
        int type = wasm.type("i", "");
        int none = wasm.type("", "");
        wasm.memory(1, 1);
        wasm.table(1, 1);
        trapping(wasm, 0, type, code(), code().raw(UNREACHABLE));
        trapping(wasm, 1, type, code().i32(1).get(0), code().raw(DIVIDE, DROP));
        trapping(wasm, 2, type, code().i32(-1), code().load(0).raw(DROP));
        trapping(wasm, 3, type, code().i32(-1).i32(7), code().store(0));
        trapping(wasm, 4, type, code().get(0), code().op(CALL_INDIRECT, none, 0));
        trapping(wasm, 5, type, code().i32(-1).i32(0).i32(9), code().raw(0xfc, 11, 0));
        trapping(wasm, 6, type, code().raw(0x43, 0, 0, 0xc0, 0x7f), code().raw(0xa8, DROP));
        var kinds =
                List.of(
                        Kind.UNREACHABLE,
                        Kind.DIVIDE_BY_ZERO,
                        Kind.MEMORY_OUT_OF_BOUNDS,
                        Kind.MEMORY_OUT_OF_BOUNDS,
                        Kind.NULL_REFERENCE,
                        Kind.MEMORY_OUT_OF_BOUNDS,
                        Kind.INVALID_CONVERSION);
        try (var instance = instantiate(wasm)) {
            for (int i = 0; i < kinds.size(); i++)
                assertPlaces(wasm, assertTraps(kinds.get(i), instance, "trap" + i, 0), i);
        }
    }

    @Test
    void tellNestedInstructionsApart() {
        var wasm = assembler();
        wasm.memory(1, 1);
        wasm.data(0, "\u00ff\u00ff\u00ff\u00ff\u0008\0\0\0");
        var inner = code().get(0).append(here(1)).load(0);
        var outer = code().append(inner).append(here(2)).load(0);
        var body = code().append(outer).get(1).append(here(3)).raw(DIVIDE);
        wasm.function("run", wasm.type("ii", "i"), "", body);
        try (var instance = instantiate(wasm)) {
            assertPlaces(wasm, assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "run", -4, 1), 1);
            assertPlaces(wasm, assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "run", 0, 1), 2);
            assertPlaces(wasm, assertTraps(Kind.DIVIDE_BY_ZERO, instance, "run", 4, 0), 3);
        }
    }

    /// Calls that are none to the engine, with indices written short and long.
    @Test
    void sayWhichBehindAnInterpretersCalls() {
        for (boolean padded : new boolean[] {false, true}) {
            var wasm = assembler();
            var one = wasm.type("i", "i");
            var names = List.of("specialised", "dispatch", "enter", "specialise", "forget");
            int[] types = {wasm.type("", "i"), one, wasm.type("ii", "i"), wasm.type("iii", "i")};
            for (int i = 0; i < 4; i++)
                wasm.importFunction(ToyInterpreter.MODULE, names.get(i), types[i]);
            wasm.importFunction(ToyInterpreter.MODULE, names.get(4), wasm.type("ii", ""));
            var body = code();
            for (int i = 0; i < 5; i++) {
                for (int k = 0; k < Math.min(i, 3) - i / 4; k++) body.i32(k);
                if (padded) body.raw(0x10, 0x80 | i, 0x80, 0x80, 0x80, 0);
                else body.call(i);
                if (i < 4) body.raw(DROP);
                body.append(here(i)).i32(1).get(0).i32(i).sub().append(here(10 + i));
                body.raw(DIVIDE, DROP);
            }
            wasm.function("run", one, "", body.get(0));
            try (var instance = instantiate(wasm)) {
                for (int i = 0; i < 5; i++)
                    assertPlaces(
                            wasm, assertTraps(Kind.DIVIDE_BY_ZERO, instance, "run", i), 10 + i);
                assertEquals(7, call(instance, "run", 7));
            }
        }
    }

    static int enter(@Nullable Object context, int ignored) {
        var box = (Instance[]) Objects.requireNonNull(context);
        call(box[0], "inner");
        return 0;
    }

    @Test
    void sayWhichCalls() {
        var wasm = assembler();
        int ints = wasm.type("i", "i");
        int none = wasm.type("", "");
        int enter = wasm.importFunction("host", "enter", ints);
        wasm.table(1, 1);
        int inner = wasm.function("inner", none, "", here(1).raw(UNREACHABLE));
        int direct = wasm.function("direct", none, "", here(2).call(inner));
        var indirect = code().i32(0).append(here(3)).op(CALL_INDIRECT, none, 0);
        int through = wasm.function("indirect", none, "", indirect);
        wasm.elements(0, direct);
        var twice = here(8).call(through).append(here(9)).call(through);
        wasm.function("twice", none, "", twice);
        wasm.function("host", ints, "", code().get(0).append(here(4)).call(enter));
        var box = new Instance[1];
        var host = host(MethodHandles.lookup(), EngineFrames.class, "enter", 1, 1);
        try (var instance = instantiate(load(wasm), Map.of("host.enter", host), box)) {
            box[0] = instance;
            assertPlaces(wasm, assertTraps(Kind.UNREACHABLE, instance, "twice"), 1, 2, 3, 8);
            var trap = assertTraps(Kind.UNREACHABLE, instance, "host", 0);
            assertEquals(offset(wasm.assemble(), 1), trap.frames().getFirst().offset());
        }
    }

    static int other(@Nullable Object context, int ignored) {
        call((Instance) Objects.requireNonNull(context), "run");
        return 0;
    }

    /// The host called a module out of another one, with a function of the same name.
    @Test
    void areThoseOfOneModule() {
        var wasm = assembler();
        wasm.function("run", wasm.type("", ""), "", here(1).raw(UNREACHABLE));
        var outer = assembler();
        int type = outer.type("i", "i");
        int other = outer.importFunction("host", "other", type);
        outer.function("run", type, "", code().get(0).call(other));
        var host = host(MethodHandles.lookup(), EngineFrames.class, "other", 1, 1);
        try (var inner = instantiate(wasm);
                var instance = instantiate(load(outer), Map.of("host.other", host), inner)) {
            assertPlaces(wasm, assertTraps(Kind.UNREACHABLE, instance, "run", 0), 1);
        }
    }

    /// More instructions than one Java method takes.
    @Test
    void sayWhichOfVeryMany() {
        var wasm = assembler();
        var body = code();
        int last = 3_000;
        for (int i = 0; i <= last; i++) {
            body.get(0).i32(i).raw(0x46).begin(IF);
            if (i % 1_000 == 0) body.append(here(i / 1_000));
            body.raw(UNREACHABLE).end();
        }
        wasm.function("run", wasm.type("i", ""), "", body);
        try (var instance = instantiate(wasm)) {
            for (int i = 0; i <= last; i += 1_000)
                assertPlaces(wasm, assertTraps(Kind.UNREACHABLE, instance, "run", i), i / 1_000);
        }
    }

    // ---- lines

    /// Two functions, one called by the other, whose places are 1 and 2.
    private static WasmAssembler program(WasmAssembler wasm) {
        int none = wasm.type("", "");
        wasm.function(none, "", here(1).raw(UNREACHABLE));
        wasm.function("main", none, "", here(2).call(0));
        return wasm;
    }

    private static Code word(int value) {
        return code().raw(value, value >> 8, value >> 16, value >> 24);
    }

    /// A line-number program of DWARF 4: up to place 1 it is line 1 of main.c, from there on line
    /// 40 of inc/part.h, which ends 1 byte behind place 2.
    private static Code dwarf(int start, int first, int second) {
        var tables =
                code().raw(1, 1, 1, -5, 14, 13)
                        .raw(0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1)
                        .append(text("inc"))
                        .raw(0)
                        .append(text("main.c").raw(0, 0, 0))
                        .append(text("part.h").raw(1, 0, 0))
                        .raw(0);
        var rows =
                code().raw(0, 5, 2)
                        .append(word(start))
                        .raw(1) // a row of line 1
                        .raw(2)
                        .u(first - start) // on to place 1
                        .raw(3, 39, 4, 2, 1) // a row of line 40 of file 2
                        .raw(2)
                        .u(second + 1 - first)
                        .raw(0, 1, 1); // the end
        var unit = code().raw(4, 0).append(word(tables.size())).append(tables).append(rows);
        return word(unit.size()).append(unit);
    }

    private static Code text(String text) {
        return code().append(text.getBytes(StandardCharsets.UTF_8)).raw(0);
    }

    /// Where the content of the code section begins.
    private static int codeStart(byte[] wasm) {
        for (int at = 8; ; ) {
            int id = wasm[at++];
            int size = 0;
            for (int shift = 0; ; shift += 7) {
                size |= (wasm[at] & 0x7f) << shift;
                if (wasm[at++] >= 0) break;
            }
            if (id == 10) return at;
            at += size;
        }
    }

    private List<@Nullable SourceLine> lines(WasmAssembler wasm) {
        try (var instance = instantiate(wasm)) {
            var trap = assertTraps(Kind.UNREACHABLE, instance, "main");
            assertPlaces(wasm, trap, 1, 2);
            return trap.frames().stream().map(Trap.Frame::source).toList();
        }
    }

    @Test
    void sayTheLineByDwarf() {
        var wasm = program(new WasmAssembler());
        var bytes = wasm.assemble();
        int code = codeStart(bytes);
        int first = offset(bytes, 1) - code;
        int start = first - here(1).size() - 1;
        wasm.custom(".debug_line", dwarf(start, first, offset(bytes, 2) - code).bytes());
        var line = new SourceLine("inc/part.h", 40);
        assertEquals(List.of(line, line), lines(wasm));
        try (var instance = instantiate(wasm)) {
            var trap = assertTraps(Kind.UNREACHABLE, instance, "main");
            assertEquals("main (inc/part.h:40)", trap.frames().getLast().toString());
        }
    }

    private static WasmAssembler mapped(String url) {
        var wasm = program(assembler());
        wasm.custom(SOURCE_MAP, code().name(url).bytes());
        return wasm;
    }

    private static final String DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// A number of a source map that is not negative.
    private static String number(int value) {
        var digits = new StringBuilder();
        int rest = value << 1;
        for (; rest > 31; rest >>= 5) digits.append(DIGITS.charAt(rest & 31 | 32));
        return digits.append(DIGITS.charAt(rest)).toString();
    }

    @Test
    void sayTheLineByASourceMap() {
        var bytes = program(assembler()).assemble();
        var mappings =
                number(offset(bytes, 1) - 2)
                        + "AUA," // line 11 of the first source
                        + number(1 + offset(bytes, 2) - offset(bytes, 1))
                        + "CAG"; // the same of the second
        var map =
                "{\"version\": 3, \"names\": [{\"a\": [1.5e3, null]}], \"sourceRoot\": \"src/\","
                        + "\"sources\": [\"a.ts\", \"b\\u002ets\"], \"mappings\": \""
                        + mappings
                        + "\"}";
        var wanted = List.of(new SourceLine("src/a.ts", 11), new SourceLine("src/b.ts", 11));
        var base64 = Base64.getEncoder().encodeToString(map.getBytes(StandardCharsets.UTF_8));
        assertEquals(wanted, lines(mapped("data:application/json;base64," + base64)));
        assertEquals(wanted, lines(mapped("data:," + map.replace("\"", "%22"))));
    }

    /// An engine gets no files, and debug information may be anything.
    @Test
    void sayNoLineWithoutInformation() {
        for (var wasm :
                List.of(
                        program(assembler()),
                        mapped("http://localhost/program.map"),
                        mapped("data:application/json;base64,*"),
                        mapped("data:,{\"mappings\":\"AA")))
            for (var line : lines(wasm)) assertNull(line);
        var wasm = program(assembler());
        wasm.custom(".debug_line", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 127});
        for (var line : lines(wasm)) assertNull(line);
        try (var instance = instantiate(wasm)) {
            var frames = assertTraps(Kind.UNREACHABLE, instance, "main").frames();
            var inner = "wasm-function[0]:0x" + Integer.toHexString(frames.get(0).offset());
            var outer = "wasm-function[1]:0x" + Integer.toHexString(frames.get(1).offset());
            assertEquals(inner, frames.get(0).toString());
            assertEquals("main (" + outer + ")", frames.get(1).toString());
        }
    }
}
