package podium.pod;

import java.io.IOException;
import java.io.OutputStream;

/// A process that is held at a system call: nothing of it runs until this is closed.
///
/// ```java
/// try (var frozen = process.freeze(Duration.ofSeconds(10))) {
///     frozen.writeTo(file);
///     frozen.end();
/// }
/// ```
///
/// Thread-safe.
public interface FrozenProcess extends AutoCloseable {

    /// Writes its state, in a form that [Pod#thaw] makes a process of. May be done several times.
    ///
    /// @throws IOException from the stream
    void writeTo(OutputStream to) throws IOException;

    /// Ends the process, as SIGKILL does, and waits for that. Idempotent.
    ///
    /// @throws IllegalStateException this is closed, and the process goes on
    void end();

    /// The process goes on, unless it was ended. Idempotent.
    @Override
    void close();
}
