package podium.buildtool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import podium.engine.ModuleSource;
import podium.engine.jvm.TrainingEngine;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.vfs.MountSpec;

/// Records the profile that `Precompile` places code by:
/// `train [--root FOLDER] IN.wasm PROFILE SCRIPT...`.
///
/// The program runs each script in turn, in a pod that has the content of FOLDER, if given. What
/// the scripts print goes to standard output; one that fails is an error.
public final class Train {

    private static final String USAGE = "usage: train [--root FOLDER] IN.wasm PROFILE SCRIPT...";

    private final @Nullable Path root;
    private final Path module;
    private final Path profile;
    private final List<Path> scripts;

    private Train(@Nullable Path root, Path module, Path profile, List<Path> scripts) {
        this.root = root;
        this.module = module;
        this.profile = profile;
        this.scripts = scripts;
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            parse(arguments).run();
        } catch (IllegalArgumentException e) {
            fail(2, USAGE + ": " + e.getMessage());
        } catch (PodException | IOException e) {
            fail(1, "train: " + e.getMessage());
        }
    }

    private static void fail(int status, String message) {
        System.err.println(message);
        System.exit(status);
    }

    private static Train parse(String[] arguments) {
        var words = new ArrayDeque<>(List.of(arguments));
        Path root = null;
        if ("--root".equals(words.peek())) {
            words.remove();
            if (words.isEmpty()) throw new IllegalArgumentException("--root needs a folder");
            root = Path.of(words.remove());
        }
        if (words.size() < 3) throw new IllegalArgumentException("three files are wanted");
        var module = Path.of(words.remove());
        var profile = Path.of(words.remove());
        return new Train(root, module, profile, words.stream().map(Path::of).toList());
    }

    private void run() throws IOException, PodException, InterruptedException {
        var engine = new TrainingEngine();
        var program = Files.readAllBytes(module);
        try (var assembly = new Assembly(engine);
                var pod = assembly.kernel().create(spec())) {
            var path = "/" + module.getFileName();
            Assembly.put(pod, path, program, 0755);
            for (var script : scripts) run(pod, path, script);
        }
        var recorded = engine.profile(ModuleSource.sha256(program));
        if (recorded == null) throw new IOException(module + " was not run");
        try (var out = Files.newBufferedWriter(profile)) {
            recorded.writeTo(out);
        }
    }

    private PodSpec spec() {
        if (root == null) return Assembly.spec("training");
        var mount = MountSpec.of("/", "memory").withOption("seed", root.toString());
        return Assembly.spec("training", mount);
    }

    private static void run(Pod pod, String program, Path script)
            throws IOException, PodException, InterruptedException {
        var path = "/tmp/" + script.getFileName();
        Assembly.put(pod, path, Files.readAllBytes(script), 0644);
        var spec =
                ProcessSpec.of(List.of(program, path))
                        .withStreams(InputStream.nullInputStream(), System.out, System.err);
        try {
            int status = pod.start(spec).exit().get();
            if (status != 0) throw new IOException(script + " ended with status " + status);
        } catch (ExecutionException e) {
            throw new IOException(script + " was lost: " + e.getMessage(), e);
        }
    }
}
