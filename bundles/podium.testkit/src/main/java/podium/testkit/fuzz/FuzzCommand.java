package podium.testkit.fuzz;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;

/// `fuzz [SECONDS] [--seed N] [--folder DIR] [--run] [MODULE...]`: exit status 0 if engines did as
/// they should, 1 if not, 2 if the arguments make no sense.
public final class FuzzCommand {

    private static final String USAGE =
            """
            usage: ./podium fuzz [SECONDS] [--seed N] [--run] [MODULE...]
              SECONDS   how long, 60 if not said
              --seed N  the first case; the same number makes the same module
              MODULE    modules to break, beside random ones; with --run they are run as they are""";

    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final int MOST_DEFECTS = 20;
    private static final long STACK = 256L << 20;
    private static final long PROGRESS_NS = 5_000_000_000L;

    private final List<Engine> engines;
    private final PrintStream out;
    private long seconds = 60;
    private long seed = System.nanoTime() & 0xffff_ffffL;
    private boolean asTheyAre;
    private Path folder = Path.of("");
    private final List<Path> files = new ArrayList<>();
    private int defects;

    /// When the case began that runs, in nanoseconds; 0 when none does.
    private final AtomicLong began = new AtomicLong();

    private volatile String running = "";

    private FuzzCommand(List<Engine> engines, PrintStream out) {
        this.engines = engines;
        this.out = out;
    }

    /// Runs the command.
    ///
    /// @return the exit status
    public static int run(List<Engine> engines, String[] arguments, PrintStream out)
            throws InterruptedException {
        var command = new FuzzCommand(engines, out);
        try {
            command.parse(arguments);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            out.println(USAGE);
            return 2;
        }
        for (var file : command.files)
            if (!Files.isReadable(file)) {
                out.println("fuzz: cannot read " + file);
                return 2;
            }
        return command.run();
    }

    private void parse(String[] arguments) {
        for (int i = 0; i < arguments.length; i++)
            switch (arguments[i]) {
                case "--seed" -> seed = Long.parseLong(arguments[++i]);
                case "--folder" -> folder = Path.of(arguments[++i]);
                case "--run" -> asTheyAre = true;
                default -> {
                    if (arguments[i].startsWith("-")) throw new NumberFormatException();
                    if (i == 0 && arguments[i].matches("\\d+"))
                        seconds = Long.parseLong(arguments[i]);
                    else files.add(Path.of(arguments[i]));
                }
            }
    }

    /// On a thread with a large stack, as guests' threads are, and watched by another.
    private int run() throws InterruptedException {
        var failure = new ArrayList<Throwable>();
        var thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                cases();
                            } catch (IOException | RuntimeException | Error e) {
                                failure.add(e);
                            }
                        },
                        "fuzz",
                        STACK);
        thread.start();
        while (!thread.join(Duration.ofSeconds(1))) {
            long start = began.get();
            if (start != 0 && System.nanoTime() - start > LONGEST.toNanos()) return hangs(thread);
        }
        for (var each : failure) each.printStackTrace(out);
        return defects > 0 || !failure.isEmpty() ? 1 : 0;
    }

    private int hangs(Thread thread) {
        out.println(running + " hangs; its module is " + folder.resolve("current.wasm"));
        for (var frame : thread.getStackTrace()) out.println("    at " + frame);
        return 1;
    }

    private void cases() throws IOException {
        var samples = new ArrayList<byte[]>();
        for (var file : files) samples.add(Files.readAllBytes(file));
        Files.createDirectories(folder);
        var fuzzer = new Fuzzer(engines, folder, samples);
        if (asTheyAre) {
            for (int i = 0; i < samples.size(); i++) {
                var module = samples.get(i);
                attempt(files.get(i).toString(), null, () -> fuzzer.run(module, seed, true));
            }
        } else {
            random(fuzzer);
        }
        report(fuzzer);
    }

    private void random(Fuzzer fuzzer) {
        var names = engines.stream().map(Engine::name).collect(Collectors.joining(" and "));
        out.printf("fuzzing %s for %d s, --seed %d%n", names, seconds, seed);
        long start = System.nanoTime();
        long told = start;
        for (long number = seed; defects < MOST_DEFECTS; number++) {
            long each = number;
            attempt("case " + each, each, () -> fuzzer.run(each));
            long now = System.nanoTime();
            if (now - start > seconds * 1_000_000_000L) break;
            if (now - told < PROGRESS_NS) continue;
            told = now;
            out.printf("%6d s  ", (now - start) / 1_000_000_000L);
            report(fuzzer);
        }
    }

    private void report(Fuzzer fuzzer) {
        out.printf(
                "%d modules did the same everywhere, %d were refused everywhere, %d defects%n",
                fuzzer.compared(), fuzzer.refused(), defects);
    }

    private void attempt(String name, @Nullable Long number, Runnable run) {
        running = name;
        began.set(System.nanoTime());
        try {
            run.run();
        } catch (Defect defect) {
            defects++;
            out.println(name + ": " + defect.getMessage());
            if (number != null)
                out.printf(
                        "    module: %s; again: ./podium fuzz 1 --seed %d%n",
                        folder.resolve(number + ".wasm"), number);
            var cause = defect.getCause();
            if (cause != null)
                for (var frame : cause.getStackTrace()) out.println("    at " + frame);
        } finally {
            began.set(0);
        }
    }
}
