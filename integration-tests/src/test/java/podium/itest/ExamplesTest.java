package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.pod.Result;

/// The examples in Java, built and dropped into a container that runs.
class ExamplesTest {

    private static final String CLASS = "acme/counters/Counters.class";

    @TempDir Path folder;

    private Home home;

    @BeforeEach
    void unpack() throws IOException {
        home = Home.in(folder);
    }

    private Program container() throws Exception {
        var container = home.start("start");
        container.awaitError("container started");
        return container;
    }

    @Test
    void embed() throws Exception {
        var jar = Example.build("embed", folder);
        try (var container = container()) {
            Files.copy(jar, home.file("load/embed.jar"));
            container.awaitOutput("killed");
            container.signal("TERM");
            var ended = container.await();
            assertEquals("hi from v24.21.0\nexit code 0\nkilled: 143\n", ended.output());
            var error = ended.error().lines().toList();
            assertEquals(2, error.size(), ended.error());
            assertEquals("no one is perfect", error.get(1));
            assertEquals(0, ended.status());
        }
    }

    @Test
    void embedWasi() throws Exception {
        var jar = Example.build("embed-wasi", folder);
        var module = folder.resolve("program.wasm");
        WasiGuest.compile(
                module,
                "#include <stdio.h>\n#include <stdlib.h>\n"
                        + "int main(int count, char **arguments) {\n"
                        + "  char line[20];\n"
                        + "  printf(\"%d %s %s %s\", count, arguments[1], getenv(\"NAME\"),"
                        + " fgets(line, sizeof line, stdin));\n"
                        + "  fputs(\"error\\n\", stderr);\n"
                        + "  return malloc(65 << 20) ? 1 : 7;\n}\n");
        var variables = Map.of("JAVA_TOOL_OPTIONS", "-Dacme.wasi=" + module);
        try (var container = home.start(variables, "start")) {
            container.awaitError("container started");
            Files.copy(jar, home.file("load/embed.jar"));
            container.awaitOutput("exit code");
            container.signal("TERM");
            var ended = container.await();
            assertEquals("2 argument value input\nexit code 7\n", ended.output());
            assertTrue(ended.error().endsWith("\nerror\n"), ended.error());
        }
    }

    @Test
    void customFileSystem() throws Exception {
        var jar = Example.build("custom-filesystem", folder);
        var source = folder.resolve("custom-filesystem/app.properties").toString();
        var script = folder.resolve("custom-filesystem/greet.js").toString();
        try (var container = container();
                var greeter = home.start("run", "--attach", "--name", "greeter", script)) {
            Files.copy(jar, home.file("load/settings.jar"));
            mountSettings(source, new Result(0, "", ""));
            greeter.awaitOutput("EROFS\n");
            assertEquals(
                    "Grüezi db db/pool db/pool/size db/url greeting\nEROFS\n", greeter.output());
            var url = home.run("fs", "cat", "greeter:/settings/db/url");
            assertEquals(new Result(0, "postgres://db/app", ""), url);
            var none = source + ".none";
            var refused = none + ": there is no such file";
            mountSettings(none, new Result(1, "", "podium: " + refused + "\n"));
            container.signal("TERM");
            assertEquals("", container.await().output());
        }
    }

    /// As soon as the pod and the type are there, which somebody else brings.
    private void mountSettings(String source, Result expected) throws Exception {
        Result result;
        long end = end();
        do
            result =
                    home.run(
                            "fs",
                            "mount",
                            "greeter:/settings",
                            "--type=settings",
                            "--source=" + source,
                            "--option=prefix=app.");
        while (!result.equals(expected) && System.nanoTime() < end);
        assertEquals(expected, result);
    }

    @Test
    void customSyscall() throws Exception {
        var jar = Example.build("custom-syscall", folder);
        Guest.compile(folder.resolve("counter.wasm"), folder.resolve("custom-syscall/counter.c"));
        try (var container = container()) {
            nobodyHasIt();
            Files.copy(jar, home.file("load/counters.jar"));
            cAndJavaScriptShareIt();
            try (var counting = counting()) {
                replaceWhileItIsCalled(jar, counting);
                takeAway(counting);
            }
            container.signal("TERM");
            var ended = container.await();
            assertEquals("", ended.output());
            assertEquals(1, ended.error().lines().count(), ended.error());
        }
    }

