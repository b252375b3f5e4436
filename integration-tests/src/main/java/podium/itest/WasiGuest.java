package podium.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs of WASI: compiled from C against the pinned wasi-libc, or published ones, pinned, too.
final class WasiGuest {

    private WasiGuest() {}

    /// @param c the text of a program
    static void compile(Path module, String c, String... options)
            throws IOException, InterruptedException {
        compile(module, Files.writeString(Path.of(module + ".c"), c), options);
    }

    static void compile(Path module, Path source, String... options)
            throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of(
                                "clang-19",
                                "--target=wasm32-wasi",
                                "--sysroot=" + fetched("wasi-libc").resolve("usr"),
                                "-O1",
                                "-fno-builtin",
                                "-w"));
        command.addAll(List.of(options));
        command.addAll(List.of(source.toString(), "-o", module.toString()));
        var compiler = new ProcessBuilder(command).inheritIO().start();
        if (compiler.waitFor() != 0) throw new IOException("cannot compile " + source);
    }

    /// A file of the published interpreters and compilers.
    static Path published(String name) throws IOException, InterruptedException {
        return fetched("wasi-programs").resolve("dist/langs").resolve(name);
    }

    /// The unpacked tree of a pinned source.
    private static Path fetched(String name) throws IOException, InterruptedException {
        var fetch = RealNode.ROOT.resolve("cnf/fetch").toString();
        var process = new ProcessBuilder(fetch, "--unpack", name).start();
        var tree = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (process.waitFor() != 0) throw new IOException("cnf/fetch " + name + " failed");
        return Path.of(tree);
    }
}
