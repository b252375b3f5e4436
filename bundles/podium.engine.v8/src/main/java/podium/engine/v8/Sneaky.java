package podium.engine.v8;

/// Throws what the compiler does not expect.
final class Sneaky {

    private Sneaky() {}

    /// @return never: for `throw unchecked(e)`
    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
