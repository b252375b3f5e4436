package podium.benchmark.call;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import podium.buildtool.Assembly;
import podium.pod.Pod;
import podium.pod.PodException;

/// System calls of a guest, in nanoseconds: a loop in C (`src/main/c/calls.c`) on its own thread,
/// from the guest's code through the kernel and back.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH does it, by way of the method with @Setup
public class SystemCalls {

    /// So many that the way from thread to thread does not count.
    private static final int CALLS = 500_000;

    private static final String PROGRAM = "/calls";

    /// The loop's name in `calls.c`.
    @Param({"getpid", "clock_gettime", "pipe", "file_read", "file_write", "epoll_wait", "family"})
    String call;

    private Assembly assembly;
    private Pod pod;
    private GuestLoop loop;

    @Setup
    public void start() throws IOException, PodException, InterruptedException {
        var module = Files.readAllBytes(Path.of(System.getProperty("podium.benchmark.calls")));
        loop = new GuestLoop();
        assembly = new Assembly();
        assembly.kernel().add(loop, 0, 1000);
        pod = assembly.kernel().create(Assembly.spec("calls"));
        Assembly.put(pod, PROGRAM, module, 0755);
        loop.start(pod, PROGRAM, call, "/tmp");
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void time() throws InterruptedException {
        loop.run(CALLS);
    }

    @TearDown
    public void end() throws InterruptedException {
        loop.end();
        assembly.close();
    }
}
