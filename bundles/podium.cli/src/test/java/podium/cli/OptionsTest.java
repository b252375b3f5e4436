package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class OptionsTest {

    @ParameterizedTest
    @CsvSource({
        "http, http, 0, 0",
        "tcp, tcp, 0, 0",
        "3000, http, 3000, 0",
        "3000=8081, http, 3000, 8081",
        "tcp:3000, tcp, 3000, 0",
        "tcp:3000=8081, tcp, 3000, 8081"
    })
    void portals(String text, String scheme, int guest, int host) {
        assertEquals(new PortalOption(scheme, guest, host), PortalOption.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "http:",
                "http:x",
                "http:3000=",
                "=1",
                "70000",
                "HTTP",
                "http:1=99999",
                "1:2"
            })
    void noPortals(String text) {
        assertThrows(TypeConversionException.class, () -> PortalOption.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "all, '', 0, 65535",
        "all:443, '', 443, 443",
        "10.0.0.0/8, 10.0.0.0/8, 0, 65535",
        "10.1.2.3, 10.1.2.3/32, 0, 65535",
        "10.0.0.0/8:1-1024, 10.0.0.0/8, 1, 1024",
        "10.1.2.3:80, 10.1.2.3/32, 80, 80",
        "::1, ::1/128, 0, 65535",
        "[::1]:80, ::1/128, 80, 80",
        "fe80::/10:80, fe80::/10, 80, 80"
    })
    void networks(String text, String network, int first, int last) {
        assertEquals(new NetworkOption(network, first, last), NetworkOption.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bad",
                "example.com",
                "10.0.0.0/8:",
                "10.0.0.0/33",
                "300.0.0.1",
                "::g",
                "::/129",
                "all:99999",
                "all:9-1",
                "10.0.0.0/x"
            })
    void noNetworks(String text) {
        assertThrows(TypeConversionException.class, () -> NetworkOption.parse(text));
    }

    @Test
    void mounts() {
        assertEquals(new MountOption("a:b", "/c"), MountOption.parse("a:b:/c"));
        for (var text : new String[] {"", "/a", ":/a", "/a:", "/a:b"})
            assertThrows(TypeConversionException.class, () -> MountOption.parse(text), text);
    }

    @ParameterizedTest
    @CsvSource({"512, 512", "1k, 1024", "512m, 536870912", "2G, 2147483648"})
    void sizes(String text, long bytes) {
        assertEquals(bytes, new Sizes().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-1", "1t", "1.5g", "99999999999", "9999999999g"})
    void noSizes(String text) {
        assertThrows(TypeConversionException.class, () -> new Sizes().convert(text));
    }

    @ParameterizedTest
    @CsvSource({"INT, 2", "sigkill, 9", "TERM, 15", "SYS, 31", "64, 64"})
    void signals(String text, int number) {
        assertEquals(number, new SignalName().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65", "FOO", "-1"})
    void noSignals(String text) {
        assertThrows(TypeConversionException.class, () -> new SignalName().convert(text));
    }
}
