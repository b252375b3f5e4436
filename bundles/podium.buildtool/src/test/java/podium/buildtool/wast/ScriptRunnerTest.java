package podium.buildtool.wast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import podium.engine.V128;
import podium.engine.jvm.JvmEngine;

class ScriptRunnerTest {

    /// Exports `neg`: f32 to f32; `trap`, which does; `spin`, which never returns.
    private static final String MODULE =
            """
            (module $m binary "\\00asm\\01\\00\\00\\00"
              "\\01\\09\\02\\60\\01\\7d\\01\\7d\\60\\00\\00" ;; types
              "\\03\\04\\03\\00\\01\\01"
              "\\07\\15\\03\\03neg\\00\\00\\04trap\\00\\01\\04spin\\00\\02"
              "\\0a\\13\\03\\05\\00\\20\\00\\8c\\0b" "\\03\\00\\00\\0b" "\\07\\00\\03\\40\\0c\\00\\0b\\0b")
            """;

    private static Outcome run(String commands) {
        var outcome = new Outcome("test");
        var script = (MODULE + commands).getBytes(StandardCharsets.UTF_8);
        try (var watchdog = new Watchdog(Duration.ofMillis(200));
                var converter = new Converter(Path.of("none"));
                var runner =
                        new ScriptRunner(new JvmEngine(), script, converter, watchdog, outcome)) {
            runner.run();
        }
        return outcome;
    }

    private static void assertPasses(String command) {
        var outcome = run(command);
        assertEquals(2, outcome.passed(), () -> command + outcome.failures());
        assertEquals(2, outcome.total());
    }

    private static void assertFails(String command) {
        var outcome = run(command);
        assertEquals(1, outcome.failures().size(), command);
        assertEquals(6, outcome.failures().getFirst().line(), "the line of " + command);
    }

    @Test
    void judgesResults() {
        assertPasses("(assert_return (invoke \"neg\" (f32.const 0x1.8)) (f32.const -1.5))");
        assertPasses("(assert_return (invoke $m \"neg\" (f32.const 0)) (f32.const -0))");
        assertPasses("(assert_return (invoke \"neg\" (f32.const nan)) (f32.const nan:canonical))");
        assertPasses("(assert_trap (invoke \"trap\") \"unreachable\")");
        assertFails("(assert_return (invoke \"neg\" (f32.const 0)) (f32.const 0))");
        assertFails("(assert_return (invoke \"neg\" (f32.const 1)))");
        assertFails("(assert_return (invoke \"trap\"))");
        assertFails("(assert_trap (invoke \"neg\" (f32.const 1)) \"unreachable\")");
        assertFails("(assert_trap (invoke \"trap\") \"integer overflow\")");
        assertFails("(invoke \"absent\")");
        assertFails("(assert_bogus)");
    }

    @Test
    void judgesModules() {
        assertPasses("(assert_malformed (module binary \"\\00asm\\02\\00\\00\\00\") \"version\")");
        assertFails("(assert_malformed (module binary \"\\00asm\\01\\00\\00\\00\") \"version\")");
        assertFails("(assert_unlinkable (module binary \"\\00asm\\01\\00\\00\\00\") \"import\")");
        var quoted = run("(assert_malformed (module quote \"(func\") \"unexpected end\")");
        assertEquals(1, quoted.skipped());
        assertEquals(1, quoted.total());
    }

    @Test
    void stopsWhatDoesNotEnd() {
        assertFails("(invoke \"spin\")");
    }

    @Test
    void countsWhatIsRefused() {
        var outcome =
                run(
                        "(module binary \"\\00asm\\01\\00\\00\\00\\05\\03\\01\\04\\01\") (invoke \"f\")");
        assertEquals(2, outcome.refusals().size());
        assertTrue(outcome.failures().isEmpty());
    }

    @Test
    void readsForms() {
        var forms =
                FormReader.read(
                        " (a ;; b\n (; c (; d ;) ;) (@e f) \"g\\22\\u{e9}\")"
                                .getBytes(StandardCharsets.UTF_8));
        assertEquals(1, forms.size());
        assertEquals(2, forms.getFirst().items().size());
        assertEquals("g\"é", forms.getFirst().text(1).utf8());
        assertThrows(
                IllegalArgumentException.class,
                () -> FormReader.read("(a".getBytes(StandardCharsets.UTF_8)));
        assertThrows(
                IllegalArgumentException.class,
                () -> FormReader.read("a)".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsNumbers() {
        assertEquals(-1L, Numbers.integer("0xffff_ffff_ffff_ffff", 64));
        assertEquals(0x7f80_0001, Numbers.f32("nan:0x1"));
        assertEquals(0xff80_0000, Numbers.f32("-inf"));
        assertEquals(
                Double.doubleToRawLongBits(0x1p-1074), Numbers.f64("4.94065645841246544e-324"));
        assertThrows(NumberFormatException.class, () -> Numbers.integer("256", 8));
    }

    @Test
    void comparesVectors() {
        var expected =
                FormReader.read(
                                "(v128.const i16x8 -1 1 2 3 4 5 6 7)"
                                        .getBytes(StandardCharsets.UTF_8))
                        .getFirst();
        assertTrue(
                Values.matches(expected, new V128(0x0003_0002_0001_ffffL, 0x0007_0006_0005_0004L)));
        assertFalse(Values.matches(expected, new V128(0x0003_0002_0001_ffffL, 0)));
        var nan =
                FormReader.read(
                                "(v128.const f64x2 nan:arithmetic 1)"
                                        .getBytes(StandardCharsets.UTF_8))
                        .getFirst();
        long one = Double.doubleToRawLongBits(1);
        assertTrue(Values.matches(nan, new V128(0xfff8_0000_0000_0001L, one)));
        assertFalse(Values.matches(nan, new V128(0x7ff0_0000_0000_0001L, one)));
    }
}
