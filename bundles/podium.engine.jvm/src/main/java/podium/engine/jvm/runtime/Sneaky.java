package podium.engine.jvm.runtime;

/// Throws checked exceptions of host functions through methods that do not declare them: they must
/// pass unchanged.
final class Sneaky {

    private Sneaky() {}

    /// Never returns.
    static RuntimeException unchecked(Throwable thrown) {
        Sneaky.<RuntimeException>hurl(thrown);
        throw new AssertionError();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void hurl(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
