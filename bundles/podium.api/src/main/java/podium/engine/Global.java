package podium.engine;

import org.jspecify.annotations.Nullable;

/// A global variable. Not thread-safe.
public non-sealed interface Global extends Extern {

    GlobalType type();

    /// The value, boxed.
    @Nullable Object get();

    /// Sets the value.
    ///
    /// @throws IllegalArgumentException the global is immutable, or the value of another type
    void set(@Nullable Object value);
}
