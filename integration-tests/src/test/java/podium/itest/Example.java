package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/// Builds an example as its README says, from a copy, against the API as it is published.
final class Example {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd.HHmmss");

    private static final String VERSION =
            "<snapshotVersion><extension>%s</extension><value>%s</value><updated>%s</updated>"
                    + "</snapshotVersion>";

    private static final String METADATA =
            "<metadata modelVersion='1.1.0'><groupId>podium</groupId><artifactId>%s</artifactId>"
                    + "<version>0.1.0-SNAPSHOT</version><versioning><snapshot><timestamp>%s</timestamp>"
                    + "<buildNumber>1</buildNumber></snapshot>"
                    + "<snapshotVersions>%s</snapshotVersions></versioning></metadata>";

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
                        "-Dpodium.repository=" + publish(folder.resolve(name + "-repository")));
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var log = folder.resolve(name + ".log");
        maven.directory(copy.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        if (maven.start().waitFor() != 0) throw new IOException(Files.readString(log));
        try (var jars = Files.newDirectoryStream(copy.resolve("target"), "*.jar")) {
            return jars.iterator().next();
        }
    }

    /// What `./podium publish` makes, but of the jars that are there. As there, each time is a
    /// snapshot of its own: Maven keeps an older one otherwise.
    private static Path publish(Path repository) throws IOException {
        var time = STAMP.format(LocalDateTime.now(ZoneOffset.UTC));
        put(repository, "podium", time, Map.of("pom", Program.ROOT.resolve("pom.xml")));
        for (var name : List.of("podium.api", "podium.testkit")) {
            var bundle = Program.ROOT.resolve("bundles").resolve(name);
            var jar = bundle.resolve("target/" + name + "-0.1.0-SNAPSHOT.jar");
            put(repository, name, time, Map.of("pom", bundle.resolve("pom.xml"), "jar", jar));
        }
        return repository;
    }

    private static void put(Path repository, String name, String time, Map<String, Path> files)
            throws IOException {
        var folder =
                Files.createDirectories(repository.resolve("podium/" + name + "/0.1.0-SNAPSHOT"));
        var versions = new StringBuilder();
        for (var type : files.keySet()) {
            var version = "0.1.0-" + time + "-1";
            Files.copy(files.get(type), folder.resolve(name + "-" + version + "." + type));
            versions.append(VERSION.formatted(type, version, time.replace(".", "")));
        }
        Files.writeString(
                folder.resolve("maven-metadata.xml"), METADATA.formatted(name, time, versions));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : (Iterable<Path>) files::iterator)
                if (!from.relativize(file).startsWith("target"))
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
    }
}
