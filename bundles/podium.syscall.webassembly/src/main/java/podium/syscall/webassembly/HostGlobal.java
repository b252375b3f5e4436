package podium.syscall.webassembly;

import org.jspecify.annotations.Nullable;
import podium.engine.Global;
import podium.engine.GlobalType;

/// A global that no instance made.
final class HostGlobal implements Global {

    private final GlobalType type;
    private @Nullable Object value;

    HostGlobal(GlobalType type, @Nullable Object value) {
        this.type = type;
        this.value = value;
    }

    @Override
    public GlobalType type() {
        return type;
    }

    @Override
    public @Nullable Object get() {
        return value;
    }

    @Override
    public void set(@Nullable Object value) {
        if (!type.mutable()) throw new IllegalArgumentException("the global is immutable");
        this.value = value;
    }
}
