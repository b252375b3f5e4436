package podium.engine.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourceLinesTest {

    /// Where the code begins.
    private static final int CODE = 1000;

    private final Map<String, byte[]> sections = new HashMap<>();

    private String lines(int... addresses) {
        var offsets = Arrays.stream(addresses).map(address -> CODE + address).toArray();
        var texts = new ArrayList<String>();
        for (var line :
                SourceLines.find(
                        name ->
                                sections.containsKey(name)
                                        ? ByteBuffer.wrap(sections.get(name))
                                        : null,
                        CODE,
                        offsets)) texts.add(line == null ? "-" : line.toString());
        return String.join(" ", texts);
    }

    private void dwarf(DebugLine... units) {
        var all = new DebugLine();
        for (var unit : units) all.append(unit);
        sections.put(".debug_line", all.bytes());
    }

    /// Rows at 100 (line 1), 104 (3 of file 2), 110 (2 of file 3), 115 (none), up to 120.
    private static DebugLine program() {
        return new DebugLine()
                .address(100)
                .copy()
                .file(2)
                .special(4, 2)
                .file(3)
                .special(6, -1)
                .raw(3, 0x7e) // back to line 0
                .advance(5)
                .copy()
                .advance(5)
                .end();
    }

    private void assertProgram() {
        assertEquals("- a.c:1 a.c:1 inc/b.h:3", lines(99, 100, 103, 104));
        assertEquals("inc/b.h:3 /abs/c.h:2 /abs/c.h:2", lines(109, 110, 114));
        assertEquals("- - - a.c:1 - a.c:1", lines(115, 119, 120, 100, 0, 101));
        assertEquals("", lines());
    }

    @Test
    void readsOldVersions() {
        for (int version = 2; version <= 4; version++) {
            dwarf(DebugLine.unit(version, program()));
            assertProgram();
        }
    }

    @Test
    void readsVersion5() {
        var names = new ArrayList<DebugLine>();
        for (var name : List.of("/home/build", "inc", "a.c", "b.h", "/abs/c.h"))
            names.add(new DebugLine().text(name));
        var inline = DebugLine.unit5(0x08, names.toArray(DebugLine[]::new));
        dwarf(new DebugLine().sized(inline.append(program())));
        assertProgram();
    }

    @Test
    void readsVersion5WithStringsElsewhere() {
        var strings = new DebugLine();
        var names = new ArrayList<DebugLine>();
        for (var name : List.of("/home/build", "inc", "a.c", "b.h", "/abs/c.h")) {
            names.add(new DebugLine().word(strings.bytes().length));
            strings.text(name);
        }
        for (int form : new int[] {0x0e, 0x1f}) {
            sections.clear();
            var unit = DebugLine.unit5(form, names.toArray(DebugLine[]::new));
            dwarf(new DebugLine().sized(unit.append(program())));
            assertEquals("- -", lines(100, 104), "without the section");
            sections.put(form == 0x0e ? ".debug_str" : ".debug_line_str", strings.bytes());
            assertProgram();
        }
    }

    @Test
    void readsEveryInstruction() {
        var program =
                new DebugLine()
                        .raw(0, 5, 2)
                        .word(200)
                        .raw(6, 7, 10, 11) // statements, blocks, prologue, epilogue
                        .raw(12)
                        .number(3) // instruction set
                        .raw(5)
                        .number(9) // column
                        .raw(0, 2, 4, 1) // discriminator
                        .raw(0, 3, 0x80, 1, 2) // of another vendor
                        .raw(0, 8, 3)
                        .text("d.c")
                        .raw(0, 0, 0) // file 4
                        .file(4)
                        .line(6)
                        .copy() // line 7 at 200
                        .raw(8) // 17 on
                        .special(0, 1) // line 8 at 217
                        .raw(9, 3, 0) // 3 on
                        .special(0, 1) // line 9 at 220
                        .advance(1)
                        .end();
        program.raw(0, 2, 4, 1);
        dwarf(DebugLine.unit(4, program));
        assertEquals("d.c:7 d.c:7 d.c:8 d.c:8 d.c:9 -", lines(200, 216, 217, 219, 220, 221));
    }

    /// What linkers leave of functions that are not in the module.
    @Test
    void passesOverFunctionsThatAreGone() {
        for (long gone : new long[] {0, 0xffffffffL, 0xfffffffeL}) {
            var program = new DebugLine().address(gone).copy().advance(500).end();
            dwarf(DebugLine.unit(4, program.address(300).line(4).copy().advance(9).end()));
            assertEquals("- - a.c:5", lines(1, 299, 300));
        }
        dwarf(DebugLine.unit(4, new DebugLine().copy().advance(500).end()));
        assertEquals("-", lines(5));
    }

    @Test
    void readsTheUnitsBehindABrokenOne() {
        var broken = DebugLine.unit(4, new DebugLine().address(10).copy().raw(2));
        dwarf(DebugLine.unit(9, program()), broken, DebugLine.unit(4, program()));
        assertProgram();
        dwarf(DebugLine.unit(4, program()), new DebugLine().word(1_000_000).raw(4, 0));
        assertProgram();
    }

    @Test
    void reads64BitDwarf() {
        var unit = DebugLine.unit(4, program()).bytes();
        var wide = new DebugLine().raw(-1, -1, -1, -1).word(unit.length).word(0);
        int header = ByteBuffer.wrap(unit).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(6);
        wide.raw(4, 0).word(header).word(0);
        for (int i = 10; i < unit.length; i++) wide.raw(unit[i]);
        dwarf(wide);
        assertProgram();
    }

    // ---- hostile input

    /// Broken in every way a few bytes can be, and always soon done.
    @Test
    void survivesMutations() {
        var strings = new DebugLine().text("x.c").text("y.c").bytes();
        var names = new DebugLine[5];
        for (int i = 0; i < 5; i++) names[i] = new DebugLine().word(4 * (i & 1));
        var five = new DebugLine().sized(DebugLine.unit5(0x1f, names).append(program()));
        sections.put(".debug_line_str", strings);
        var whole = DebugLine.unit(4, program()).append(five).bytes();
        var addresses = IntStream.range(95, 125).toArray();
        var random = new Random(4711);
        int told = 0;
        for (int round = 0; round < 50_000; round++) {
            var bytes = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--)
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            if (random.nextInt(4) == 0)
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            sections.put(".debug_line", bytes);
            var lines = lines(addresses);
            if (lines.contains(":")) told++;
        }
        assertTrue(told > 5_000, told + " still told something");
    }

    /// Large numbers cost neither time nor memory.
    @Test
    void takesTimeInProportion() {
        var huge = new DebugLine().raw(-1, -1, -1, -1, 0x0f);
        var tables = new DebugLine().raw(1, 1, 1, -5, 14, 13).raw(new int[12]);
        var manyFiles = new DebugLine().append(tables).raw(1, 1, 8).append(huge).text("a");
        var manyOfNothing = new DebugLine().append(tables).raw(0).append(huge).raw(0, 0);
        var far = new DebugLine().address(100).copy();
        for (int i = 0; i < 1_000_000; i++) far.raw(2).append(huge).copy();
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    for (var header : List.of(manyFiles, manyOfNothing)) {
                        var unit = new DebugLine().raw(5, 0, 4, 0).sized(header).append(program());
                        dwarf(new DebugLine().sized(unit));
                        assertEquals("-", lines(100));
                    }
                    dwarf(DebugLine.unit(4, far.end()));
                    assertEquals("a.c:1", lines(100));
                });
    }

    // ---- source maps

    private String mapped(String map, int... addresses) {
        var url = "data:," + map;
        sections.put("sourceMappingURL", new DebugLine().number(url.length()).text(url).bytes());
        return lines(addresses);
    }

    private static final String HEAD = "{\"sources\":[\"a.ts\",null,\"b.ts\"],\"mappings\":\"";

    /// `w/B` is 1008, `I` 4.
    @Test
    void readsASourceMap() {
        var map = HEAD + "g/BAAA,IAEC,IAAAA,I,IACD;AAAA\"}";
        assertEquals("- a.ts:1 a.ts:1 a.ts:3 a.ts:3", mapped(map, -1, 8, 11, 12, 19));
        assertEquals("- - a.ts:4 a.ts:4", mapped(map, 20, 23, 24, 1_000));
        assertEquals("- - b.ts:3 b.ts:3", mapped(map.replace("IACD", "IEAD"), 20, 23, 24, 1_000));
        assertEquals("- - - -", mapped(map.replace("IACD", "ICAD"), 20, 23, 24, 1_000));
    }

    @Test
    void survivesBrokenSourceMaps() {
        var map = HEAD + "g/BAAA,IAEC,IAAAA,I,IACD\"}";
        for (int length = 0; length < map.length(); length++)
            assertEquals("-", mapped(map.substring(0, length), 8));
        var random = new Random(1);
        for (int round = 0; round < 50_000; round++) {
            var text = map.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = random.nextInt(3); i >= 0; i--)
                text[random.nextInt(text.length)] = (byte) (32 + random.nextInt(95));
            mapped(new String(text, StandardCharsets.ISO_8859_1), 8, 12, 20);
        }
        assertEquals("-", mapped("{\"x\":" + "[".repeat(100_000), 8));
        assertEquals("-", mapped(HEAD + "g/BAAA,IggggggggggggggggA\"}", 12));
    }
}
