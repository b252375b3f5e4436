package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Builds an example as its README says, from a copy, against the API as it is published.
final class Example {

    private Example() {}

    /// @param name of the folder in `examples`
    /// @param folder for the copy and the published API
    /// @return the jar
    static Path build(String name, Path folder) throws IOException, InterruptedException {
        var copy = folder.resolve(name);
        copy(Program.ROOT.resolve("examples").resolve(name), copy);
        var maven =
                new ProcessBuilder(
                        "mvn",
                        "--batch-mode",
                        "--quiet",
                        "package",
                        "-Dpodium.repository=" + publish(folder.resolve("repository")));
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var log = folder.resolve(name + ".log");
        maven.directory(copy.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        if (maven.start().waitFor() != 0) throw new IOException(Files.readString(log));
        try (var jars = Files.newDirectoryStream(copy.resolve("target"), "*.jar")) {
            return jars.iterator().next();
        }
    }

    /// What `./podium publish` makes, but of the jar that is there.
    private static Path publish(Path repository) throws IOException {
        put(repository, "podium", Program.ROOT.resolve("pom.xml"), "pom");
        var api = Program.ROOT.resolve("bundles/podium.api");
        put(repository, "podium.api", api.resolve("pom.xml"), "pom");
        put(repository, "podium.api", api.resolve("target/podium.api-0.1.0-SNAPSHOT.jar"), "jar");
        return repository;
    }

    private static void put(Path repository, String name, Path file, String type)
            throws IOException {
        var folder =
                Files.createDirectories(repository.resolve("podium/" + name + "/0.1.0-SNAPSHOT"));
        var target = folder.resolve(name + "-0.1.0-SNAPSHOT." + type);
        if (!Files.exists(target)) Files.copy(file, target);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : (Iterable<Path>) files::iterator)
                if (!from.relativize(file).startsWith("target"))
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
    }
}
