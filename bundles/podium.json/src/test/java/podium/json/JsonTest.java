package podium.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void readsWhatJsonHas() {
        var text =
                " {\"a\": [1, -2.5e1, true, false, null], \"b\\n\\u00e9\": {\"\": \"\\\"/\"}, \"c\": []} ";
        assertEquals(
                Map.of(
                        "a", Arrays.asList(1.0, -25.0, true, false, null),
                        "b\né", Map.of("", "\"/"),
                        "c", List.of()),
                Json.parse(text));
    }

    @Test
    void writesWhatItReads() {
        var text = "{\"a\":[\"\\u0001\\\"\\\\é\",true,null,{}],\"b\":[]}";
        assertEquals(text, Json.write(Json.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\"}",
                "01",
                "1.",
                "+1",
                "tru",
                "\"\\x\"",
                "\"\\u12",
                "\"a\nb\"",
                "1 2",
                "{\"a\":1,}",
                "nul",
                "'a'",
                "\"\\u00zz\""
            })
    void refusesWhatIsNoJson(String text) {
        assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
    }

    @Test
    void aNameMayHaveToBeUnique() {
        var twice = "{\"a\":1,\"a\":{\"b\":2,\"c\":3}}";
        assertEquals(Map.of("a", Map.of("b", 2.0, "c", 3.0)), Json.parse(twice));
        var e = assertThrows(IllegalArgumentException.class, () -> Json.parseUnique(twice));
        assertEquals("line 1: a name is there twice", e.getMessage());
        var once = "[{\"a\":{\"a\":1}},{\"a\":null}]";
        assertEquals(Json.parse(once), Json.parseUnique(once));
        assertThrows(
                IllegalArgumentException.class,
                () -> Json.parseUnique("[{\"b\":null,\"b\":null}]"));
    }

    @Test
    void saysTheLine() {
        var e = assertThrows(IllegalArgumentException.class, () -> Json.parse("{\n\"a\":\n x}"));
        assertEquals("line 3: no value", e.getMessage());
    }

    @Test
    void refusesDeepNestingInsteadOfOverflowing() {
        assertThrows(IllegalArgumentException.class, () -> Json.parse("[".repeat(100_000)));
    }
}
