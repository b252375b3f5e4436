package podium.benchmark.move;

/// A program has failed, or something is not as it was written.
public final class HammerException extends Exception {

    private static final long serialVersionUID = 1;

    HammerException(String message) {
        super(message);
    }
}
