package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.pod.Result;

/// Interpreters, a database and a compiler, as others published them for WASI: each works on files
/// and does what it does under the WASI of Node.js.
class WasiSuiteTest {

    private static final String PROGRAM =
            """
            #include <stdio.h>
            int main(int count, char **words) {
                FILE *file = fopen("/data/out.txt", "w");
                fprintf(file, "%s %g\\n", words[1], count * 1.25);
                fclose(file);
                char line[20];
                file = fopen("/data/out.txt", "r");
                fputs(fgets(line, sizeof line, file), stdout);
                return 3;
            }
            """;

    private static final String COMPILE =
            "-cc1 -triple wasm32-unknown-wasi -emit-obj -O2 -isysroot /data/sys"
                    + " -internal-isystem /data/sys/lib/clang/8.0.1/include"
                    + " -internal-isystem /data/sys/include -o /data/program.o /data/program.c";

    private static final String LINK =
            "--no-threads -L/data/sys/lib/wasm32-wasi /data/sys/lib/wasm32-wasi/crt1.o"
                    + " /data/program.o -lc -o /data/program.wasm";

    @TempDir static Path folder;

    private static Path work;
    private static Program container;

    @BeforeAll
    static void start() throws Exception {
        work = Files.createDirectory(folder.resolve("work"));
        for (var name : List.of("script.py", "script.rb", "node.mjs")) resource(name);
        unpack("python-3.11.3.tar.gz", work);
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

    private static void unpack(String archive, Path to) throws Exception {
        var file = WasiGuest.published(archive).toString();
        var tar = new ProcessBuilder("tar", "-xzf", file, "-C", to.toString()).start();
        assertEquals(0, tar.waitFor());
    }

    /// Runs a program both ways.
    ///
    /// @return what it did
    private static Result same(String program, List<String> arguments) throws Exception {
        var module = WasiGuest.published(program + ".wasm");
        var wanted = theirs(work, module, arguments);
        var got = ours("--mount", work, module, arguments);
        assertEquals(wanted, got);
        assertFalse(got.output().isEmpty());
        return got;
    }

    private static Result theirs(Path data, Path module, List<String> arguments) throws Exception {
        var command = new ArrayList<>(List.of("--no-warnings", work + "/node.mjs"));
        command.addAll(List.of(data.toString(), module.toString()));
        command.addAll(arguments);
        return RealNode.run(folder, "", command.toArray(String[]::new));
    }

    /// @param option that gives the program a folder
    private static Result ours(String option, Path data, Path module, List<String> arguments)
            throws Exception {
        var command = new ArrayList<>(List.of("run", "--attach", "--env", "LANG=C"));
        command.addAll(List.of(option, data + ":/data", module.toString()));
        command.addAll(arguments);
        return Program.run(folder, command.toArray(String[]::new));
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
                "drop table if exists t; create table t(a, b); insert into t values (1, 'x'), (2, 'y'), (3, null);"
                        + " create index i on t(b); select sum(a), group_concat(b) from t;"
                        + " select sqlite_version();";
        var wanted = new Result(0, "6|x,y\n3.26.0\n", "");
        assertEquals(wanted, same("sqlite", words(":memory:", statements)));
        assertEquals(wanted, same("sqlite", words("/data/t.db", statements)));
    }

    /// A compiler and a linker, with functions of hundreds of variables that all methods share.
    @Test
    void clang() throws Exception {
        var oracle = project("theirs");
        var project = project("ours");
        var steps = new LinkedHashMap<String, String>();
        steps.put("clang.wasm", COMPILE);
        steps.put("wasm-ld.wasm", LINK);
        for (var step : steps.entrySet()) {
            var module = WasiGuest.published(step.getKey());
            var arguments = words(step.getValue().split(" "));
            assertEquals(new Result(0, "", ""), theirs(oracle, module, arguments));
            assertEquals(new Result(0, "", ""), ours("--dir", project, module, arguments));
        }
        for (var file : List.of("program.o", "program.wasm"))
            assertEquals(-1, Files.mismatch(oracle.resolve(file), project.resolve(file)), file);
        var program = project.resolve("program.wasm");
        assertEquals(new Result(3, "a 2.5\n", ""), ours("--dir", project, program, words("a")));
    }

    /// A folder with a program in C and what compiling it takes.
    private static Path project(String name) throws Exception {
        var project = Files.createDirectory(folder.resolve(name));
        unpack("clang-fs.tar.gz", project);
        Files.writeString(project.resolve("program.c"), PROGRAM);
        return project;
    }
}
