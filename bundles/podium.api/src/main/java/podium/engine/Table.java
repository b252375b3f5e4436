package podium.engine;

import org.jspecify.annotations.Nullable;

/// A table of references. Not thread-safe.
public non-sealed interface Table extends Extern {

    TableType type();

    /// Number of elements.
    int size();

    /// Grows by some elements of a value.
    ///
    /// @param delta an unsigned number
    /// @return the size before, or -1 when the maximum, the instance's limit or the engine forbids
    /// it
    int grow(int delta, @Nullable Object reference);

    /// An element: null, a [Function] or a host object.
    ///
    /// @throws Trap of kind `TABLE_OUT_OF_BOUNDS`
    @Nullable Object get(int index);

    /// Sets an element.
    ///
    /// @throws Trap of kind `TABLE_OUT_OF_BOUNDS`
    void set(int index, @Nullable Object reference);
}
