package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.pod.Result;

/// Which Java `bin/podium` starts. The Javas here are scripts that say their names.
class LauncherTest {

    private static final Path DISTRIBUTION = Program.ROOT.resolve("distribution/target/podium");
    private static final Path FIND_JAVA = Path.of("lib/find-java.sh");

    @TempDir Path folder;

    private Path java(String home, String version) throws IOException {
        var java = folder.resolve(home);
        Files.createDirectories(java.resolve("bin"));
        Files.writeString(
                java.resolve("release"),
                "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        var program = Files.writeString(java.resolve("bin/java"), "#!/bin/sh\necho " + home + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return java;
    }

    /// A `PATH` that leads to this Java before any other.
    private String path(Path java) throws IOException {
        var tools = Files.createDirectories(folder.resolve("path"));
        Files.createSymbolicLink(tools.resolve("java"), java.resolve("bin/java"));
        return tools + ":/usr/bin:/bin";
    }

    private Result start(Path launcher, Map<String, String> environment) throws Exception {
        var builder = new ProcessBuilder(launcher.toString(), "--version");
        builder.environment().clear();
        builder.environment().putAll(environment);
        var output = Files.createTempFile(folder, "output", "");
        var error = Files.createTempFile(folder, "error", "");
        var process = builder.redirectOutput(output.toFile()).redirectError(error.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Result(process.exitValue(), Files.readString(output), Files.readString(error));
    }

    private String started(Map<String, String> environment) throws Exception {
        var ended = start(DISTRIBUTION.resolve("bin/podium"), environment);
        assertEquals("", ended.error());
        assertEquals(0, ended.status());
        return ended.output().strip();
    }

    /// Classes are kept of containers, and as long as those have the same bundles.
    @Test
    void onlyContainersKeepClasses() throws Exception {
        var home = Home.in(folder);
        var archive = home.file("data/podium.jsa");
        for (var other : new String[][] {{"ps"}, {"--version"}, {"fs", "--help"}}) home.run(other);
        assertFalse(Files.exists(archive));
        // One that fails has loaded little. What it leaves is not kept for long.
        assertEquals(1, home.run("run", "missing.js").status());
        assertEquals(new Result(0, "", ""), home.run("node", "--", "-e", "0"));
        assertEquals(new Result(0, "", ""), home.run("node", "--", "-e", "0"));
        long size = Files.size(archive);
        assertTrue(size > 10 << 20, "" + size);
        var written = Files.getLastModifiedTime(archive);
        assertEquals(new Result(0, "", ""), home.run("node", "--", "-e", "0"));
        assertEquals(written, Files.getLastModifiedTime(archive));
        var bundle = home.file("bundle").toFile().listFiles()[0].toPath();
        Files.setLastModifiedTime(bundle, java.nio.file.attribute.FileTime.fromMillis(0));
        assertEquals(new Result(0, "", ""), home.run("node", "--", "-e", "0"));
        assertEquals(new Result(0, "", ""), home.run("node", "--", "-e", "0"));
        assertTrue(Files.getLastModifiedTime(archive).compareTo(written) > 0);
    }

    @Test
    void javaHomeComesFirst() throws Exception {
        var path = path(java("on-path", "25.0.1"));
        var home = java("java-home", "25");
        assertEquals("java-home", started(Map.of("JAVA_HOME", home.toString(), "PATH", path)));
    }

    @Test
    void anotherVersionIsPassedOver() throws Exception {
        var path = path(java("on-path", "25.0.1"));
        for (var version : new String[] {"17.0.15", "2", "250", "26"}) {
            var home = java("java-" + version, version);
            assertEquals(
                    "on-path",
                    started(Map.of("JAVA_HOME", home.toString(), "PATH", path)),
                    version);
        }
    }

    @Test
    void aFolderWithoutAReleaseFileIsNoJava() throws Exception {
        var path = path(java("on-path", "25+36"));
        var home = java("java-home", "25");
        Files.delete(home.resolve("release"));
        assertEquals("on-path", started(Map.of("JAVA_HOME", home.toString(), "PATH", path)));
    }

    @Test
    void theUsualFoldersAreSearched() throws Exception {
        var path = path(java("on-path", "17"));
        java("user/.jdks/temurin 25", "25.0.3");
        assertEquals(
                "user/.jdks/temurin 25",
                started(Map.of("PATH", path, "HOME", folder.resolve("user").toString())));
    }

    /// Otherwise the first file that the JVM opens becomes the guest's standard input.
    @Test
    void closedDescriptorsAreTheNullDevice() throws Exception {
        var home = java("java-home", "25");
        var seen = folder.resolve("seen");
        Files.writeString(
                home.resolve("bin/java"),
                "#!/bin/sh\nexec 3> %s\n".formatted(seen)
                        + "for i in 0 1 2; do echo \"$(readlink /proc/$$/fd/$i)\" >&3; done\n");
        for (var closed : new String[] {"0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"}) {
            var command = "\"$0\" --version " + closed;
            var builder =
                    new ProcessBuilder(
                            "sh", "-c", command, DISTRIBUTION.resolve("bin/podium").toString());
            builder.environment().put("JAVA_HOME", home.toString());
            assertEquals(0, builder.start().waitFor());
            var descriptors = Files.readAllLines(seen);
            for (int i = 0; i < 3; i++)
                if (closed.contains(i + "<&-") || closed.contains(i + ">&-"))
                    assertEquals("/dev/null", descriptors.get(i), closed);
        }
    }

    @Test
    void aLinkToTheLauncherIsFollowed() throws Exception {
        var link = folder.resolve("podium");
        Files.createSymbolicLink(link, DISTRIBUTION.resolve("bin/podium"));
        var home = java("java-home", "25");
        var ended = start(link, Map.of("JAVA_HOME", home.toString()));
        Files.delete(link);
        assertEquals(new Result(0, "java-home\n", ""), ended);
    }

    /// No machine has the version this copy of the launcher asks for; the one on `PATH` is not even
    /// started to look.
    @Test
    void whatIsMissingIsSaidInOneLine() throws Exception {
        var copy = folder.resolve("copy");
        Files.createDirectories(copy.resolve("bin"));
        Files.createDirectories(copy.resolve("lib"));
        Files.copy(DISTRIBUTION.resolve("bin/podium"), copy.resolve("bin/podium"));
        var script = Files.readString(DISTRIBUTION.resolve(FIND_JAVA));
        assertTrue(script.contains("\njava_version=25\n"), script);
        Files.writeString(
                copy.resolve(FIND_JAVA),
                script.replace("\njava_version=25\n", "\njava_version=99\n"));
        var other = java("on-path", "17");
        var trace = folder.resolve("started");
        Files.writeString(other.resolve("bin/java"), "#!/bin/sh\ntouch " + trace + "\n");
        var ended = start(copy.resolve("bin/podium"), Map.of("PATH", path(other)));
        assertEquals(
                new Result(
                        1,
                        "",
                        "podium: missing: Java 99 (put a JDK or JRE under /usr/lib/jvm or ~/.jdks, or"
                                + " set JAVA_HOME)\n"),
                ended);
        assertFalse(Files.exists(trace));
    }
}