    private Result c(String name, int delta) throws Exception {
        return home.run("run", "--attach", folder + "/counter.wasm", name, "" + delta);
    }

    private Result javaScript(String name, int delta) throws Exception {
        var script = folder + "/custom-syscall/counter.js";
        return home.run("run", "--attach", script, name, "" + delta);
    }

    private void nobodyHasIt() throws Exception {
        assertEquals(
                new Result(
                        126,
                        "",
                        "podium: cannot execute /app/counter.wasm: acme_counters.add is not"
                                + " provided\n"),
                c("visits", 1));
        var ended = javaScript("visits", 1);
        assertEquals(1, ended.status());
        assertTrue(
                ended.error().contains("\nTypeError: counters.add is not a function\n"),
                ended.error());
    }

    private void cAndJavaScriptShareIt() throws Exception {
        var first = c("visits", 5);
        for (long end = end(); first.status() == 126 && System.nanoTime() < end; )
            first = c("visits", 5);
        assertEquals(new Result(0, "5\n", ""), first);
        assertEquals(new Result(0, "7\n", ""), javaScript("visits", 2));
        assertEquals(new Result(0, "10\n", ""), c("visits", 3));
        assertEquals(new Result(0, "1\n", ""), c("others", 1));
    }

    /// A program that calls it all the time, and says when the answer is the next version's.
    private Program counting() throws Exception {
        var code =
                """
                const { add } = require('podium:acme_counters');
                let next = false;
                console.log('counting');
                setInterval(() => {
                  try {
                    if (add('ticks', 1n) > 1000000n && !next) console.log(next = 'next');
                  } catch (e) {
                    console.log(e.code);
                    process.exit(3);
                  }
                }, 5);
                """;
        var script = Files.writeString(folder.resolve("counting.js"), code);
        var program = home.start("run", "--attach", script.toString());
        program.awaitOutput("counting\n");
        return program;
    }

    private void replaceWhileItIsCalled(Path jar, Program counting) throws Exception {
        var next = nextVersion(jar);
        Files.copy(next, home.file("load/counters.jar"), StandardCopyOption.REPLACE_EXISTING);
        counting.awaitOutput("next\n");
        assertEquals("counting\nnext\n", counting.output());
        assertEquals(new Result(0, "1000004\n", ""), c("visits", 4));
        assertEquals(new Result(0, "1000005\n", ""), javaScript("visits", 1));
    }

    private void takeAway(Program counting) throws Exception {
        Files.delete(home.file("load/counters.jar"));
        assertEquals(new Result(3, "counting\nnext\nENOSYS\n", ""), counting.await());
        nobodyHasIt();
    }

    /// The same jar with a higher version, whose counters begin at a million.
    private Path nextVersion(Path jar) throws IOException {
        var source = Program.ROOT.resolve("examples/custom-syscall/src/main/java/acme/counters");
        var text =
                Files.readString(source.resolve("Counters.java"))
                        .replace("return counter.sum();", "return 1_000_000 + counter.sum();")
                        .replaceAll("(?m)^(import org.osgi.*|@Component)\n", "");
        assertTrue(text.contains("1_000_000"), text);
        var changed = folder.resolve("next/Counters.java");
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, text);
        var api = Program.ROOT.resolve("bundles/podium.api/target/podium.api-0.1.0-SNAPSHOT.jar");
        var compiler = ToolProvider.getSystemJavaCompiler();
        var arguments = List.of("-cp", api.toString(), "-d", folder + "/next", changed.toString());
        assertEquals(0, compiler.run(null, null, null, arguments.toArray(String[]::new)));
        var changes = Map.of(CLASS, folder.resolve("next").resolve(CLASS));
        return NextVersion.of(jar, folder.resolve("next.jar"), "1.0.1", changes);
    }

    private static long end() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }
}
