package podium.benchmark.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntSupplier;

/// Times kernels: each runs for some seconds to get warm, and then in rounds. Prints a line for
/// each: its name, the milliseconds that a run takes, and its result, which is the same on all
/// engines.
public final class Kernels {

    private static final long WARM = 4_000_000_000L;
    private static final long ROUND = 200_000_000L;

    private Kernels() {}

    /// @param arguments the rounds, and the modules' files
    public static void time(KernelEngine engine, String... arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        for (var argument : Arrays.asList(arguments).subList(1, arguments.length)) {
            var file = Path.of(argument);
            var name = file.getFileName().toString().replace(".wasm", "");
            var kernel = engine.load(name, Files.readAllBytes(file));
            int result = kernel.getAsInt();
            milliseconds(kernel, result, WARM);
            var times = new double[rounds];
            for (int i = 0; i < rounds; i++) times[i] = milliseconds(kernel, result, ROUND);
            Arrays.sort(times);
            System.out.println(name + " " + times[rounds / 2] + " " + result);
        }
    }

    /// How long a run takes, by running it for so long.
    private static double milliseconds(IntSupplier kernel, int result, long nanoseconds) {
        long from = System.nanoTime();
        long took;
        int runs = 0;
        do {
            if (kernel.getAsInt() != result)
                throw new IllegalStateException("another result than before");
            runs++;
            took = System.nanoTime() - from;
        } while (took < nanoseconds);
        return took / 1e6 / runs;
    }
}
