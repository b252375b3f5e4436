package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLinesTest {

    @TempDir Path folder;

    private record Outcome(int status, String error) {}

    private Outcome execute(String... arguments) {
        var error = new StringWriter();
        int status =
                CommandLines.of(new PodiumCommand(), folder)
                        .setErr(new PrintWriter(error, true))
                        .execute(arguments);
        return new Outcome(status, error.toString());
    }

    @Test
    void wrongUsageIsOneLineAndStatusTwo() {
        for (var arguments :
                List.of(
                        List.of("frob"),
                        List.of("run"),
                        List.of("run", "--memory", "lots", "x"),
                        List.of("run", "--bad", "x"),
                        List.of("kill", "-s", "NO", "pod"),
                        List.of("ls"))) {
            var outcome = execute(arguments.toArray(String[]::new));
            assertEquals(2, outcome.status(), arguments.toString());
            assertEquals(1, outcome.error().lines().count(), outcome.error());
            assertTrue(outcome.error().startsWith("podium"), outcome.error());
        }
    }

    @Test
    void aMissingProgramIsOneLineAndStatusOne() {
        var outcome = execute("run", "missing.js");
        assertEquals(new Outcome(1, "podium: cannot find 'missing.js'\n"), outcome);
    }

    @Test
    void optionsBehindTheProgramAreTheProgramsOwn() throws Exception {
        var script = Files.writeString(folder.resolve("a.js"), "");
        var launch =
                Launch.of(
                        "run", "-e", "A=1", "--env=B=x=y", script.toString(), "-e", "--help", "x");
        assertEquals(List.of("a.js", "-e", "--help", "x"), launch.node());
        assertEquals(Map.of("A", "1", "B", "x=y"), launch.podSpec().environment());
        assertEquals("a", launch.podSpec().name());
        assertEquals("/app", launch.processSpec().directory());
    }

    @Test
    void nothingIsGrantedUnasked() throws Exception {
        var script = Files.writeString(folder.resolve("a.js"), "");
        var spec = Launch.of("run", script.toString()).podSpec();
        assertEquals(Map.of(), spec.environment());
        assertEquals(List.of(), spec.network().rules());
        assertEquals(1, spec.mounts().size());
        assertEquals("http", spec.portals().getFirst().scheme());
        assertEquals(
                List.of(), Launch.of("run", "--no-portals", script.toString()).podSpec().portals());
    }

    @Test
    void nodeTakesItsArgumentsAsTheyAre() throws Exception {
        assertEquals(
                List.of("-e", "console.log(1)", "--x"),
                Launch.of("node", "--name", "n", "--", "-e", "console.log(1)", "--x").node());
    }
}
