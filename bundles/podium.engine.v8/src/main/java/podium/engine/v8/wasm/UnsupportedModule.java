package podium.engine.v8.wasm;

/// A valid module that needs what the engine lacks.
public final class UnsupportedModule extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// @param what it needs
    public UnsupportedModule(String what) {
        super("needs " + what + ", which the engine v8 does not support", null, false, false);
    }
}
