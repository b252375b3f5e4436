package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.pod.Result;

/// Node programs in a pod do what they do on the real Node.
class NodeTest {

    @TempDir Path folder;

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// The body of the answer to a GET, as bytes of the wire.
    private static String get(int port, String host, String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            var request =
                    "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    @Test
    void aServerIsReachedThroughItsPortal() throws Exception {
        int port = freePort();
        var example = Program.ROOT.resolve("examples/hello-http").toString();
        try (var program =
                Program.start(folder, List.of("run", "--portal", "http:3000=" + port, example))) {
            var host = "hello-http-3000.localhost:" + port;
            program.awaitError("podium: listening on http://" + host + "/\n");
            assertEquals("Hello from Node.js, you asked for /a%20b\n", get(port, host, "/a%20b"));
            assertEquals("listening on port 3000\n", program.output());
            var processes = Program.run(folder, "ps");
            assertTrue(
                    processes
                            .output()
                            .matches("(?s)POD +PID +COMMAND\nhello-http +\\d+ +node server.js\n"),
                    processes.output());
            program.signal("INT");
            assertEquals(130, program.await().status());
        }
    }

    @Test
    void aProgramIsKilledFromOutside() throws Exception {
        var script =
                Files.writeString(
                        folder.resolve("wait.js"),
                        "setInterval(() => {}, 1e6);\nconsole.error('up')");
        try (var program = Program.start(folder, List.of("run", script.toString()))) {
            program.awaitError("up");
            assertEquals(0, Program.run(folder, "kill", "wait").status());
            assertEquals(143, program.await().status());
        }
    }

    @Test
    void aContainerThatStaysRunsProgramsForOthers() throws Exception {
        var none = Program.run(folder, "node", "--attach", "-e", "0");
        assertEquals(1, none.status());
        assertEquals(1, none.error().lines().count(), none.error());
        try (var container = Program.start(folder, List.of("start"))) {
            container.awaitError("container started");
            var code = "console.log('out'); console.error('err'); process.exitCode = 5";
            assertEquals(
                    new Result(5, "out\n", "err\n"),
                    Program.run(folder, "node", "--attach", "-e", code));
            container.signal("TERM");
            assertEquals(0, container.await().status());
        }
    }

    @Test
    void aTimeoutEndsAProgram() throws Exception {
        var script = Files.writeString(folder.resolve("spin.js"), "for (;;);");
        var ended = Program.run(folder, "run", "--timeout", "2", script.toString());
        assertEquals(new Result(124, "", "podium: ended after 2.0 s\n"), ended);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "console.log('out'); console.error('err')",
                "process.exit(7)",
                "process.exitCode = 3; console.log(process.argv.length)",
                "setTimeout(() => console.log('c'), 1000); setImmediate(() => console.log('b'));"
                        + " process.nextTick(() => console.log('a'))",
                "throw new TypeError('wrong')",
                "Promise.reject(new Error('nobody listens'))",
                "null.x",
                "(function f() { try { f() } catch (e) { console.log(e instanceof RangeError) } })()",
                "process.stdin.on('data', d => process.stdout.write(d.toString().toUpperCase()))",
                "const fs = require('fs'), folder = fs.mkdtempSync('/tmp/podium-'), file = folder + '/x';"
                        + " fs.writeFileSync(file, 'text');"
                        + " fs.promises.readFile(file, 'utf8').then(console.log)"
                        + ".finally(() => fs.rmSync(folder, { recursive: true }))"
            })
    void codeDoesWhatItDoesOnTheRealNode(String code) throws Exception {
        var real = RealNode.run(folder, "", "-e", code);
        var ours = Program.run(folder, "node", "--", "-e", code);
        assertEquals(real, ours);
    }

    @Test
    void theHostIsNotSeen() throws Exception {
        var code =
                "console.log(Object.keys(process.env).length, require('fs').existsSync('"
                        + folder
                        + "'))";
        var ended = Program.run(folder, "node", "--", "-e", code);
        assertEquals(0, ended.status(), ended.error());
        assertTrue(ended.output().endsWith(" false\n"), ended.output());
    }
}
