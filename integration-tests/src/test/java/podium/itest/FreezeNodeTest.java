package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import podium.pod.Result;

/// Node's processes, frozen by `podium freeze` and thawed by `podium run --thaw`. The program
/// answers
/// each request with what a function of its name returns.
class FreezeNodeTest {

    private static final String APP =
            """
            const http = require('node:http');
            const fs = require('node:fs');
            const net = require('node:net');
            const crypto = require('node:crypto');
            const child = require('node:child_process');
            const seen = [];
            let count = 0;
            let ticks = 0;
            let begun = process.hrtime.bigint();
            const answers = {
              count: () => ++count,
              ticks: () => ticks,
              // What is drawn ahead must not be the same in two that go on with one state.
              random: () => [Math.random(), crypto.randomUUID(), crypto.randomInt(2 ** 47),
                crypto.randomBytes(8).toString('hex')].join(),
              async file() {
                await fs.promises.writeFile('/tmp/note', 'a note');
                return fs.promises.readFile('/tmp/note', 'utf8');
              },
              async compress() {
                const { promisify } = require('node:util');
                const { gzip, gunzip } = require('node:zlib');
                return (await promisify(gunzip)(await promisify(gzip)('text'))).toString();
              },
              watch() {
                fs.mkdirSync('/tmp/here');
                for (const folder of ['/shared', '/tmp/here'])
                  fs.watch(folder, (type, name) => seen.push(`${folder} ${name}`))
                    .on('error', (e) => seen.push(`${folder} ${e.code}`));
                return 'ok';
              },
              touch: () => fs.writeFileSync('/shared/file', ''),
              folders: () => [...new Set(seen.filter((what) => what.startsWith('/')))].join(),
              connect() {
                const socket = net.connect(8080);
                socket.on('error', (e) => seen.push(`client ${e.code}`));
                socket.on('close', () => seen.push('client closed'));
                return new Promise((done) => socket.on('connect', () => done('ok')));
              },
              seen: () => seen.join(),
              sleep() {
                const started = performance.now();
                setTimeout(() => {
                  const late = performance.now() - started;
                  seen.push(late > 1490 && late < 20_000 ? 'slept' : `slept ${late}`);
                }, 1500);
                return 'ok';
              },
              up: () => (process.hrtime.bigint() - begun) / 1_000_000n,
              signals() {
                process.on('SIGUSR2', () => seen.push('SIGUSR2'));
                return 'ok';
              },
              raise: () => process.kill(process.pid, 'SIGUSR2'),
              child() {
                child.spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
                return 'ok';
              },
              run: () => child.execFileSync(process.execPath, ['-p', '6 * 7']).toString().trim(),
              work() {
                for (let i = 0; i < 20; i++)
                  crypto.pbkdf2('a', 'b', 20_000, 32, 'sha256', () => seen.push('worked'));
                return 'ok';
              },
              // A thread of the pool waits for input that does not come.
              read() {
                fs.read(0, Buffer.alloc(10), () => {});
                return 'ok';
              },
              worked: () => seen.filter((what) => what === 'worked').length,
              // Counts in a global of its own, in memory and by a function in a table.
              wasm() {
                const leb = (n) => (n < 128 ? [n] : [n & 127 | 128, ...leb(n >>> 7)]);
                const vector = (items) => [...leb(items.length), ...items.flat()];
                const name = (text) => [...leb(text.length), ...Buffer.from(text)];
                const section = (id, items) => {
                  const bytes = vector(items);
                  return [id, ...leb(bytes.length), ...bytes];
                };
                const body = (...code) => [...leb(code.length + 2), 0, ...code, 0x0b];
                const module = new WebAssembly.Module(new Uint8Array([
                  0, 97, 115, 109, 1, 0, 0, 0,
                  ...section(1, [[0x60, 1, 0x7f, 1, 0x7f], [0x60, 0, 1, 0x7f]]),
                  ...section(2, [[...name('env'), ...name('twice'), 0, 0],
                    [...name('env'), ...name('plus'), 3, 0x7f, 1]]),
                  ...section(3, [[1], [1], [0]]),
                  ...section(4, [[0x70, 0, 1]]),
                  ...section(5, [[1, 1, 9]]),
                  ...section(6, [[0x7f, 1, 0x41, 0, 0x0b]]),
                  ...section(7, [[...name('step'), 0, 1], [...name('grow'), 0, 2],
                    [...name('memory'), 2, 0]]),
                  ...section(9, [[0, 0x41, 0, 0x0b, 1, 3]]),
                  ...section(10, [
                    // global = global + 1; memory[0] = global; table[0](global) + plus
                    body(0x23, 1, 0x41, 1, 0x6a, 0x24, 1, 0x41, 0, 0x23, 1, 0x36, 2, 0,
                      0x23, 1, 0x41, 0, 0x11, 0, 0, 0x23, 0, 0x6a),
                    body(0x41, 1, 0x40, 0),
                    body(0x20, 0, 0x10, 0)]),
                ]));
                plus = new WebAssembly.Global({ value: 'i32', mutable: true }, 40);
                const env = { plus, twice: (n) => { seen.push('twice'); return 2 * n; } };
                wasm = new WebAssembly.Instance(module, { env }).exports;
                return 'ok';
              },
              step: () => [wasm.step(), new Int32Array(wasm.memory.buffer)[0]].join(),
              grow: () => [wasm.grow(), wasm.memory.buffer.byteLength >> 16].join(),
              more: () => (plus.value += 100),
              fetch: async () => (await fetch('http://127.0.0.1:8080/count')).text(),
            };
            let wasm, plus;
            setInterval(() => ticks++, 20);
            http.createServer(async (request, response) => {
              try {
                const answer = await answers[request.url.slice(1)]();
                response.end(String(answer));
              } catch (error) {
                response.end(error.stack);
              }
            }).listen(8080, () => console.log('listening'));
            """;

