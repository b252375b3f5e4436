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

    /// Holds the process, so that its state can be written: memory, and what the kernel has of it.
    /// Files are not part of that. [Pod#thaw] makes a process of it. There are two kinds of
    /// programs that it can be done to, and neither may have other threads, children, timers of the
    /// kernel's, or files that are locked or have no name any more:
    ///
    /// - One that comes to rest: Node between two turns of its event loop, and whatever calls
    ///   `podium.rest` (`podium/freeze.h`). What had another end is as if that was gone when the
    ///   process is thawed: connections are reset. Internet sockets are bound, and listen, again.
    /// - One made by the pass `asyncify` of Binaryen (`wasm-opt --asyncify`), at its next system
    ///   call. Frames go along, and a call that was waiting is made anew, with the time it had
    ///   left. The process must have no descriptors but the host's streams and files of the pod.
    ///
    /// Its monotonic clock goes on where it was. What was taken from its input and not read yet is;
    /// but where it waits for input, the host's stream
    /// is being read, and what that gives later goes to this process alone.
    ///
    /// @param patience how long to wait for that moment
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
