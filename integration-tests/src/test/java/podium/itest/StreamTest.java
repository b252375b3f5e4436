package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.pod.Result;

/// Input and output that are closed, or that nobody reads.
class StreamTest {

    private static final String READ =
            "process.stdin.on('data', d => console.log('data', d.length))"
                    + ".on('end', () => console.log('end'))";

    private static final String WRITE = "let i = 0; setInterval(() => console.log('line', i++), 1)";

    @TempDir Path folder;

    /// What a shell does with the program (`podium`, or the real node) as `$0` and the script `$1`.
    private Result shell(String program, String line, String code) throws Exception {
        var script = Files.writeString(folder.resolve("script.js"), code);
        return Program.ended(folder, List.of("bash", "-c", line, program, script.toString()));
    }

    private Result ours(String line, String code) throws Exception {
        return shell(Program.PODIUM.toString(), line.replace("$0", "\"$0\" run"), code);
    }

    private Result real(String line, String code) throws Exception {
        return shell(RealNode.program().toString(), line, code);
    }

    @Test
    void closedInputIsEmpty() throws Exception {
        assertEquals(new Result(0, "end\n", ""), ours("$0 \"$1\" <&-", READ));
    }

    @Test
    void closedOutputTakesNothing() throws Exception {
        var code = "console.log('lost'); console.error('lost, too'); process.exitCode = 3";
        assertEquals(real("$0 \"$1\" >&-", code), ours("$0 \"$1\" >&-", code));
        assertEquals(real("$0 \"$1\" >&- 2>&-", code), ours("$0 \"$1\" >&- 2>&-", code));
    }

    @Test
    void aReaderThatIsGoneIsEpipe() throws Exception {
        var line = "$0 \"$1\" | head -1; exit ${PIPESTATUS[0]}";
        var real = real(line, WRITE);
        assertEquals("line 0\n", real.output());
        assertEquals(1, real.status());
        var ours = ours(line, WRITE);
        assertEquals(real.status(), ours.status());
        assertEquals(real.output(), ours.output());
        assertEquals(evened(real.error()), evened(ours.error()));
    }

    /// A pipe to the guest is a stream of its own class.
    private String evened(String error) {
        return error.replace(folder.toString(), "/app").replace("Socket", "Writable");
    }

    @Test
    void whatAProgramDoesNotReadIsLeftToOthers() throws Exception {
        try (var container = Program.start(folder, List.of("start"))) {
            container.awaitError("container started");
            var line = "printf 'a\\nb\\n' | { \"$0\" run --attach \"$1\"; read x; echo left $x; }";
            assertEquals(
                    new Result(0, "1\nleft a\n", ""),
                    shell(Program.PODIUM.toString(), line, "console.log(1)"));
            var much = "head -c 1000000 /dev/zero | \"$0\" run --attach \"$1\" | tail -1";
            var sum =
                    "let n = 0; process.stdin.on('data', d => n += d.length)"
                            + ".on('end', () => console.log(n))";
            assertEquals(
                    new Result(0, "1000000\n", ""), shell(Program.PODIUM.toString(), much, sum));
        }
    }
}
