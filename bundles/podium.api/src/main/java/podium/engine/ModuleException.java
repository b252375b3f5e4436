package podium.engine;

/// A module that is malformed, invalid, or needs what the engine lacks. The message is one line for
/// people.
public final class ModuleException extends Exception {

    private static final long serialVersionUID = 1;

    private final long offset;

    /// @param offset in bytes from the start of the module, or -1 when none is known
    public ModuleException(String message, long offset) {
        super(offset < 0 ? message : message + " (at offset " + offset + ")");
        this.offset = offset;
    }

    /// Where in the module, in bytes from its start; -1 when not known.
    public long offset() {
        return offset;
    }
}
