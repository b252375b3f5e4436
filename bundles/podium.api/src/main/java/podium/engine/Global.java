package podium.engine;

/// A global variable. Not thread-safe.
public non-sealed interface Global extends Extern {

    GlobalType type();

    /// The value, boxed.
    Object get();

    /// Sets the value.
    ///
    /// @throws IllegalArgumentException the global is immutable, or the value of another type
    void set(Object value);
}
