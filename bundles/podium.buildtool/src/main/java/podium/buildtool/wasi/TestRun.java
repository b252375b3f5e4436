package podium.buildtool.wasi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import podium.buildtool.Assembly;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.vfs.MountSpec;

/// One test in a pod of its own, whose root is a copy of the folder that the manifest names.
final class TestRun {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// What earlier runs of other programs left in the folder.
    private static final String LEFT = ".cleanup";

    private final PodManager pods;
    private final Path module;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();

    TestRun(PodManager pods, Path module) {
        this.pods = pods;
        this.module = module;
    }

    /// @return why it failed, or null
    @Nullable String run() throws IOException, InterruptedException {
        var manifest = Manifest.of(module);
        var spec = PodSpec.of("wasi").withMount(MountSpec.of("/", "memory"));
        try (var pod = pods.create(spec)) {
            if (manifest.root() != null) copy(manifest.root(), pod);
            var process = pod.start(program(manifest));
            return verdict(manifest, process, status(process));
        } catch (PodException | ExecutionException e) {
            return e.getMessage();
        }
    }

    private ProcessSpec program(Manifest manifest) throws IOException {
        var arguments = new ArrayList<String>();
        arguments.add(module.getFileName().toString());
        arguments.addAll(manifest.arguments());
        return ProcessSpec.of(List.copyOf(arguments))
                .withModule(Files.readAllBytes(module))
                .withEnvironment(manifest.environment())
                .withDirectories(manifest.root() == null ? Map.of() : Map.of("/", "/"))
                .withStreams(InputStream.nullInputStream(), output, error);
    }

    private static int status(PodProcess process) throws InterruptedException, ExecutionException {
        try {
            return process.exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.kill(Duration.ZERO);
            return -1;
        }
    }

    private @Nullable String verdict(Manifest manifest, PodProcess process, int status) {
        if (status < 0) return "it did not end within " + PATIENCE.toSeconds() + " s";
        var said = text(error).strip();
        if (process.failure() != null) return process.failure() + "\n" + said;
        if (status != manifest.status())
            return "exit status " + status + " instead of " + manifest.status() + "\n" + said;
        if (manifest.output() != null && !manifest.output().equals(text(output)))
            return "output '" + text(output) + "' instead of '" + manifest.output() + "'";
        if (manifest.error() != null && !manifest.error().equals(text(error)))
            return "error output '" + text(error) + "' instead of '" + manifest.error() + "'";
        return null;
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void copy(Path root, Pod pod) throws IOException {
        try (var files = Files.walk(root)) {
            for (var file : files.sorted().toList()) {
                var name = "/" + root.relativize(file);
                if (name.endsWith(LEFT) || file.equals(root)) continue;
                if (Files.isDirectory(file)) makeDirectory(pod, name);
                else Assembly.put(pod, name, Files.readAllBytes(file), 0644);
            }
        }
    }

    private static void makeDirectory(Pod pod, String name) {
        var files = pod.files();
        files.namespace().makeDirectory(files, null, name, 0755);
    }
}
