package podium.portal.mina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RuleOptionsTest {

    private static RuleOptions of(Map<String, String> given) throws IOException {
        return new RuleOptions("tcp", given, List.of("port", "host", "flag"));
    }

    private static void fails(String line, Executable reading) {
        assertEquals(line, assertThrows(IOException.class, reading).getMessage());
    }

    @Test
    void whatIsGivenGoesBeforeTheConfiguration() throws IOException {
        var given = of(Map.of("port", "65535", "host", "::1", "flag", "false"));
        assertEquals(65_535, given.port(80));
        assertEquals("::1", given.text("host", "127.0.0.1"));
        assertFalse(given.flag("flag", true));
        var nothing = of(Map.of());
        assertEquals(80, nothing.port(80));
        assertEquals("127.0.0.1", nothing.text("host", "127.0.0.1"));
        assertTrue(nothing.flag("flag", true));
    }

    @Test
    void whatMakesNoSenseIsOneLine() {
        fails(
                "portals by tcp have options port, host, flag, not prot",
                () -> of(Map.of("prot", "1")));
        fails("option port is a number, not 'http'", () -> of(Map.of("port", "http")).port(0));
        fails("option port is 0 to 65535, not 65536", () -> of(Map.of("port", "65536")).port(0));
        fails("option port is 0 to 65535, not -1", () -> of(Map.of("port", "-1")).port(0));
        fails(
                "option flag is true or false, not yes",
                () -> of(Map.of("flag", "yes")).flag("flag", true));
    }
}
