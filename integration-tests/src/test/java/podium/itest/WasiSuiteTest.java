package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.pod.Result;

/// Interpreters and a database, as others published them for WASI: each works on files
/// and does what it does under the WASI of Node.js.
class WasiSuiteTest {

    @TempDir static Path folder;

    private static Path work;
    private static Program container;

    @BeforeAll
    static void start() throws Exception {
        work = Files.createDirectory(folder.resolve("work"));
        for (var name : List.of("script.py", "script.rb", "node.mjs")) resource(name);
        unpack("python-3.11.3.tar.gz");
        container = Program.start(folder, List.of("start"));
        container.awaitError("container started");
    }

    @AfterAll
    static void stop() throws Exception {
        container.signal("TERM");
        assertEquals(0, container.await().status());
    }

    private static void resource(String name) throws IOException {
        try (var in = WasiSuiteTest.class.getClassLoader().getResourceAsStream("wasi/" + name)) {
            Files.copy(Objects.requireNonNull(in), work.resolve(name));
        }
    }

    private static void unpack(String archive) throws Exception {
        var file = WasiGuest.published(archive).toString();
        var tar = new ProcessBuilder("tar", "-xzf", file, "-C", work.toString()).start();
        assertEquals(0, tar.waitFor());
    }

    /// Runs a program both ways.
    ///
    /// @return what it did
    private static Result same(String program, List<String> arguments) throws Exception {
        var module = WasiGuest.published(program + ".wasm").toString();
        var nodes = new ArrayList<>(List.of("--no-warnings", work + "/node.mjs", work.toString()));
        nodes.add(module);
        nodes.addAll(arguments);
        var wanted = RealNode.run(folder, "", nodes.toArray(String[]::new));
        var got = ours(program, arguments);
        assertEquals(wanted, got);
        assertFalse(got.output().isEmpty());
        return got;
    }

    private static Result ours(String program, List<String> arguments) throws Exception {
        var ours = new ArrayList<>(List.of("run", "--attach", "--env", "LANG=C"));
        ours.addAll(List.of("--mount", work + ":/data"));
        ours.add(WasiGuest.published(program + ".wasm").toString());
        ours.addAll(arguments);
        return Program.run(folder, ours.toArray(String[]::new));
    }

    private static List<String> words(String... words) {
        return Arrays.asList(words);
    }

    @Test
    void python() throws Exception {
        var library = "import sys; sys.path.insert(0, '/data/usr/local/lib/python311.zip');";
        var run = library + "exec(open('/data/script.py').read())";
        var environment = words("-I", "-S", "-c", run, "a", "b");
        assertEquals(3, same("python-3.11.3", environment).status());
    }

    @Test
    void ruby() throws Exception {
        assertEquals(3, same("ruby-3.2.0", words("/data/script.rb", "a", "b")).status());
    }

    @Test
    void sqlite() throws Exception {
        var statements =
                "create table t(a, b); insert into t values (1, 'x'), (2, 'y'), (3, null);"
                        + " create index i on t(b); select sum(a), group_concat(b) from t;"
                        + " select sqlite_version();";
        assertEquals("6|x,y\n3.26.0\n", same("sqlite", words(":memory:", statements)).output());
        // Node mistakes the places in a file that this version of the interface asks for.
        var ours = ours("sqlite", words("/data/t.db", statements));
        assertEquals(new Result(0, "6|x,y\n3.26.0\n", ""), ours);
    }
}
