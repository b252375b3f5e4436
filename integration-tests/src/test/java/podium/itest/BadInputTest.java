package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import podium.pod.Result;

/// Whatever is wrong is one clear line and the exit code a shell or Node would give, in bounded
/// time. All in one container, which outlives it.
class BadInputTest {

    private static final String OUT_OF_MEMORY =
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";

    /// A module with a memory and a function that never ends, which is exported as `_start` and its
    /// start function.
    private static final String ENDLESS_START =
            "0061736d0100000001040160000003030200000503010001071302065f73"
                    + "746172740001066d656d6f727902000801000a0c02070003400c000b0b02000b";

    @TempDir static Path folder;

    private static Program container;

    @BeforeAll
    static void start() throws Exception {
        container = Program.start(folder, List.of("start"));
        container.awaitError("container started");
        write("ok.js", "console.log('ok')");
        Files.createDirectory(folder.resolve("empty"));
        write("broken/package.json", "{\n");
        write("nowhere/package.json", "{\"main\": \"nope.js\"}");
        write("garbage.wasm", "this is no module");
        write("empty.wasm", "");
        write("text", "also no module");
        var trap = "#include <stdio.h>\nint main() { puts(\"before\"); fflush(stdout); %s }";
        Guest.compile(folder.resolve("trap.wasm"), trap.formatted("__builtin_trap();"));
        Guest.compile(
                folder.resolve("null.wasm"), trap.formatted("((void (*)(void))(fflush(0)))();"));
        Guest.compile(
                folder.resolve("deep.wasm"),
                "int deep(volatile int *p) { int q = *p + 1; return deep(&q) + q; }\n"
                        + "int main() { int i = 0; return deep(&i); }");
        Guest.compile(
                folder.resolve("import.wasm"),
                "__attribute__((import_module(\"acme\"), import_name(\"frob\"))) int frob(int);\n"
                        + "int main(int n, char **arguments) { return frob(n); }");
        Files.write(folder.resolve("start.wasm"), HexFormat.of().parseHex(ENDLESS_START));
        Guest.compile(
                folder.resolve("lines.wasm"),
                "static __attribute__((noinline)) int divide(int a, int b) {\n"
                        + "    return a / b;\n"
                        + "}\n"
                        + "int main(int n, char **arguments) {\n"
                        + "    return divide(4, n - 1) + 1;\n"
                        + "}\n",
                "-g");
        var whole = Files.readAllBytes(folder.resolve("trap.wasm"));
        Files.write(folder.resolve("half.wasm"), Arrays.copyOf(whole, whole.length / 2));
    }

    @AfterAll
    static void stop() throws Exception {
        container.signal("TERM");
        assertEquals(0, container.await().status());
        assertEquals(1, container.error().lines().count(), container.error());
    }

