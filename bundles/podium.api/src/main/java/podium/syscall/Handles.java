package podium.syscall;

import org.jspecify.annotations.Nullable;

/// What families keep for a program, so that the program can name it by a number. It ends with the
/// program. A family that may be replaced meanwhile keeps only what its successor understands:
/// values, and objects of the API.
///
/// Thread-safe.
public interface Handles {

    /// The number of an object, from 1 on: the same one each time, as long as it is kept.
    ///
    /// @throws ErrnoException `EMFILE` when the program has as many as it may
    int of(Object object);

    /// The object of a number, or null.
    @Nullable Object get(int number);

    /// Forgets a number. One that is none does no harm.
    void release(int number);

    /// The numbers there are, ascending.
    int[] numbers();

    /// Keeps an object under a number that was another process's.
    ///
    /// @throws ErrnoException `EINVAL` when the number is in use, or none, or the object has one;
    ///     `EMFILE` when it is beyond those that a program may have
    void put(int number, Object object);
}
