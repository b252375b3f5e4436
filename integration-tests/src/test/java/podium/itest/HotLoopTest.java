package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// JavaScript that stays in one loop gets code of its own, whichever way back the loop has: that of
/// some is a jump, of others a condition.
class HotLoopTest {

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n = 1 | 1 | false",
                "while (n < 2e6) n++ | 2000000 | true",
                "for (; n < 2e6; n++) ; | 2000000 | true",
                "do n++; while (n < 2e6) | 2000000 | true",
                "for (const x of new Uint8Array(2e6)) n += x + 1 | 2000000 | true",
                "for (const x in new Uint8Array(1e6)) n++ | 1000000 | true",
            })
    void itIsSpecialised(String loop, String result, boolean expected) throws Exception {
        var script = folder.resolve("loop.js");
        Files.writeString(
                script,
                "function run() { let n = 0; " + loop + "; return n; } console.log(run());");
        var ended =
                Program.run(
                        folder,
                        Map.of("PODIUM_OPTS", "-Xlog:class+load"),
                        List.of("run", script.toString()));
        assertEquals(0, ended.status(), ended.error());
        var lines = ended.output().lines().toList();
        assertEquals(List.of(result), lines.stream().filter(l -> l.matches("\\d+")).toList());
        assertEquals(expected, lines.stream().anyMatch(l -> l.contains(" wasm.Specialised ")));
    }
}
