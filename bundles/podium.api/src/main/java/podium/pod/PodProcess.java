package podium.pod;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A process in a pod, seen from the host. Thread-safe.
public interface PodProcess {

    int pid();

    List<String> arguments();

    boolean alive();

    /// Completes with the exit code when the process has ended and all its output is delivered:
    /// what it passed to exit, or 128 plus the number of the signal that ended it.
    CompletableFuture<Integer> exit();

    /// A line that says why, when the kernel ended it (a trap, memory exhausted); null otherwise.
    @Nullable String failure();

    /// Sends a signal, kill(2).
    ///
    /// @param signal 1 to 64
    void signal(int signal);

    /// Sends SIGTERM, and SIGKILL after the grace.
    ///
    /// @return the exit code
    /// @throws InterruptedException the caller was interrupted; SIGKILL is sent
    int kill(Duration grace) throws InterruptedException;
}
