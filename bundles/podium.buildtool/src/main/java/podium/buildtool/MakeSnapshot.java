package podium.buildtool;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.Snapshot;
import podium.kernel.Freezer;
import podium.pod.PodException;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.vfs.MountSpec;

/// Makes the snapshot that a program's processes start from:
/// `snapshot [--root FOLDER] [--module PREPARED] IN.wasm OUT [ARGUMENT...]`.
///
/// The program's `_snapshot` runs in a pod of its own that has the content of FOLDER, if given, and
/// else nothing; the arguments are what it gets beyond its own name. PREPARED is what `Precompile`
/// made of it.
public final class MakeSnapshot {

    private static final String USAGE =
            "usage: snapshot [--root FOLDER] [--module PREPARED] IN.wasm OUT [ARGUMENT...]";

    private final Path module;
    private final Path out;
    private final @Nullable Path root;
    private final @Nullable Path prepared;
    private final List<String> arguments;

    private MakeSnapshot(
            Path module,
            Path out,
            @Nullable Path root,
            @Nullable Path prepared,
            List<String> arguments) {
        this.module = module;
        this.out = out;
        this.root = root;
        this.prepared = prepared;
        this.arguments = arguments;
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            parse(arguments).run();
        } catch (IllegalArgumentException e) {
            fail(2, USAGE + ": " + e.getMessage());
        } catch (PodException | IOException e) {
            fail(1, "snapshot: " + e.getMessage());
        }
    }

    private static void fail(int status, String message) {
        System.err.println(message);
        System.exit(status);
    }

    private static MakeSnapshot parse(String[] arguments) {
        var words = new ArrayDeque<>(List.of(arguments));
        Path root = null;
        Path prepared = null;
        while (!words.isEmpty() && words.peek().startsWith("--")) {
            var option = words.remove();
            if (words.isEmpty()) throw new IllegalArgumentException(option + " needs a value");
            var value = Path.of(words.remove());
            switch (option) {
                case "--root" -> root = value;
                case "--module" -> prepared = value;
                default -> throw new IllegalArgumentException("no option " + option);
            }
        }
        if (words.size() < 2) throw new IllegalArgumentException("IN.wasm and OUT are missing");
        var module = Path.of(words.remove());
        var out = Path.of(words.remove());
        return new MakeSnapshot(module, out, root, prepared, List.copyOf(words));
    }

    private void run() throws IOException, PodException, InterruptedException {
        var snapshot = take();
        var unfinished = out.resolveSibling(out.getFileName() + ".new");
        try (var to = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
            snapshot.writeTo(to);
        }
        Files.move(unfinished, out, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Runs the program up to where it can be frozen.
    Snapshot take() throws IOException, PodException, InterruptedException {
        try (var assembly = new Assembly()) {
            if (prepared != null) assembly.catalog().add(this::open);
            try (var pod = assembly.kernel().create(spec())) {
                var program = "/" + module.getFileName();
                Assembly.put(pod, program, Files.readAllBytes(module), 0755);
                var all = new ArrayList<String>();
                all.add(program);
                all.addAll(arguments);
                return Freezer.freeze(
                        pod,
                        ProcessSpec.of(all)
                                .withStreams(
                                        InputStream.nullInputStream(), System.out, System.err));
            }
        }
    }

    private PodSpec spec() {
        if (root == null) return Assembly.spec("snapshot");
        var mount = MountSpec.of("/", "memory").withOption("seed", root.toString());
        return Assembly.spec("snapshot", mount);
    }

    /// There is but one module here.
    private @Nullable InputStream open(String path) throws IOException {
        return path.endsWith("/module") && prepared != null ? Files.newInputStream(prepared) : null;
    }
}
