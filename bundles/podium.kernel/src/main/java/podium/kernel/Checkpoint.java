package podium.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import podium.kernel.frozen.ProcessState;
import podium.kernel.gate.Caller;
import podium.kernel.gate.Unwind;
import podium.pod.FrozenProcess;
import podium.pod.PodException;
import podium.syscall.Pollable;
import podium.syscall.WaitQueue;

/// The wish to freeze a process, and what comes of it: the process's task hands its state over and
/// waits for what is to become of it. Whatever goes wrong, it goes on.
///
/// Thread-safe.
final class Checkpoint implements FrozenProcess {

    private final GuestProcess process;
    private final CompletableFuture<ProcessState> taken = new CompletableFuture<>();

    /// Completes with whether the process ends.
    private final CompletableFuture<Boolean> decided = new CompletableFuture<>();

    private final WaitQueue watchers = new WaitQueue();

    private Checkpoint(GuestProcess process) {
        this.process = process;
    }

    /// See [podium.pod.PodProcess#freeze].
    static Checkpoint take(GuestProcess process, Duration patience)
            throws PodException, InterruptedException {
        var wish = new Checkpoint(process);
        if (!process.wish(wish)) throw refused(process, "it is being frozen already");
        boolean taken = false;
        try {
            wish.ask();
            wish.await(patience);
            taken = true;
            return wish;
        } finally {
            if (!taken) wish.close();
        }
    }

    private void ask() {
        if (process.exit().isDone()) refuse("it has ended");
        if (Rest.knows(process)) {
            process.tellFreezing();
            return;
        }
        for (var task : process.tasks()) {
            task.alert(Caller.FREEZING);
            task.wake();
        }
    }

    private void await(Duration patience) throws PodException, InterruptedException {
        try {
            taken.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            var late =
                    "it %s for %.1f s"
                            .formatted(
                                    Rest.knows(process)
                                            ? "did not come to rest"
                                            : "made no system call",
                                    patience.toMillis() / 1000.0);
            // Unless the task was faster, after all.
            if (taken.completeExceptionally(new PodException(late))) throw refused(process, late);
        } catch (ExecutionException e) {
            throw refused(process, reason(e));
        }
    }

    private static String reason(ExecutionException e) {
        var cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }

    private static PodException refused(GuestProcess process, String reason) {
        return new PodException(process.name() + " cannot be frozen: " + reason);
    }

    /// It cannot be frozen; without effect when it was.
    void refuse(String reason) {
        taken.completeExceptionally(new PodException(reason));
    }

    /// Gives the state of the process, whose frames are down, and waits for what is to become of
    /// it.
    ///
    /// @throws Unwind it ends
    void hand(GuestTask task, ProcessState state) {
        if (!give(state)) return;
        while (!decided.isDone() && !task.attention(Caller.KILLED)) LockSupport.park(this);
        settle(task);
    }

    /// Whether the state is still waited for.
    boolean open() {
        return !taken.isDone();
    }

    /// @return whether the state is taken, and it is to be waited for what becomes of the process
    boolean give(ProcessState state) {
        return taken.complete(state);
    }

    /// `IN`-ready when that is decided.
    Pollable decision() {
        return watchers.pollable(() -> decided.isDone() ? Pollable.IN : 0);
    }

    /// Does what was decided.
    ///
    /// @throws Unwind it ends
    void settle(GuestTask task) {
        if (task.attention(Caller.KILLED)) throw Unwind.EXIT;
        if (!decided.join()) return;
        process.tasks().fail(Signals.SIGKILL, process.name() + " was frozen");
        throw Unwind.EXIT;
    }

    @Override
    public void writeTo(OutputStream to) throws IOException {
        taken.join().writeTo(to);
        to.flush();
    }

    @Override
    public void end() {
        decide(true);
        if (!decided.join()) throw new IllegalStateException(process.name() + " goes on already");
        process.exit().join();
    }

    @Override
    public void close() {
        decide(false);
    }

    private void decide(boolean ends) {
        process.endWish(this);
        if (!decided.complete(ends)) return;
        watchers.wake(Pollable.IN);
        for (var task : process.tasks()) task.wake();
    }
}
