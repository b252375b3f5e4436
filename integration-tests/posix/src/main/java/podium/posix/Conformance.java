package podium.posix;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import podium.buildtool.Assembly;
import podium.cli.Trees;
import podium.engine.jvm.JvmEngine;
import podium.pod.PodException;

/// Runs the scripts of the pjdfstest suite as they stand, on this machine's Linux and on file
/// systems of pods, by the same user, and tells what Linux does and a pod does not: `conformance
/// posix DIR`. Exit status 0 if there is nothing of that kind, 1 if there is, 2 if it could not
/// run.
public final class Conformance {

    private final Options options;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Board board;
    private final AtomicInteger done = new AtomicInteger();

    private Conformance(Options options) {
        this.options = options;
        board = new Board(options.backends);
    }

    public static void main(String[] arguments) throws InterruptedException {
        var options = new Options();
        var line = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true);
        try {
            if (CommandLine.printHelpIfRequested(line.parseArgs(arguments))) return;
            System.exit(new Conformance(options).run() ? 0 : 1);
        } catch (ParameterException | IOException | PodException e) {
            System.err.println("conformance posix: " + e.getMessage());
        }
        System.exit(2);
    }

    private boolean run() throws IOException, PodException, InterruptedException {
        var suite = options.suite.toAbsolutePath();
        if (!Files.isRegularFile(suite.resolve("tests/misc.sh")))
            throw new IOException(
                    suite + " is no checkout of pjdfstest: there is no tests/misc.sh");
        var scripts = Script.all(suite, options.support).stream().filter(options::wants).toList();
        if (scripts.isEmpty()) throw new IOException("no such scripts");
        run(scripts);
        board.print(out);
        if (options.json != null) Files.writeString(options.json, board.json() + "\n");
        return board.allMet();
    }

    private void run(List<Script> scripts) throws IOException, InterruptedException {
        var queue = new ConcurrentLinkedQueue<>(scripts);
        try (var system = new Assembly(new JvmEngine(), Backend.types());
                var threads = Executors.newFixedThreadPool(options.jobs)) {
            var workers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < options.jobs; i++) {
                int number = i;
                workers.add(threads.submit(() -> work(system, number, queue, scripts.size())));
            }
            for (var worker : workers) worker.get();
        } catch (ExecutionException e) {
            throw new IOException("a script could not be run: " + e.getCause(), e);
        } finally {
            ObjectServer.stop();
        }
    }

    private int work(Assembly system, int number, ConcurrentLinkedQueue<Script> queue, int total)
            throws IOException, PodException, InterruptedException {
        var folder = Files.createTempDirectory(options.on, "podium-posix");
        var machines = new EnumMap<Backend, Machine>(Backend.class);
        int count = 0;
        try (var linux = new HostMachine(options.nativeCalls, options.on)) {
            for (var backend : options.backends)
                machines.put(backend, pod(system, number, backend, folder));
            for (var script = queue.poll(); script != null; script = queue.poll(), count++) {
                run(script, linux, machines, total);
            }
        } catch (IOException | PodException | RuntimeException e) {
            queue.clear();
            throw e;
        } finally {
            for (var machine : machines.values()) machine.close();
            Trees.remove(folder);
        }
        return count;
    }

    private Machine pod(Assembly system, int number, Backend backend, Path folder)
            throws IOException, PodException {
        return new PodMachine(
                system.kernel(),
                backend + "-" + number,
                Files.readAllBytes(options.guestCalls),
                backend.mount(folder, options.user));
    }

    private void run(Script script, Machine linux, Map<Backend, Machine> machines, int total)
            throws IOException, PodException, InterruptedException {
        var expected = script.run(linux, options.user);
        var pods = new EnumMap<Backend, TreeMap<Integer, String>>(Backend.class);
        for (var machine : machines.entrySet())
            pods.put(machine.getKey(), script.run(machine.getValue(), options.user));
        synchronized (board) {
            board.add(script, expected, pods);
            int now = done.incrementAndGet();
            if (System.console() != null)
                out.printf("\r\033[K%d of %d, %s", now, total, script.name());
            else if (now * 20 / total != (now - 1) * 20 / total)
                out.printf("%d of %d%n", now, total);
            if (System.console() != null && now == total) out.print("\r\033[K");
        }
    }
}
