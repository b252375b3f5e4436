package podium.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import podium.json.Json;

class BoardTest {

    private static final Script SCRIPT =
            new Script("rename/09", Path.of("suite"), Path.of("support"));

    @Test
    void readsWhatAScriptSays() {
        var said =
                """
                1..5
                ok 1
                not ok 2 - tried 'unlink f', expected 0, got ENOENT
                not ok 3
                not ok 4 # TODO Linux does not
                anything else
                ok 5
                """;
        assertEquals(
                Map.of(1, "", 2, "tried 'unlink f', expected 0, got ENOENT", 3, "not met", 5, ""),
                Script.outcomes(said));
    }

    @Test
    void countsWhatLinuxMeets() {
        var board = new Board(List.of(Backend.MEMORY, Backend.STORE));
        var linux = new TreeMap<>(Map.of(1, "", 2, "not met", 3, ""));
        board.add(
                SCRIPT,
                linux,
                Map.of(
                        Backend.MEMORY,
                        Map.of(1, "", 2, "", 3, ""),
                        Backend.STORE,
                        Map.of(1, "no")));
        assertEquals(List.of(), board.failures(Backend.MEMORY));
        assertEquals(
                List.of("rename/09 1: no", "rename/09 3: not tried"),
                board.failures(Backend.STORE));
        assertFalse(board.allMet());
        var out = new ByteArrayOutputStream();
        board.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        var last = out.toString(StandardCharsets.UTF_8).lines().toList().getLast();
        assertEquals(List.of("all", "3", "2", "2", "0"), List.of(last.split(" +")));
        assertTrue(
                Json.parse(board.json()) instanceof Map<?, ?> all && all.get("linux").equals(2.0));
    }
}
