package podium.engine;

/// The host cannot, or may not, give a guest the memory it asked for.
public final class OutOfMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public OutOfMemoryException(String message) {
        super(message);
    }
}
