package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import podium.pod.Pod;
import podium.pod.PodProcess;
import podium.pod.ProcessSpec;

/// Runs the C programs of podium.guest.libc and compares with what they did on Linux.
public abstract class ProgramContract {

    private static final Path PROGRAMS = Path.of("../podium.guest.libc/target/test");
    private static final String PROGRAM = "/programs/program.wasm";

    /// A pod with nothing in it but what every pod has.
    protected abstract Pod pod() throws Exception;

    /// Whether the system under test can be expected to run a program.
    protected boolean runs(String program) {
        return true;
    }

    /// Which form of the programs is run.
    protected String module() {
        return "program.wasm";
    }

    /// Has a program run.
    ///
    /// @return the process whose end is the program's: the same one, as a rule
    protected PodProcess toItsEnd(Pod pod, ProcessSpec spec, PodProcess process) throws Exception {
        return process;
    }

    @TestFactory
    Stream<DynamicTest> programs() throws IOException {
        assumeTrue(Files.isDirectory(PROGRAMS), "the test programs are not built");
        try (var folders = Files.list(PROGRAMS)) {
            return folders
                    .filter(folder -> Files.exists(folder.resolve("program.wasm")))
                    .filter(folder -> runs(folder.getFileName().toString()))
                    .sorted()
                    .toList()
                    .stream()
                    .map(f -> dynamicTest(f.getFileName().toString(), () -> compare(f)));
        }
    }

    private void compare(Path folder) throws Exception {
        try (var pod = pod()) {
            pod.files().namespace().makeDirectory(pod.files(), null, "/programs", 0755);
            ProcessContract.put(pod, PROGRAM, Files.readAllBytes(folder.resolve(module())), 0755);
            var output = new ByteArrayOutputStream();
            var error = new ByteArrayOutputStream();
            var input = new ByteArrayInputStream(Files.readAllBytes(folder.resolve("stdin")));
            pod.files().namespace().makeDirectory(pod.files(), null, "/programs/here", 0755);
            var spec =
                    ProcessSpec.of(arguments(folder))
                            .withDirectory("/programs/here")
                            .withEnvironment(environment(folder))
                            .withStreams(input, output, error);
            var process = toItsEnd(pod, spec, pod.start(spec));
            int status = process.exit().get(60, TimeUnit.SECONDS);
            assertEquals(
                    Files.readString(folder.resolve("stdout")),
                    output.toString(StandardCharsets.UTF_8),
                    () -> "status " + status + ", " + process.failure() + ", " + error);
            assertEquals(
                    Files.readString(folder.resolve("status")).strip(),
                    Integer.toString(status),
                    process.failure());
        }
    }

    private static List<String> arguments(Path folder) throws IOException {
        var arguments = new ArrayList<String>();
        arguments.add(PROGRAM);
        arguments.addAll(Files.readAllLines(folder.resolve("arguments")));
        return arguments;
    }

    private static Map<String, String> environment(Path folder) throws IOException {
        var environment = new HashMap<String, String>();
        for (var line : Files.readAllLines(folder.resolve("environment"))) {
            int equals = line.indexOf('=');
            environment.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return environment;
    }
}