    private static Path write(String name, String text) throws Exception {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /// Runs a program in the container.
    private static Result run(String... arguments) throws Exception {
        return attached("run", arguments);
    }

    private static Result attached(String command, String... arguments) throws Exception {
        var all = new ArrayList<>(List.of(command, "--attach"));
        all.addAll(Arrays.asList(arguments));
        return Program.run(folder, all.toArray(String[]::new));
    }

    private static Arguments wrong(int status, String error, String... arguments) {
        return Arguments.of(List.of(arguments), status, error);
    }

    static Stream<Arguments> table() {
        var at = folder + "/";
        return Stream.of(
                wrong(1, "podium: cannot find 'missing.js'", "missing.js"),
                wrong(1, "podium: cannot find 'missing/x.wasm'", "missing/x.wasm"),
                wrong(1, "podium: '/dev/null' is neither a file nor a folder", "/dev/null"),
                wrong(
                        1,
                        "podium: nothing to run in '"
                                + at
                                + "empty': no package.json with a main, no index.js, no server.js",
                        at + "empty"),
                wrong(
                        1,
                        "podium: cannot read '"
                                + at
                                + "broken/package.json': line 2: '\"' expected",
                        at + "broken"),
                wrong(
                        126,
                        "podium: ./garbage.wasm: cannot execute: not a WebAssembly module",
                        at + "garbage.wasm"),
                wrong(
                        126,
                        "podium: ./empty.wasm: cannot execute: not a WebAssembly module",
                        at + "empty.wasm"),
                wrong(
                        126,
                        "podium: cannot execute /app/import.wasm: acme.frob is not provided",
                        at + "import.wasm"),
                wrong(
                        126,
                        "podium: node: cannot execute: it needs 16 MiB of memory, and its pod's limit"
                                + " is 1 MiB",
                        "--memory",
                        "1m",
                        at + "ok.js"),
                wrong(
                        1,
                        "podium: there is no WebAssembly engine named nope; there is jvm",
                        "--engine",
                        "nope",
                        at + "ok.js"),
                wrong(
                        1,
                        "podium: '/nowhere/trace': No such file or directory",
                        "--strace-to",
                        "/nowhere/trace",
                        at + "ok.js"),
                wrong(
                        1,
                        "podium: cannot mount '/nowhere': there is no such file",
                        "--mount",
                        "/nowhere:/x",
                        at + "ok.js"),
                wrong(
                        1,
                        "podium: cannot mount on /dev/null: Not a directory",
                        "--mount",
                        at + "text:/dev/null",
                        at + "ok.js"),
                wrong(
                        2,
                        "podium run: Invalid value for option '--mount' (HOST:GUEST): 'x' is not"
                                + " HOST:GUEST with an absolute path for the guest (see 'podium run"
                                + " --help')",
                        "--mount",
                        "x",
                        at + "ok.js"),
                wrong(
                        2,
                        "podium run: Invalid value for option '--portal' (SCHEME[:GUEST[=HOST]]): no"
                                + " port: 99999 (see 'podium run --help')",
                        "--portal",
                        "1=99999",
                        at + "ok.js"),
                wrong(2, "podium: --env needs KEY=VALUE, not '=x'", "--env", "=x", at + "ok.js"),
                wrong(
                        2,
                        "podium run: Invalid value for option '--memory': 'lots' is no size such as"
                                + " 512m (see 'podium run --help')",
                        "--memory",
                        "lots",
                        at + "ok.js"),
                wrong(
                        2,
                        "podium run: Unknown option: '--frob' (see 'podium run --help')",
                        "--frob",
                        at + "ok.js"));
    }

    @ParameterizedTest
    @MethodSource("table")
    void oneLineAndTheRightExitCode(List<String> arguments, int status, String error)
            throws Exception {
        assertEquals(new Result(status, "", error + "\n"), run(arguments.toArray(String[]::new)));
    }

    @Test
    void aTruncatedModuleSaysWhereItEnds() throws Exception {
        var ended = run(folder.resolve("half.wasm").toString());
        assertEquals(126, ended.status());
        assertTrue(
                ended.error()
                        .matches("podium: cannot execute /app/half.wasm: .*\\(at offset \\d+\\)\n"),
                ended.error());
    }

    @ParameterizedTest
    @CsvSource({
        "trap, 132, unreachable code reached (SIGILL)",
        "null, 132, uninitialized element (SIGILL)"
    })
    void aTrapIsASignal(String name, int status, String what) throws Exception {
        var ended = run(folder.resolve(name + ".wasm").toString());
        assertEquals(status, ended.status(), ended.error());
        assertEquals("before\n", ended.output());
        var place = " in __original_main (wasm-function[";
        var line = "podium: " + name + ".wasm: " + what + place;
        assertTrue(ended.error().startsWith(line), ended.error());
        assertTrue(ended.error().contains(" < "), ended.error());
        assertEquals(1, ended.error().lines().count(), ended.error());
    }

    @Test
    void aStartFunctionThatNeverEndsCanBeStopped() throws Exception {
        var module = folder.resolve("start.wasm").toString();
        assertEquals(
                new Result(124, "", "podium: ended after 0.2 s\n"),
                run("--timeout", "0.2", module));
        try (var program = Program.start(folder, List.of("run", "--attach", module))) {
            while (!Program.run(folder, "ps").output().contains("start.wasm"))
                assertTrue(program.alive(), program.error());
            program.signal("TERM");
            assertEquals(143, program.await().status());
        }
    }

    @Test
    void aTrapSaysTheLineOfAProgramCompiledForDebugging() throws Exception {
        var module = folder.resolve("lines.wasm").toString();
        var ended = run(module);
        assertEquals(136, ended.status(), ended.error());
        var line = "podium: lines.wasm: integer divide by zero (SIGFPE) in divide (";
        assertTrue(ended.error().startsWith(line), ended.error());
        assertTrue(ended.error().contains("lines.wasm.c:2) < "), ended.error());
        assertEquals(1, ended.error().lines().count(), ended.error());
        var log = Program.run(folder, "run", "--verbose", module).error();
        var stack =
                "(?s).*\n    at divide \\(\\S*lines\\.wasm\\.c:2\\)\n    at .*lines\\.wasm\\.c:5\\)\n.*";
        assertTrue(log.matches(stack), log);
    }

    @Test
    void anOverflownStackIsASignal() throws Exception {
        var ended = run(folder.resolve("deep.wasm").toString());
        assertEquals(139, ended.status(), ended.error());
        assertEquals(1, ended.error().lines().count(), ended.error());
    }

    /// What Node says itself is Node's.
    @Test
    void aPackageWithoutItsMainIsNodesError() throws Exception {
        var real = RealNode.run(folder, "", "nowhere");
        var ours = run(folder.resolve("nowhere").toString());
        assertEquals(1, ours.status());
        assertEquals(
                withoutStack(real.error(), folder + "/nowhere"),
                withoutStack(ours.error(), "/app"));
    }

    /// The loader's own frames are those of its entry, which differs.
    private static String withoutStack(String text, String place) {
        return text.replaceAll("(?m)^    at .*\n", "")
                .replaceFirst("node:internal/\\S+", "node:")
                .replace(place, "PLACE");
    }

    @Test
    void aGuestsPortInUseIsNodesError() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var code =
                "const n = require('net'); n.createServer().listen(%d, () =>".formatted(port)
                        + " n.createServer().listen(%d))".formatted(port);
        var real = RealNode.run(folder, "", "-e", code);
        var ours = attached("node", "--no-portals", "-e", code);
        assertEquals(real, ours);
    }

