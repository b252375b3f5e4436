package podium.buildtool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import podium.engine.ModuleException;
import podium.pod.Limits;
import podium.pod.PodException;

/// Measures what counting fuel costs: `measure-fuel [--rounds N] [--root FOLDER] IN.wasm
/// [SCRIPT...]`.
///
/// The program runs in turn in a pod whose fuel is limited and in one whose is not, in one JVM, and
/// the CPU time of its threads is compared: that says something on a busy machine, too. HotSpot
/// still compiles in the first rounds; the last line is about the second half.
public final class MeasureFuel {

    private static final CommandLine.Form FORM =
            new CommandLine.Form(
                    "measure-fuel",
                    "[--rounds N] [--root FOLDER] IN.wasm [SCRIPT...]",
                    Set.of("--root", "--rounds"),
                    1,
                    true);

    private MeasureFuel() {}

    public static void main(String[] arguments) throws InterruptedException {
        CommandLine.run(FORM, arguments, MeasureFuel::run);
    }

    private static void run(CommandLine line)
            throws IOException, ModuleException, PodException, InterruptedException {
        var option = line.option("--rounds");
        int rounds = option == null ? 20 : Integer.parseInt(option);
        var root = line.path("--root");
        var limits = Limits.DEFAULT.withFuel(Limits.NO_FUEL_LIMIT - 1);
        var plain = new ArrayList<Long>();
        var metered = new ArrayList<Long>();
        try (var assembly = new Assembly();
                var without = new Program(assembly, root, line.file(0));
                var with = new Program(assembly, root, line.file(0), limits)) {
            for (int round = 0; round < rounds; round++) {
                plain.add(run(without, line.rest()));
                metered.add(run(with, line.rest()));
                print("round " + (round + 1), plain.getLast(), metered.getLast());
            }
        }
        print(
                "median of the last " + (rounds + 1) / 2,
                median(plain.subList(rounds / 2, rounds)),
                median(metered.subList(rounds / 2, rounds)));
    }

    private static void print(String what, long plain, long metered) {
        System.err.printf(
                "%s: without %.1f ms, with %.1f ms, ratio %.3f%n",
                what, plain / 1e6, metered / 1e6, (double) metered / plain);
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    /// @return nanoseconds of CPU time
    private static long run(Program program, List<String> scripts)
            throws IOException, PodException, InterruptedException {
        var paths = new ArrayList<String>();
        for (var script : scripts) {
            var path = "/tmp/" + Path.of(script).getFileName();
            Assembly.put(program.pod(), path, Files.readAllBytes(Path.of(script)), 0644);
            paths.add(path);
        }
        long before = program.pod().usage().cpuTime();
        try {
            int status = program.pod().start(program.command(paths)).exit().get();
            if (status != 0) throw new IOException("the program ended with status " + status);
        } catch (ExecutionException e) {
            throw new IOException("the program was lost: " + e.getMessage(), e);
        }
        return program.pod().usage().cpuTime() - before;
    }
}
