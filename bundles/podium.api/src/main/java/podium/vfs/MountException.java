package podium.vfs;

/// A mount that cannot be made or moved. The message is one line for people: what was wrong and
/// what to do.
public final class MountException extends Exception {

    private static final long serialVersionUID = 1;

    public MountException(String message) {
        super(message);
    }

    public MountException(String message, Throwable cause) {
        super(message, cause);
    }
}
