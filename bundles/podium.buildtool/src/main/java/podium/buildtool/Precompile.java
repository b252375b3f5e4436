package podium.buildtool;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.jvm.JvmEngine;

/// Compiles a module ahead of time:
/// `precompile [--engine jvm] [--method-size BYTES] IN.wasm OUT [--profile FILE]`.
///
/// OUT is what `ModuleSource.prepared` gives the engine at run time; FILE is the block profile of a
/// training run. Methods become as large as HotSpot takes them, or as large as is said.
public final class Precompile {

    private static final CommandLine.Form FORM =
            new CommandLine.Form(
                    "precompile",
                    "[--engine jvm] [--method-size BYTES] IN.wasm OUT [--profile FILE]",
                    Set.of("--engine", "--method-size", "--profile"),
                    2,
                    false);

    private Precompile() {}

    public static void main(String[] arguments) throws InterruptedException {
        CommandLine.run(FORM, arguments, Precompile::run);
    }

    private static void run(CommandLine line) throws ModuleException, IOException {
        var engine = line.option("--engine");
        if (engine != null && !engine.equals("jvm"))
            throw new IllegalArgumentException("no engine " + engine);
        var module = line.file(0);
        var out = line.file(1);
        var source = ModuleSource.of(module.getFileName().toString(), Files.readAllBytes(module));
        var file = line.path("--profile");
        var profile = file == null ? null : ProfileFile.read(file);
        long start = System.nanoTime();
        var compiler = engine(line.option("--method-size"));
        OutputFile.write(out, to -> compiler.prepare(source, profile, to));
        System.out.printf(
                "precompiled %s: %d KiB in %d ms%n",
                module.getFileName(),
                Files.size(out) / 1024,
                (System.nanoTime() - start) / 1_000_000);
    }

    private static JvmEngine engine(@Nullable String methodSize) {
        try {
            return methodSize == null
                    ? new JvmEngine()
                    : new JvmEngine(Integer.parseInt(methodSize));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--method-size " + methodSize + " is no number");
        }
    }
}
