package podium.buildtool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import podium.engine.ModuleException;

/// Fails if there is a method HotSpot does not compile in a module compiled ahead:
/// `check-methods [--tier N] IN.wasm PREPARED`.
///
/// Such a method is interpreted for good, a hundred times slower, and nothing else tells of it.
/// Tier
/// 3, the default, is C1 as it asks most of it; 4 is C2, which takes twelve times as long.
public final class CheckMethods {

    /// Smaller methods are never refused.
    private static final int LEAST = 3_000;

    /// What the last line of [CompileMethods] says behind the number.
    static final String CALLED = " methods called";

    private static final CommandLine.Form FORM =
            new CommandLine.Form(
                    "check-methods",
                    "[--tier N] [--learn PROFILE] IN.wasm PREPARED",
                    Set.of("--tier", "--learn"),
                    2,
                    false);

    /// A method in what `-XX:+PrintCompilation` says, without the number of a part.
    private static final Pattern METHOD = Pattern.compile("wasm\\.\\w+::([^ ~]+)");

    private CheckMethods() {}

    public static void main(String[] arguments) throws InterruptedException {
        CommandLine.run(FORM, arguments, CheckMethods::run);
    }

    private static void run(CommandLine line)
            throws IOException, ModuleException, InterruptedException {
        var options = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        check(line, options);
        // Where memory is accessed in another way, the compilers have other work.
        if (options.removeIf(option -> option.startsWith("--add-exports"))) check(line, options);
    }

    private static void check(CommandLine line, List<String> options)
            throws IOException, ModuleException, InterruptedException {
        var tier = line.option("--tier");
        var lines = compile(line, options, tier == null ? "3" : tier);
        var skipped = lines.stream().filter(l -> l.contains("COMPILE SKIPPED")).toList();
        if (!skipped.isEmpty()) {
            var profile = line.path("--learn");
            if (profile != null) learn(skipped, profile);
            throw new IOException(
                    "HotSpot compiles not all methods of "
                            + line.file(0)
                            + ":\n"
                            + String.join("\n", skipped));
        }
        long compiled = lines.stream().filter(l -> l.contains(" wasm.")).count();
        int called = called(lines);
        if (compiled < called)
            throw new IOException(compiled + " methods compiled, of " + called + " called");
        System.out.printf("%d methods compiled, none refused%n", compiled);
    }

    /// Notes what was refused in a profile, so that it is made smaller the next time.
    private static void learn(List<String> skipped, Path file) throws IOException, ModuleException {
        var profile = ProfileFile.read(file);
        for (var line : skipped) {
            var method = METHOD.matcher(line);
            if (method.find()) profile.refuse(method.group(1));
        }
        ProfileFile.write(file, profile);
    }

    private static int called(List<String> lines) throws IOException {
        for (var line : lines) {
            if (line.startsWith("does not end")) throw new IOException(line);
            if (line.endsWith(CALLED))
                return Integer.parseInt(line.substring(0, line.length() - CALLED.length()));
        }
        throw new IOException("the JVM that compiles ended early: " + String.join("\n", lines));
    }

    private static List<String> compile(CommandLine line, List<String> options, String tier)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xcomp",
                        "-XX:-BackgroundCompilation",
                        "-XX:TieredStopAtLevel=" + tier,
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=compileonly,wasm.*::*",
                        "-XX:+PrintCompilation",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CompileMethods.class.getName(),
                        line.file(0).toString(),
                        line.file(1).toString(),
                        "" + LEAST));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var lines = new ArrayList<String>();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (var l = out.readLine(); l != null; l = out.readLine()) lines.add(l);
        }
        process.waitFor();
        return lines;
    }
}
