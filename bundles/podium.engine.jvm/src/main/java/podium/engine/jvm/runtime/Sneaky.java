package podium.engine.jvm.runtime;

/// Throws checked exceptions of host functions through methods that do not declare them: they must
/// pass unchanged.
final class Sneaky {

    private Sneaky() {}

    static RuntimeException unchecked(Throwable thrown) {
        throw Sneaky.<RuntimeException>cast(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T cast(Throwable thrown) {
        return (T) thrown;
    }
}
