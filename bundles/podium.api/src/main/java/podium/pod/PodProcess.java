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

    /// Holds the process at its next system call, so that its state can be written: memory, frames,
    /// and what the kernel has of it. A process that is made of that state ([Pod#thaw]) makes a
    /// call anew that was waiting, with the time it had left.
    ///
    /// Only a program that was made for it can be frozen: by the pass `asyncify` of Binaryen
    /// (`wasm-opt --asyncify`). And only a process that is alone: it has one thread and no
    /// children, its descriptors are the host's streams and files of the pod that still have a
    /// name, without locks on them, and it has no timer. Files are not part of the state. What was
    /// taken from its input and not read yet is; but where it waits for input, the host's stream
    /// is being read, and what that gives later goes to this process alone.
    ///
    /// @param patience how long to wait for a system call
    /// @return to be closed; the process waits until then
    /// @throws PodException it cannot be frozen, and goes on; one line for people
    /// @throws InterruptedException the caller was interrupted; it goes on
    FrozenProcess freeze(Duration patience) throws PodException, InterruptedException;

    /// Sends SIGTERM, and SIGKILL after the grace.
    ///
    /// @return the exit code
    /// @throws InterruptedException the caller was interrupted; SIGKILL is sent
    int kill(Duration grace) throws InterruptedException;
}
