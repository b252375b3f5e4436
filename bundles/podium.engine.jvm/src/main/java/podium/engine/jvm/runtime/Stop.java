package podium.engine.jvm.runtime;

import org.jspecify.annotations.Nullable;
import podium.engine.Trap;

/// A trap on its way to the border, where it becomes a [Trap]. Its Java stack trace tells the
/// guest's frames.
public final class Stop extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Trap.Kind kind;

    public Stop(Trap.Kind kind) {
        this(kind, null);
    }

    public Stop(Trap.Kind kind, @Nullable Throwable cause) {
        super(kind.text(), cause);
        this.kind = kind;
    }

    public Trap.Kind kind() {
        return kind;
    }
}
