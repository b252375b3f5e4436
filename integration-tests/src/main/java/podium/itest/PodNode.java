package podium.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.pod.Result;

/// The guest's Node in a pod of its own, to be compared with the [RealNode].
final class PodNode {

    /// For both.
    static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "HOME", "/root",
                    "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

    private static final String NODE = "/usr/bin/node";

    private static final int SECONDS = 300;

    private PodNode() {}

    /// Runs it in a folder of the pod.
    ///
    /// @param environment all there is
    static Result run(
            PodManager pods,
            PodSpec spec,
            Path folder,
            Map<String, String> environment,
            String input,
            List<String> arguments)
            throws Exception {
        var command = new ArrayList<>(List.of(NODE));
        command.addAll(arguments);
        var output = new ByteArrayOutputStream();
        var error = new ByteArrayOutputStream();
        try (var pod = pods.create(spec)) {
            var process =
                    pod.start(
                            ProcessSpec.of(command)
                                    .withDirectory(folder.toString())
                                    .withEnvironment(environment)
                                    .withStreams(
                                            new ByteArrayInputStream(input.getBytes(UTF_8)),
                                            output,
                                            error));
            int status = process.exit().get(SECONDS, TimeUnit.SECONDS);
            return new Result(status, output.toString(UTF_8), error.toString(UTF_8));
        }
    }

    /// What either wrote, without what may differ: where Node is, and the process's number.
    static Result evened(Result result) throws Exception {
        return new Result(result.status(), evened(result.output()), evened(result.error()));
    }

    private static String evened(String text) throws Exception {
        return text.replace(RealNode.program().toString(), "NODE")
                .replace(NODE, "NODE")
                .replaceAll("\\(node:\\d+\\)", "(node:PID)");
    }
}
