package podium.buildtool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.jvm.TrainingEngine;
import podium.pod.PodException;

/// Records the profile that `Precompile` places code by:
/// `train [--root FOLDER] IN.wasm PROFILE SCRIPT...`.
///
/// The program runs each script in turn, in a pod that has the content of FOLDER, if given. What
/// the scripts print goes to standard output; one that fails is an error.
public final class Train {

    private static final CommandLine.Form FORM =
            new CommandLine.Form(
                    "train",
                    "[--root FOLDER] IN.wasm PROFILE SCRIPT...",
                    Set.of("--root"),
                    2,
                    true);

    private Train() {}

    public static void main(String[] arguments) throws InterruptedException {
        CommandLine.run(FORM, arguments, Train::run);
    }

    private static void run(CommandLine line)
            throws IOException, ModuleException, PodException, InterruptedException {
        if (line.rest().isEmpty()) throw new IllegalArgumentException("a script is wanted");
        var module = line.file(0);
        var engine = new TrainingEngine();
        try (var assembly = new Assembly(engine);
                var program = new Program(assembly, line.path("--root"), module)) {
            for (var script : line.rest()) run(program, Path.of(script));
        }
        var recorded = engine.profile(ModuleSource.sha256(Files.readAllBytes(module)));
        if (recorded == null) throw new IOException(module + " was not run");
        ProfileFile.write(line.file(1), recorded);
    }

    private static void run(Program program, Path script)
            throws IOException, PodException, InterruptedException {
        var path = "/tmp/" + script.getFileName();
        Assembly.put(program.pod(), path, Files.readAllBytes(script), 0644);
        try {
            int status = program.pod().start(program.command(List.of(path))).exit().get();
            if (status != 0) throw new IOException(script + " ended with status " + status);
        } catch (ExecutionException e) {
            throw new IOException(script + " was lost: " + e.getMessage(), e);
        }
    }
}
