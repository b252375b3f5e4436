package podium.engine.jvm.runtime;

import org.jspecify.annotations.Nullable;
import podium.engine.Global;
import podium.engine.GlobalType;
import podium.engine.V128;
import podium.engine.ValueType;

/// A global of an instance, as others see it.
public final class InstanceGlobal implements Global {

    private final GuestState state;
    private final int index;
    private final GlobalType type;

    public InstanceGlobal(GuestState state, int index, GlobalType type) {
        this.state = state;
        this.index = index;
        this.type = type;
    }

    @Override
    public GlobalType type() {
        return type;
    }

    @Override
    public @Nullable Object get() {
        return switch (type.value()) {
            case I32 -> (int) bits();
            case I64 -> bits();
            case F32 -> Float.intBitsToFloat((int) bits());
            case F64 -> Double.longBitsToDouble(bits());
            case V128 -> new V128(bits(), state.globalHighBits(index));
            default -> state.globalReference(index);
        };
    }

    @Override
    public void set(@Nullable Object value) {
        if (!type.mutable()) throw new IllegalArgumentException("the global is immutable");
        var wanted = type.value();
        switch (value) {
            case Integer i when wanted == ValueType.I32 -> setBits(i);
            case Long l when wanted == ValueType.I64 -> setBits(l);
            case Float f when wanted == ValueType.F32 -> setBits(Float.floatToRawIntBits(f));
            case Double d when wanted == ValueType.F64 -> setBits(Double.doubleToRawLongBits(d));
            case V128 v when wanted == ValueType.V128 -> {
                setBits(v.low());
                state.setGlobalHighBits(index, v.high());
            }
            case null, default -> {
                if (wanted.javaType() != Object.class)
                    throw new IllegalArgumentException(value + " is no " + wanted);
                state.setGlobalReference(index, value);
            }
        }
    }

    long bits() {
        return state.globalBits(index);
    }

    void setBits(long bits) {
        state.setGlobalBits(index, bits);
    }
}
