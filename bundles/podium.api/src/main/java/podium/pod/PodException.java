package podium.pod;

import org.jspecify.annotations.Nullable;

/// A pod or process that cannot be made. The message is one line for people: what was wrong and
/// what to do.
public final class PodException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    public PodException(String message) {
        this(message, 1, null);
    }

    /// @param status the exit code a shell would give: 126 for what cannot be executed, 127 for
    ///     what is not there, else 1
    public PodException(String message, int status, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /// The exit code a shell would give.
    public int status() {
        return status;
    }
}
