package podium.syscall;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the functions of an import module tell that they failed: which result stands for which
/// [Errno]. Immutable.
public final class ErrorNumbers {

    /// The negated number, as Linux has it.
    public static final ErrorNumbers NEGATED = new ErrorNumbers();

    private final int[] results = new int[Errno.values().length];
    private final @Nullable List<String> names;

    private ErrorNumbers() {
        names = null;
        for (var errno : Errno.values()) results[errno.ordinal()] = errno.negated();
    }

    private ErrorNumbers(List<String> names, Map<Errno, String> others, String unknown) {
        this.names = List.copyOf(names);
        for (var errno : Errno.values()) {
            int number = names.indexOf(others.getOrDefault(errno, errno.name()));
            results[errno.ordinal()] = number >= 0 ? number : names.indexOf(unknown);
        }
    }

    /// Errors are positive numbers, and 0 is success.
    ///
    /// @param names of the errors, by number; the first one is success
    /// @param others the names of errors that [Errno] calls otherwise
    /// @param unknown the name for errors without one
    public static ErrorNumbers of(List<String> names, Map<Errno, String> others, String unknown) {
        return new ErrorNumbers(names, others, unknown);
    }

    /// What a function returns to say that it failed.
    public int of(Errno errno) {
        return results[errno.ordinal()];
    }

    /// The name of the error that a result stands for, such as `EBADF`; null when it stands for
    /// none.
    public @Nullable String name(long result) {
        if (names != null)
            return result > 0 && result < names.size() ? names.get((int) result) : null;
        var errno = result < 0 && result > -4096 ? Errno.of((int) -result) : null;
        return errno == null ? null : errno.name();
    }
}
