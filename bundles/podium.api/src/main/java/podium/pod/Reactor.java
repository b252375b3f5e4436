package podium.pod;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import podium.engine.Instance;

/// A module that is no program of its own but has functions for the host to call (a reactor, in the
/// words of WASI), in a process of a pod: what its functions ask of the system, the pod answers.
///
/// ```java
/// var sum = reactor.call(instance -> instance.function("add").call(1, 2));
/// ```
///
/// Thread-safe: calls are made one after the other.
public interface Reactor extends AutoCloseable {

    /// The process it is in: its limits, its end.
    PodProcess process();

    /// Does something with the instance, on the thread that may use it, and waits for that.
    ///
    /// @param action may call exported functions and use the memory; not to keep the instance
    /// @return what the action returned
    /// @throws PodException the process has ended
    /// @throws InterruptedException the caller was interrupted; the action goes on
    /// @throws IllegalStateException it is called from within an action, which would wait for
    ///     itself
    /// @throws RuntimeException what the action threw; a [podium.engine.Trap] has ended the process
    <T extends @Nullable Object> T call(Function<Instance, T> action)
            throws PodException, InterruptedException;

    /// Ends the process, after the call in progress, and waits for that unless the caller is
    /// interrupted or is that call. Idempotent.
    @Override
    void close();
}
