package podium.kernel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import podium.pod.FrozenProcess;
import podium.pod.PodException;
import podium.pod.PodProcess;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.SignalInfo;

/// A process seen from the host.
record ProcessView(GuestProcess process) implements PodProcess {

    @Override
    public int pid() {
        return process.pid();
    }

    @Override
    public List<String> arguments() {
        return process.arguments();
    }

    @Override
    public boolean alive() {
        return !process.exit().isDone();
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return process.exit().copy();
    }

    @Override
    public @Nullable String failure() {
        return process.tasks().failure();
    }

    @Override
    public void signal(int signal) {
        if (signal < 1 || signal > Signals.LAST)
            throw new IllegalArgumentException("there is no signal " + signal);
        if (!alive()) return;
        try {
            process.send(new SignalInfo(signal, 0, 0, 0, 0));
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ESRCH) throw e;
        }
    }

    @Override
    public FrozenProcess freeze(Duration patience) throws PodException, InterruptedException {
        return Checkpoint.take(process, patience);
    }

    @Override
    public int kill(Duration grace) throws InterruptedException {
        try {
            signal(Signals.SIGTERM);
            try {
                return process.exit().get(grace.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                signal(Signals.SIGKILL);
                return process.exit().get();
            }
        } catch (InterruptedException e) {
            signal(Signals.SIGKILL);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an exit code that failed", e);
        }
    }
}
