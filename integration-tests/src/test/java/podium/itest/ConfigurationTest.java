package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import podium.pod.Result;

/// A distribution whose configuration is changed, or broken.
class ConfigurationTest {

    @TempDir Path folder;

    private Home home;
    private Path properties;

    @BeforeEach
    void unpack() throws IOException {
        home = Home.in(folder);
        properties = home.file("conf/config.properties");
    }

    @ParameterizedTest
    @CsvSource({"'a = \\u00zz', Malformed \\uxxxx encoding.", "'a = \u00e4', it is not UTF-8"})
    void malformedPropertiesAreOneLine(String line, String reason) throws Exception {
        Files.write(properties, line.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                new Result(1, "", "podium: cannot read '" + properties + "': " + reason + "\n"),
                home.run("node", "-e", "0"));
    }

    @Test
    void missingPropertiesAreOneLine() throws Exception {
        Files.delete(properties);
        assertEquals(
                new Result(
                        1,
                        "",
                        "podium: cannot read '" + properties + "': No such file or directory\n"),
                home.run("node", "-e", "0"));
    }

    @Test
    void aBrokenServiceConfigurationIsOneLine() throws Exception {
        var services = Files.createDirectories(home.file("conf/services"));
        var file = Files.writeString(services.resolve("acme.cfg"), "a = \\u00zz\n");
        var result = home.run("node", "-p", "1");
        assertEquals(0, result.status());
        assertEquals("1\n", result.output());
        var lines = result.error().lines().toList();
        assertEquals(1, lines.size(), result.error());
        assertTrue(lines.getFirst().contains(file + ": java.lang.NumberFormat"), result.error());
        var verbose = home.run("node", "--verbose", "-p", "1");
        assertTrue(verbose.error().contains("\n\tat "), verbose.error());
    }

    /// The storage of an earlier start knows the levels of then.
    @Test
    void anotherStartOrderIsObeyed() throws Exception {
        var text = Files.readString(properties);
        assertEquals(new Result(0, "1\n", ""), home.run("node", "-p", "1"));
        var other = text.replaceFirst("(podium.start.first = [^,]*, [^,]*), .*", "$1");
        assertTrue(text.length() > other.length(), text);
        Files.writeString(properties, other);
        assertEquals(new Result(0, "2\n", ""), home.run("node", "-p", "2"));
    }
}