    @Test
    void aPortalsPortInUseIsAWarning() throws Exception {
        var server =
                write(
                        "server.js",
                        "const s = require('net').createServer();"
                                + " s.listen(3000); process.on('SIGTERM', () => s.close())");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            for (var scheme : new String[] {"tcp", "http"})
                noPortal(
                        server,
                        scheme + ":3000=" + port,
                        scheme
                                + " portal: cannot bind 127.0.0.1:%d: the port is in use"
                                        .formatted(port));
        }
        noPortal(server, "nope:3000", "nope portal: there is no transport named nope");
    }

    /// The guest goes on.
    private static void noPortal(Path server, String rule, String reason) throws Exception {
        var line = "podium: guest port 3000 has no " + reason + "\n";
        var command = List.of("run", "--attach", "-p", rule, server.toString());
        try (var program = Program.start(folder, command)) {
            program.awaitError(line);
            program.signal("TERM");
            assertEquals(new Result(0, "", line), program.await());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(function f() { try { f() } catch (e) { console.log(e instanceof RangeError,"
                        + " e.message) } })()",
                "function f() { f() }\nf()",
                "let s = 'x'; try { for (;;) s += s } catch (e) { console.log(e.name, e.message) }",
                "try { 'x'.repeat(2 ** 31) } catch (e) { console.log(e.name) }",
                "for (const n of [2 ** 41, 2 ** 43]) try { Buffer.alloc(n) } catch (e) {"
                        + " console.log(e.name, e.message) }",
                "try { new ArrayBuffer(2 ** 43) } catch (e) { console.log(e.name, e.message) }",
                "Buffer.alloc(-1)",
                "try { new Array(-1) } catch (e) { console.log(e.name, e.message) }"
            })
    void tooMuchIsTheErrorItIsInNode(String code) throws Exception {
        var real = RealNode.run(folder, "", "-e", code);
        assertEquals(real, attached("node", "--memory", "64m", "-e", code));
    }

    /// As in Node, what fills the heap ends the process, and no other.
    @Test
    void memoryThatIsUsedUpEndsTheProcessAlone() throws Exception {
        var code =
                "process.on('SIGTERM', () => { console.log('going'); process.exit(4) });"
                        + " setInterval(() => {}, 1e6); console.error('up')";
        try (var bystander =
                Program.start(folder, List.of("node", "--attach", "--name", "other", "-e", code))) {
            bystander.awaitError("up");
            for (var greedy :
                    List.of(
                            "const a = []; for (;;) a.push({ a })",
                            "const a = []; for (;;) a.push('x'.repeat(1 << 20) + a.length)",
                            "const m = new Map(); for (let i = 0; ; i++) m.set(i, [i])",
                            "try { for (const a = []; ; ) a.push([]) } catch { console.log('no') }"))
                assertEquals(
                        new Result(134, "", OUT_OF_MEMORY),
                        attached("node", "--memory", "48m", "-e", greedy));
            assertTrue(bystander.alive());
            bystander.signal("TERM");
            assertEquals(new Result(4, "going\n", "up"), trimmed(bystander.await()));
        }
    }

    private static Result trimmed(Result ended) {
        return new Result(ended.status(), ended.output(), ended.error().strip());
    }

    @Test
    void buffersThatFillTheMemoryAreAnErrorToCatch() throws Exception {
        var code =
                "const a = []; try { for (;;) a.push(Buffer.alloc(1 << 22)) } catch (e) {"
                        + " const n = a.length; a.length = 0;"
                        + " console.log(e.name, e.message, n > 4, Buffer.alloc(1 << 22).length) }";
        assertEquals(
                new Result(0, "RangeError Array buffer allocation failed true 4194304\n", ""),
                attached("node", "--memory", "64m", "-e", code));
    }

    @Test
    void aKilledPodIsItsSignal() throws Exception {
        for (var signal : new String[] {"TERM 143", "KILL 137", "INT 130", "SEGV 139"}) {
            var parts = signal.split(" ");
            var code = "setInterval(() => {}, 1e6); console.error('up')";
            try (var program =
                    Program.start(
                            folder, List.of("node", "--attach", "--name", "victim", "-e", code))) {
                program.awaitError("up");
                var kill = Program.run(folder, "kill", "-s", parts[0], "victim");
                assertEquals(new Result(0, "", ""), kill);
                assertEquals(Integer.parseInt(parts[1]), program.await().status(), signal);
            }
        }
    }
}