    @TempDir Path folder;
    private Path script;

    @BeforeEach
    void write() throws Exception {
        script = Files.writeString(folder.resolve("app.js"), APP);
    }

    /// A container with a process, and the port of the host that leads to it.
    private record Server(Program program, int port) implements AutoCloseable {

        String ask(String what) throws Exception {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(60_000);
                var request = "GET /" + what + " HTTP/1.0\r\nHost: app\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                var answer =
                        new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return answer.substring(answer.indexOf("\r\n\r\n") + 4);
            }
        }

        /// Asks until it gets the answer.
        void await(String what, String answer) throws Exception {
            var got = ask(what);
            for (int i = 0; i < 1_000 && !got.equals(answer); i++) {
                Thread.sleep(20);
                got = ask(what);
            }
            assertEquals(answer, got);
        }

        @Override
        public void close() {
            program.close();
        }
    }

    private Server start(String... options) throws Exception {
        var words = new ArrayList<>(List.of("run", "--name", "app", "--portal", "tcp:8080"));
        words.addAll(List.of(options));
        words.add(script.toString());
        var program = Program.start(folder, words);
        program.awaitError("listening on tcp://");
        var line = Pattern.compile("tcp://[^:]*:(\\d+)").matcher(program.error());
        assertTrue(line.find(), program.error());
        return new Server(program, Integer.parseInt(line.group(1)));
    }

    /// Freezes it, and waits for its end.
    private String freeze(Server server, String name) throws Exception {
        var state = folder.resolve(name).toString();
        assertEquals(new Result(0, "", ""), Program.run(folder, "freeze", "app", "2", state));
        assertEquals(137, server.program.await().status());
        assertTrue(server.program.error().endsWith("podium: node was frozen\n"));
        return state;
    }

    /// Those that are installed: V8 was added, or was not.
    static List<String> engines() {
        var added = Program.ROOT.resolve("distribution/target/podium/load/podium.engine.v8.jar");
        return Files.exists(added) ? List.of("jvm", "v8") : List.of("jvm");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aServerGoesOnInAnotherContainer(String engine) throws Exception {
        String state;
        int up;
        try (var server = start("--engine", engine)) {
            for (int i = 1; i < 4; i++) assertEquals("" + i, server.ask("count"));
            assertEquals("a note", server.ask("file"));
            assertEquals("text", server.ask("compress"));
            assertEquals("ok", server.ask("signals"));
            assertEquals("ok", server.ask("connect"));
            assertEquals("ok", server.ask("sleep"));
            server.ask("random");
            up = Integer.parseInt(server.ask("up"));
            state = freeze(server, "state");
        }
        var drawn = new HashSet<String>();
        // On either engine, whichever it was frozen on.
        for (var other : engines())
            try (var server = start("--engine", other, "--thaw", state)) {
                assertEquals("4", server.ask("count"));
                assertEquals("a note", server.ask("file"));
                assertEquals("text", server.ask("compress"));
                for (var value : server.ask("random").split(","))
                    assertTrue(drawn.add(value), "twice: " + value);
                server.ask("raise");
                server.await("seen", "client ECONNRESET,client closed,SIGUSR2,slept");
                int ticks = Integer.parseInt(server.ask("ticks"));
                while (Integer.parseInt(server.ask("ticks")) <= ticks) Thread.sleep(20);
                int now = Integer.parseInt(server.ask("up"));
                assertTrue(now >= up && now < up + 60_000, up + " and then " + now);
            }
    }

    @Test
    void itsWatchesChildrenAndThreadsAreThereAgain() throws Exception {
        String state;
        var shared = Files.createDirectory(folder.resolve("shared")) + ":/shared";
        try (var server = start("--dir", shared)) {
            assertEquals("ok", server.ask("watch"));
            assertEquals("42", server.ask("run"));
            // What the threads of the pool have begun, they end; and it is not lost.
            assertEquals("ok", server.ask("work"));
            state = freeze(server, "first");
        }
        try (var server = start("--dir", shared, "--thaw", state)) {
            server.await("worked", "20");
            assertEquals("42", server.ask("run"));
            // What the other pod has in memory is not here.
            assertEquals("/tmp/here ENOENT", server.ask("folders"));
            server.ask("touch");
            server.await("folders", "/tmp/here ENOENT,/shared file");
            state = freeze(server, "second");
        }
        try (var server = start("--dir", shared, "--thaw", state)) {
            assertEquals("ok", server.ask("work"));
            server.await("worked", "40");
        }
    }

    @Test
    void itsWebAssemblyGoesOn() throws Exception {
        String state;
        try (var server = start()) {
            assertEquals("ok", server.ask("wasm"));
            assertEquals("42,1", server.ask("step"));
            assertEquals("1,2", server.ask("grow"));
            assertEquals("1", server.ask("fetch"));
            state = freeze(server, "first");
        }
        try (var server = start("--thaw", state)) {
            assertEquals("44,2", server.ask("step"));
            assertEquals("140", server.ask("more"));
            assertEquals("146,3", server.ask("step"));
            assertEquals("2,3", server.ask("grow"));
            assertEquals("2", server.ask("fetch"));
            state = freeze(server, "second");
        }
        try (var server = start("--thaw", state)) {
            assertEquals("148,4", server.ask("step"));
            assertEquals("3,4", server.ask("grow"));
            assertEquals("3", server.ask("fetch"));
            assertEquals("twice,twice,twice,twice", server.ask("seen"));
        }
    }

    @Test
    void whatCannotBeFrozenSaysWhyAndGoesOn() throws Exception {
        try (var server = start()) {
            assertEquals("ok", server.ask("child"));
            var state = folder.resolve("state").toString();
            for (int i = 0; i < 2; i++)
                assertEquals(
                        new Result(1, "", "podium: node cannot be frozen: it has children\n"),
                        Program.run(folder, "freeze", "app", "2", state));
            assertEquals("1", server.ask("count"));
            assertEquals("a note", server.ask("file"));
        }
    }

    @Test
    void oneWhoseThreadsWaitDoesNotWaitForThem() throws Exception {
        try (var server = start()) {
            assertEquals("ok", server.ask("read"));
            var state = folder.resolve("state").toString();
            assertEquals(
                    new Result(
                            1,
                            "",
                            "podium: node cannot be frozen: it did not come to rest for 1.0 s\n"),
                    Program.run(folder, "freeze", "--patience", "1", "app", "2", state));
            assertEquals("1", server.ask("count"));
            assertEquals("a note", server.ask("file"));
        }
    }

    @Test
    void itGoesOnWhereItWas() throws Exception {
        try (var server = start()) {
            assertEquals("ok", server.ask("connect"));
            for (int i = 0; i < 3; i++) {
                assertEquals("ok", server.ask("work"));
                var state = folder.resolve("state" + i).toString();
                assertEquals(
                        new Result(0, "", ""),
                        Program.run(folder, "freeze", "--leave-running", "app", "2", state));
                server.await("worked", "" + 20 * (i + 1));
            }
            assertEquals("1", server.ask("count"));
            assertTrue(!server.ask("seen").contains("client"), server.ask("seen"));
        }
    }
}
