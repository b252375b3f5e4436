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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/express` in a pod answers as on the real Node, byte for byte.
class ExpressTest {

    /// Heads after the request line and Host, and bodies.
    private static final List<String> REQUESTS =
            List.of(
                    "GET / HTTP/1.1\r\n\r\n",
                    "HEAD / HTTP/1.1\r\n\r\n",
                    "GET / HTTP/1.1\r\nIf-None-Match: W/\"13-QTCqpGpUxqW7TrU4fvYyhJj5t8A\"\r\n\r\n",
                    "GET /greet/w%C3%B6rld?x=1 HTTP/1.1\r\n\r\n",
                    "GET /greet/%zz HTTP/1.1\r\n\r\n",
                    "POST /echo HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n"
                            + "{\"a\":[1,null,\"é\"]}",
                    "POST /echo HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n"
                            + "{\"a\":[1",
                    "PUT /missing HTTP/1.1\r\nContent-Length: 0\r\n\r\n");

    @TempDir Path folder;

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// The whole answer, but for its date.
    private static String ask(int port, String request) throws IOException {
        var head = "Host: express-3000.localhost\r\nConnection: close\r\n";
        var line = request.indexOf("\r\n") + 2;
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            var bytes = (request.substring(0, line) + head + request.substring(line));
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            var answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.replaceFirst("\r\nDate: [^\r]*", "\r\nDate:");
        }
    }

    private static int portOf(Path output) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < end) {
            var text = Files.readString(output);
            if (text.matches("listening on port \\d+\n"))
                return Integer.parseInt(text.strip().replaceFirst(".* ", ""));
            Thread.sleep(10);
        }
        throw new AssertionError("the real Node does not listen");
    }

    @Test
    void theExampleAnswersAsOnTheRealNode() throws Exception {
        var example = folder.resolve("express");
        Packages.copy(Program.ROOT.resolve("examples/express"), example);
        int port = freePort();
        var output = Files.createTempFile(folder, "real", "");
        var builder =
                new ProcessBuilder(RealNode.program().toString(), "server.js")
                        .directory(example.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        // Otherwise its error pages show stack traces, and with them folders.
        builder.environment().put("NODE_ENV", "production");
        builder.environment().put("PORT", "0");
        var real = builder.start();
        var arguments =
                List.of(
                        "run",
                        "--env",
                        "NODE_ENV=production",
                        "--portal",
                        "http:3000=" + port,
                        example.toString());
        try (var ours = Program.start(folder, arguments)) {
            ours.awaitError("podium: listening on http://express-3000.localhost:" + port + "/\n");
            int realPort = portOf(output);
            for (var request : REQUESTS) {
                var expected = ask(realPort, request);
                assertTrue(expected.startsWith("HTTP/1.1 "), request + ": " + expected);
                assertEquals(expected, ask(port, request), request);
            }
        } finally {
            real.destroy();
        }
    }
}
