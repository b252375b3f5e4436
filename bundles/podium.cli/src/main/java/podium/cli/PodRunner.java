package podium.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.portal.PortalListener;

/// Carries out `podium run` and `podium node` in the container: one pod, one process, this JVM's
/// own input and output. When the container stops first, so does the process.
@Component(service = Function.class, property = Container.COMMAND + "=run")
public final class PodRunner implements Function<byte[], Integer> {

    private static final int SIGINT = 2;
    private static final int SIGKILL = 9;
    private static final int TIMED_OUT = 124;

    /// How long a guest may take to end after Ctrl-C.
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final PodManager pods;
    private final BundleContext context;
    private final PrintStream messages = System.err;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable PodProcess process;

    @Activate
    public PodRunner(@Reference PodManager pods, BundleContext context) {
        this.pods = pods;
        this.context = context;
    }

    @Override
    public Integer apply(byte[] bytes) {
        var request = RunRequest.of(bytes);
        try {
            return run(new Launch(request));
        } catch (PodException e) {
            complain(e, request);
            return e.status();
        } catch (CommandException e) {
            complain(e, request);
            return e.status();
        } catch (IOException | ExecutionException | RuntimeException e) {
            complain(e, request);
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 128 + SIGINT;
        } finally {
            ended.countDown();
        }
    }

    private void complain(Exception e, RunRequest request) {
        messages.println("podium: " + CommandException.message(e));
        if (request.verbose()) e.printStackTrace(messages);
    }

    private int run(Launch launch)
            throws PodException,
                    CommandException,
                    IOException,
                    ExecutionException,
                    InterruptedException {
        var listener = new PortalEvents(launch.request().name(), launch.request().json(), messages);
        var registration = context.registerService(PortalListener.class, listener, null);
        try (var trace = Trace.of(launch.request().trace(), messages);
                var pod = pods.create(launch.podSpec())) {
            launch.fill(pod);
            return execute(launch, pod, trace);
        } finally {
            registration.unregister();
        }
    }

    private int execute(Launch launch, Pod pod, Trace trace)
            throws PodException, ExecutionException, InterruptedException {
        // Not System.out: a print stream would buffer, and swallow errors.
        var output = new FileOutputStream(FileDescriptor.out);
        var error = new FileOutputStream(FileDescriptor.err);
        var started =
                pod.start(
                        launch.processSpec()
                                .withStreams(System.in, output, error)
                                .withStrace(trace.sink())
                                .withTerminal(launch.request().terminal()));
        process = started;
        int status = await(started, launch.request().timeout());
        var failure = started.failure();
        if (failure != null) messages.println("podium: " + failure);
        return status;
    }

    private int await(PodProcess started, double timeout)
            throws ExecutionException, InterruptedException {
        if (timeout == 0) return started.exit().get();
        try {
            return started.exit().get((long) (timeout * 1000), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            messages.println("podium: ended after " + timeout + " s");
            started.kill(Duration.ofSeconds(1));
            return TIMED_OUT;
        }
    }

    /// Ctrl-C, SIGTERM, or the bundle is stopped: the guest hears of it as it would on a terminal.
    @Deactivate
    void stop() throws InterruptedException {
        var running = process;
        if (running == null || !running.alive()) return;
        running.signal(SIGINT);
        if (ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) return;
        running.signal(SIGKILL);
        ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Where the lines of `--strace` go.
    private record Trace(@Nullable Appendable sink, @Nullable PrintStream file)
            implements AutoCloseable {

        static Trace of(@Nullable String where, PrintStream messages) throws IOException {
            if (where == null) return new Trace(null, null);
            if (where.equals("-")) return new Trace(messages, null);
            var out = new BufferedOutputStream(Files.newOutputStream(Path.of(where)));
            var file = new PrintStream(out, false, StandardCharsets.UTF_8);
            return new Trace(file, file);
        }

        @Override
        public void close() {
            if (file != null) file.close();
        }
    }
}
