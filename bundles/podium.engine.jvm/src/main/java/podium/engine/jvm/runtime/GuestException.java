package podium.engine.jvm.runtime;

import org.jspecify.annotations.Nullable;
import podium.engine.Tag;
import podium.engine.Trap.Kind;

/// An exception of the guest: a tag and the values it carries.
public final class GuestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Exceptions are on the host's heap, which no guest may use up by exceptions that refer to
    /// exceptions.
    private static final int MAX_WEIGHT = 100_000;

    final transient Tag tag;
    final transient @Nullable Object[] values;

    /// How many values can be reached from here; those reached twice count twice.
    private final int weight;

    /// @throws Stop it would keep too many others
    GuestException(Tag tag, @Nullable Object[] values) {
        super(null, null, false, false);
        this.tag = tag;
        this.values = values;
        int sum = 1 + values.length;
        for (var value : values)
            if (value instanceof GuestException exception) sum += exception.weight;
        if (sum > MAX_WEIGHT) throw new Stop(Kind.OUT_OF_MEMORY);
        weight = sum;
    }
}
