package podium.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.pod.ProcessSpec;
import podium.portal.PortalListener;

/// One program in a pod of its own, from its request to its exit code.
final class PodRun {

    private static final int SIGINT = 2;
    private static final int SIGKILL = 9;
    private static final int TIMED_OUT = 124;

    /// How long a guest may take to end when it is told to.
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final PodManager pods;
    private final BundleContext context;
    private final RunRequest request;
    private final Streams streams;
    private final PrintStream messages;
    private final CountDownLatch ended = new CountDownLatch(1);

    /// Guarded by this.
    private @Nullable PodProcess process;

    /// To be sent when there is a process. Guarded by this.
    private int pending;

    PodRun(PodManager pods, BundleContext context, RunRequest request, Streams streams) {
        this.pods = pods;
        this.context = context;
        this.request = request;
        this.streams = streams;
        this.messages = streams.messages();
    }

    /// Runs it to its end. What goes wrong is one line on the messages' stream.
    ///
    /// @return the exit code
    int execute() {
        try {
            return run(new Launch(request));
        } catch (PodException e) {
            complain(e);
            return e.status();
        } catch (CommandException e) {
            complain(e);
            return e.status();
        } catch (IOException | ExecutionException | RuntimeException e) {
            complain(e);
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 128 + SIGINT;
        } finally {
            ended.countDown();
        }
    }

    private void complain(Exception e) {
        messages.println("podium: " + CommandException.message(e));
        if (request.verbose()) e.printStackTrace(messages);
    }

    private int run(Launch launch)
            throws PodException,
                    CommandException,
                    IOException,
                    ExecutionException,
                    InterruptedException {
        var listener = new PortalEvents(request.name(), request.json(), messages);
        var registration = context.registerService(PortalListener.class, listener, null);
        try (var trace = Trace.of(request.trace(), messages);
                var input = input();
                var pod = pods.create(launch.podSpec())) {
            launch.fill(pod);
            return execute(launch, pod, input, trace);
        } finally {
            registration.unregister();
        }
    }

    private InputStream input() throws IOException {
        if (request.input() != null) return Files.newInputStream(Path.of(request.input()));
        return new FilterInputStream(streams.input()) {
            @Override
            public void close() {} // it is not this run's own
        };
    }

    private int execute(Launch launch, Pod pod, InputStream input, Trace trace)
            throws PodException, IOException, ExecutionException, InterruptedException {
        var started =
                start(
                        pod,
                        launch.processSpec()
                                .withStreams(input, streams.output(), streams.error())
                                .withStrace(trace.sink())
                                .withTerminal(request.terminal()));
        started(started);
        int status = await(started, request.timeout());
        var failure = started.failure();
        if (failure != null) messages.println("podium: " + failure);
        return status;
    }

    private PodProcess start(Pod pod, ProcessSpec spec) throws PodException, IOException {
        var thaw = request.thaw();
        if (thaw == null) return pod.start(spec);
        try (var file = new BufferedInputStream(Files.newInputStream(Path.of(thaw)))) {
            return pod.thaw(file, spec);
        } catch (FileSystemException e) {
            throw e; // which names it
        } catch (IOException e) {
            var reason = e instanceof EOFException ? "it ends early" : e.getMessage();
            throw new IOException("'" + thaw + "': " + reason, e);
        }
    }

    private synchronized void started(PodProcess started) {
        process = started;
        if (pending != 0) started.signal(pending);
    }

    /// Sends a signal to the program, be it only about to start.
    synchronized void signal(int signal) {
        if (process == null) pending = signal;
        else process.signal(signal);
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

    /// Ends it with a signal, by force if it does not hear.
    void stop(int signal) throws InterruptedException {
        signal(signal);
        if (ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) return;
        signal(SIGKILL);
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
