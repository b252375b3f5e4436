package podium.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The npm packages that a folder's lock file pins. They are installed once, into the cache of the
/// build by the lock file's checksum, and never run scripts of theirs.
final class Packages {

    private static final String LOCK = "package-lock.json";

    private Packages() {}

    private static Path cache() {
        var named = System.getenv("PODIUM_CACHE");
        var root =
                named == null || named.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache/podium")
                        : Path.of(named);
        return root.resolve("packages");
    }

    /// Copies a program's folder, its packages included, to a folder that is not there yet.
    static void copy(Path program, Path target) throws Exception {
        copyTree(program, target, true);
        copyTree(installed(program), target.resolve("node_modules"), false);
    }

    /// @param own leaves out packages that somebody installed in place
    private static void copyTree(Path from, Path to, boolean own) throws IOException {
        try (var files = Files.walk(from)) {
            files.filter(file -> !own || !from.relativize(file).startsWith("node_modules"))
                    .forEach(
                            file -> {
                                try {
                                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
    }

    /// The folder `node_modules` for a program. Several may ask at the same time; what is there is
    /// whole.
    private static Path installed(Path program) throws Exception {
        var sum = MessageDigest.getInstance("SHA-256");
        for (var name : List.of("package.json", LOCK))
            sum.update(Files.readAllBytes(program.resolve(name)));
        var folder = cache().resolve(HexFormat.of().formatHex(sum.digest()).substring(0, 32));
        var modules = folder.resolve("node_modules");
        Files.createDirectories(cache());
        var lock = folder.resolveSibling(folder.getFileName() + ".lock");
        try (var channel =
                        FileChannel.open(
                                lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (!Files.isDirectory(modules)) install(program, folder);
        }
        return modules;
    }

    private static void install(Path program, Path folder) throws Exception {
        var part = Files.createTempDirectory(cache(), "part");
        for (var name : List.of("package.json", LOCK))
            Files.copy(program.resolve(name), part.resolve(name));
        var log = part.resolve("npm.log");
        var npm =
                new ProcessBuilder(
                                "npm",
                                "ci",
                                "--ignore-scripts",
                                "--no-audit",
                                "--no-fund",
                                "--omit=dev",
                                "--no-bin-links")
                        .directory(part.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!npm.waitFor(300, TimeUnit.SECONDS) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw new AssertionError("npm ci of " + program + ": " + Files.readString(log, UTF_8));
        }
        Files.delete(log);
        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
    }
}
