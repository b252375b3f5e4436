package podium.buildtool;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.jvm.JvmEngine;
import podium.engine.jvm.ir.Profile;

/// Compiles a module ahead of time:
/// `precompile [--engine jvm] IN.wasm OUT [--profile FILE]`.
///
/// OUT is what `ModuleSource.prepared` gives the engine at run time; FILE is the block profile of a
/// training run.
public final class Precompile {

    private static final String USAGE =
            "usage: precompile [--engine jvm] IN.wasm OUT [--profile FILE]";

    private final Path module;
    private final Path out;
    private final @Nullable Path profile;

    private Precompile(Path module, Path out, @Nullable Path profile) {
        this.module = module;
        this.out = out;
        this.profile = profile;
    }

    public static void main(String[] arguments) {
        try {
            parse(arguments).run();
        } catch (IllegalArgumentException e) {
            fail(2, USAGE + ": " + e.getMessage());
        } catch (ModuleException | IOException e) {
            fail(1, "precompile: " + e.getMessage());
        }
    }

    private static void fail(int status, String message) {
        System.err.println(message);
        System.exit(status);
    }

    private static Precompile parse(String[] arguments) {
        var words = new ArrayDeque<>(List.of(arguments));
        var paths = new ArrayDeque<Path>();
        Path profile = null;
        while (!words.isEmpty()) {
            var word = words.poll();
            switch (word) {
                case "--engine" -> {
                    var engine = words.poll();
                    if (!"jvm".equals(engine))
                        throw new IllegalArgumentException("no engine " + engine);
                }
                case "--profile" -> {
                    var file = words.poll();
                    if (file == null) throw new IllegalArgumentException("--profile wants a file");
                    profile = Path.of(file);
                }
                default -> paths.add(Path.of(word));
            }
        }
        if (paths.size() != 2) throw new IllegalArgumentException("two files are wanted");
        return new Precompile(paths.getFirst(), paths.getLast(), profile);
    }

    /// The output appears whole or not at all.
    private void run() throws ModuleException, IOException {
        var source = ModuleSource.of(module.getFileName().toString(), Files.readAllBytes(module));
        long start = System.nanoTime();
        var folder = out.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        var part = Files.createTempFile(folder, "precompile", ".part");
        try {
            try (var stream = new BufferedOutputStream(Files.newOutputStream(part))) {
                new JvmEngine().prepare(source, readProfile(), stream);
            }
            Files.move(part, out, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        System.out.printf(
                "precompiled %s: %d KiB in %d ms%n",
                module.getFileName(),
                Files.size(out) / 1024,
                (System.nanoTime() - start) / 1_000_000);
    }

    private @Nullable Profile readProfile() throws IOException {
        if (profile == null) return null;
        try (var reader = Files.newBufferedReader(profile)) {
            return Profile.readFrom(reader);
        }
    }
}
