package podium.itest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import podium.pod.Pod;
import podium.pod.PodProcess;
import podium.pod.ProcessSpec;

/// What a process that is frozen and thawed is given, and gives.
final class Talk {

    static final Path WORKER =
            RealNode.ROOT.resolve("integration-tests/src/main/c/freeze/worker.c");

    static final Duration PATIENCE = Duration.ofSeconds(20);

    final PipedOutputStream input = new PipedOutputStream();
    final ByteArrayOutputStream output = new ByteArrayOutputStream();
    final ProcessSpec spec;

    /// With `/worker`.
    Talk(String... arguments) throws IOException {
        this("/worker", List.of(arguments));
    }

    Talk(String program, List<String> arguments) throws IOException {
        var words = new ArrayList<>(List.of(program));
        words.addAll(arguments);
        spec = ProcessSpec.of(words).withStreams(new PipedInputStream(input), output, output);
    }

    void say(String line) throws IOException {
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    void await(String text) throws InterruptedException {
        while (!output().contains(text)) Thread.sleep(5);
    }

    /// Makes a process of a state, which talks here.
    PodProcess thaw(Pod pod, byte[] state) throws Exception {
        return pod.thaw(new ByteArrayInputStream(state), spec);
    }

    /// The state of a process.
    static byte[] freeze(PodProcess process, boolean ends) throws Exception {
        var state = new ByteArrayOutputStream();
        try (var frozen = process.freeze(PATIENCE)) {
            frozen.writeTo(state);
            if (ends) frozen.end();
        }
        return state.toByteArray();
    }
}
