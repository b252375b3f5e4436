package podium.vfs.migrate;

import org.jspecify.annotations.Nullable;
import podium.vfs.Node;

/// A tree cannot be copied. The message is for people, and ends where the path belongs.
public final class CopyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient @Nullable Node node;

    /// @param node of the source, whose path belongs behind the message; null for none
    public CopyException(String message, @Nullable Node node, @Nullable Throwable cause) {
        super(message, cause);
        this.node = node;
    }

    /// What could not be copied, or null.
    public @Nullable Node node() {
        return node;
    }
}
