package podium.engine.jvm.ir;

/// A function that cannot be brought into methods the Java platform accepts.
public final class TooComplex extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TooComplex(String message) {
        super(message, null, false, false);
    }
}
