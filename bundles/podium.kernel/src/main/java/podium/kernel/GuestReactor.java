package podium.kernel;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import podium.engine.Instance;
import podium.engine.Trap;
import podium.kernel.gate.Unwind;
import podium.pod.PodException;
import podium.pod.PodProcess;
import podium.pod.Reactor;

/// A program whose first task, once initialised, does what the host asks for.
///
/// Thread-safe.
final class GuestReactor implements Reactor, GuestTask.Returned {

    /// The export that makes it ready, where it has one.
    static final String ENTRY = "_initialize";

    private final ConcurrentLinkedQueue<Call<?>> calls = new ConcurrentLinkedQueue<>();
    private volatile @Nullable PodProcess process;
    private volatile @Nullable GuestTask task;
    private volatile boolean closed;

    /// The thread that carries out the calls.
    private volatile @Nullable Thread caller;

    /// What the host asked for, and what came of it.
    private record Call<T>(Function<Instance, T> action, CompletableFuture<T> result) {

        /// @throws RuntimeException what ends the program
        void run(Instance instance) {
            try {
                result.complete(action.apply(instance));
            } catch (Trap | Unwind end) {
                result.completeExceptionally(end);
                throw end;
            } catch (RuntimeException failure) {
                result.completeExceptionally(failure);
            } catch (Error failure) {
                result.completeExceptionally(failure);
                throw failure;
            }
        }
    }

    void runs(PodProcess started) {
        process = started;
        started.exit().whenComplete((_, _) -> giveUp());
    }

    /// Whoever still waits for a call waits in vain.
    private void giveUp() {
        closed = true;
        for (Call<?> call; (call = calls.poll()) != null; )
            call.result.completeExceptionally(Unwind.EXIT);
    }

    @Override
    public PodProcess process() {
        return Objects.requireNonNull(process);
    }

    @Override
    public <T> T call(Function<Instance, T> action) throws PodException, InterruptedException {
        if (Thread.currentThread() == caller)
            throw new IllegalStateException(
                    "a call from within a call of the same reactor: use the instance at hand");
        var call = new Call<T>(action, new CompletableFuture<>());
        calls.add(call);
        if (closed) giveUp();
        wake();
        try {
            return call.result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Unwind) throw ended();
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            throw new PodException(String.valueOf(e.getMessage()), 1, e);
        }
    }

    private PodException ended() {
        var reason = process().failure();
        return new PodException(reason != null ? reason : "the program has ended");
    }

    private void wake() {
        var serving = task;
        if (serving != null) serving.wake();
    }

    /// The task's part, on its own thread, until the reactor is closed or the program ends.
    @Override
    public void with(GuestTask serving, @Nullable Object result) {
        task = serving;
        caller = Thread.currentThread();
        while (!closed) {
            var call = calls.poll();
            if (call != null) call.run(serving.instance());
            else LockSupport.park(this);
            serving.attendIdle();
        }
        giveUp();
    }

    @Override
    public void close() {
        closed = true;
        wake();
        if (Thread.currentThread() == caller) return; // it ends after the call it is in
        try {
            process().exit().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an exit code that failed", e);
        }
    }
}
