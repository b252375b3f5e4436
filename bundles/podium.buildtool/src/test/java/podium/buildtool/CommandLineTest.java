package podium.buildtool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandLineTest {

    private static CommandLine parse(boolean open, String... words) {
        return CommandLine.parse(
                new CommandLine.Form("tool", "", Set.of("--root", "--module"), 2, open), words);
    }

    private static void fails(String reason, boolean open, String... words) {
        var e = assertThrows(IllegalArgumentException.class, () -> parse(open, words));
        assertEquals(reason, e.getMessage());
    }

    @Test
    void optionsHaveValuesAndFilesHavePlaces() {
        var line = parse(false, "--root", "there", "in", "out");
        assertEquals(Path.of("there"), line.path("--root"));
        assertEquals("there", line.option("--root"));
        assertNull(line.path("--module"));
        assertEquals(Path.of("in"), line.file(0));
        assertEquals(Path.of("out"), line.file(1));
    }

    @Test
    void whatFollowsTheFilesIsTheProgramsWhereItHasOne() {
        var line = parse(true, "in", "out", "--root", "--", "x");
        assertEquals(List.of("--root", "--", "x"), line.rest());
        assertNull(line.option("--root"));
        assertEquals("x", parse(false, "in", "out", "--root", "x").option("--root"));
    }

    @Test
    void wrongUseIsNamed() {
        fails("no option --rot", true, "--rot", "x", "in", "out");
        fails("--root needs a value", false, "in", "out", "--root");
        fails("2 files are wanted", true, "in");
        fails("what is more?", false, "in", "out", "more");
    }
}
