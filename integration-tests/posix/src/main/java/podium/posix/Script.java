package podium.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import podium.cli.Trees;
import podium.pod.PodException;

/// A script of the suite, run by this machine's shell while its calls are made elsewhere.
///
/// @param name group and number, such as `rename/09`
record Script(String name, Path suite, Path support) {

    private static final int MINUTES = 15;

    private static final Pattern LINE = Pattern.compile("(not )?ok (\\d+)(?: - )?(.*)");

    String group() {
        return name.substring(0, name.indexOf('/'));
    }

    /// Runs it.
    ///
    /// @param user who makes the calls; negative for the superuser
    /// @return what came of each expectation, by number: nothing where it was met, else how it was
    ///     not
    /// @throws IOException the script cannot be run, or does not end
    TreeMap<Integer, String> run(Machine machine, int user)
            throws IOException, PodException, InterruptedException {
        var folder = Files.createTempDirectory("podium-script");
        try {
            lay(folder);
            var root = machine.root(name.replace('/', '-'));
            var prefix = user < 0 ? List.<String>of() : List.of("-p", Integer.toString(user));
            try (var calls = new Calls(machine, prefix, root, folder)) {
                return outcomes(output(calls, folder));
            } finally {
                machine.remove(root);
            }
        } finally {
            Trees.remove(folder);
        }
    }

    /// Puts the script where it finds our side of the suite around it.
    private void lay(Path folder) throws IOException, InterruptedException {
        var tests = Files.createDirectory(folder.resolve("tests"));
        for (var file : List.of("misc.sh", "conf"))
            Files.createSymbolicLink(tests.resolve(file), support.resolve(file));
        Files.createSymbolicLink(folder.resolve("pjdfstest"), support.resolve("pjdfstest"));
        var script = tests.resolve(name + ".t");
        Files.createDirectory(script.getParent());
        Files.createSymbolicLink(script, suite.resolve(name + ".t"));
        Files.createDirectory(folder.resolve("empty"));
        var fifos =
                List.of(
                        "mkfifo",
                        folder.resolve("calls").toString(),
                        folder.resolve("answers").toString());
        if (new ProcessBuilder(fifos).inheritIO().start().waitFor() != 0)
            throw new IOException("mkfifo failed in " + folder);
    }

    private String output(Calls calls, Path folder) throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder("sh", folder.resolve("tests/" + name + ".t").toString())
                        .directory(folder.resolve("empty").toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PODIUM_SUITE", suite.toString());
        builder.environment().put("PODIUM_CALLS", folder.resolve("calls").toString());
        builder.environment().put("PODIUM_ANSWERS", folder.resolve("answers").toString());
        // Reading a FIFO would hold the carrier of a virtual thread.
        try (var threads = Executors.newCachedThreadPool()) {
            var served =
                    threads.submit(
                            () -> {
                                calls.serve();
                                return true;
                            });
            try {
                return output(builder.start(), served);
            } finally {
                calls.end();
                served.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(
                    "%s: a call could not be made: %s".formatted(name, e.getCause()), e);
        }
    }

    private String output(Process shell, Future<Boolean> served)
            throws IOException, InterruptedException {
        try (var threads = Executors.newCachedThreadPool()) {
            var output =
                    threads.submit(
                            () ->
                                    new String(
                                            shell.getInputStream().readAllBytes(),
                                            StandardCharsets.UTF_8));
            for (int i = 0; i < MINUTES * 60; i++)
                if (served.isDone() || shell.waitFor(1, TimeUnit.SECONDS)) break;
            if (shell.isAlive()) {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
                if (!served.isDone()) throw new IOException(name + " does not end");
            }
            return output.get();
        } catch (ExecutionException e) {
            throw new IOException("%s: no output: %s".formatted(name, e.getCause()), e);
        }
    }

    /// What lines in the manner of TAP say of each number.
    static TreeMap<Integer, String> outcomes(String output) {
        var outcomes = new TreeMap<Integer, String>();
        for (var line : output.lines().toList()) {
            var matcher = LINE.matcher(line);
            if (!matcher.matches() || matcher.group(3).contains("# TODO")) continue;
            boolean met = matcher.group(1) == null;
            var reason = matcher.group(3).isBlank() ? "not met" : matcher.group(3);
            outcomes.put(Integer.valueOf(matcher.group(2)), met ? "" : reason);
        }
        return outcomes;
    }

    /// The scripts of a checkout of the suite.
    static List<Script> all(Path checkout, Path support) throws IOException {
        var suite = checkout.resolve("tests").toAbsolutePath().normalize();
        var scripts = new ArrayList<Script>();
        try (var files = Files.walk(suite, 2)) {
            for (var file : files.sorted().toList()) {
                var name = suite.relativize(file).toString();
                if (name.matches("[^/]+/[^/]+\\.t"))
                    scripts.add(new Script(name.replaceFirst("\\.t$", ""), suite, support));
            }
        }
        return scripts;
    }
}
