package podium.benchmark.call;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodProcess;
import podium.pod.ProcessSpec;
import podium.syscall.Export;
import podium.syscall.SyscallFamily;

/// A loop inside a guest that another thread has run. The guest asks how often, with the import
/// `benchmark.next`, and ends when that answers 0.
///
/// The methods that are no imports are called by one thread.
public final class GuestLoop implements SyscallFamily {

    private static final long PATIENCE = 60;

    private final SynchronousQueue<Integer> orders = new SynchronousQueue<>();
    private final Semaphore done = new Semaphore(0);
    private @Nullable PodProcess process;

    @Override
    public String module() {
        return "benchmark";
    }

    /// C: `int next(void)`. It waits on the guest's own thread, where no other call would.
    @Export
    public int next() throws InterruptedException {
        done.release();
        return orders.take();
    }

    /// C: `int nothing(int x)`: gives it back.
    @Export
    public int nothing(int x) {
        return x;
    }

    void start(Pod pod, String... arguments) throws PodException, InterruptedException {
        process =
                pod.start(
                        ProcessSpec.of(List.of(arguments))
                                .withStreams(System.in, System.out, System.err));
        await();
    }

    void run(int times) throws InterruptedException {
        if (!orders.offer(times, PATIENCE, TimeUnit.SECONDS)) throw lost();
        await();
    }

    void end() throws InterruptedException {
        if (!orders.offer(0, PATIENCE, TimeUnit.SECONDS)) throw lost();
    }

    private void await() throws InterruptedException {
        if (!done.tryAcquire(PATIENCE, TimeUnit.SECONDS)) throw lost();
    }

    private IllegalStateException lost() {
        var failure = process == null ? null : process.failure();
        return new IllegalStateException("the guest does not answer: " + failure);
    }
}
