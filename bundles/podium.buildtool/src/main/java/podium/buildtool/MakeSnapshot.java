package podium.buildtool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.engine.ModuleException;
import podium.kernel.Freezer;
import podium.pod.PodException;

/// Makes the snapshot that a program's processes start from:
/// `snapshot [--root FOLDER] [--module PREPARED] IN.wasm OUT [ARGUMENT...]`.
///
/// The program's `_snapshot` runs in a pod of its own that has the content of FOLDER, if given, and
/// else nothing; the arguments are what it gets beyond its own name. PREPARED is what `Precompile`
/// made of it.
public final class MakeSnapshot {

    private static final CommandLine.Form FORM =
            new CommandLine.Form(
                    "snapshot",
                    "[--root FOLDER] [--module PREPARED] IN.wasm OUT [ARGUMENT...]",
                    Set.of("--root", "--module"),
                    2,
                    true);

    private MakeSnapshot() {}

    public static void main(String[] arguments) throws InterruptedException {
        CommandLine.run(FORM, arguments, MakeSnapshot::run);
    }

    private static void run(CommandLine line)
            throws IOException, ModuleException, PodException, InterruptedException {
        var prepared = line.path("--module");
        try (var assembly = new Assembly()) {
            if (prepared != null) assembly.catalog().add(path -> open(path, prepared));
            try (var program = new Program(assembly, line.path("--root"), line.file(0))) {
                var snapshot = Freezer.freeze(program.pod(), program.command(line.rest()));
                OutputFile.write(line.file(1), snapshot::writeTo);
            }
        }
    }

    /// There is but one module here.
    private static @Nullable InputStream open(String path, Path prepared) throws IOException {
        return path.endsWith("/module") ? Files.newInputStream(prepared) : null;
    }
}
