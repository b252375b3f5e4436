package podium.engine.jvm.wasm;

/// A module whose bytes are malformed or invalid. Internal: the engine turns it into a
/// `ModuleException`.
public final class MalformedModule extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int offset;

    public MalformedModule(String message, int offset) {
        super(message, null, false, false);
        this.offset = offset;
    }

    /// Where, in bytes from the start of the module.
    public int offset() {
        return offset;
    }
}
