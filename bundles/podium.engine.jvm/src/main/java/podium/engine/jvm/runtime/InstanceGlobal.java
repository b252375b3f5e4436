package podium.engine.jvm.runtime;

import podium.engine.Global;
import podium.engine.GlobalType;
import podium.engine.V128;

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
    public Object get() {
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
    public void set(Object value) {
        if (!type.mutable()) throw new IllegalArgumentException("the global is immutable");
        try {
            store(value);
        } catch (ClassCastException e) {
            throw new IllegalArgumentException(value + " is no " + type.value(), e);
        }
    }

    private void store(Object value) {
        switch (type.value()) {
            case I32 -> setBits((Integer) value);
            case I64 -> setBits((Long) value);
            case F32 -> setBits(Float.floatToRawIntBits((Float) value));
            case F64 -> setBits(Double.doubleToRawLongBits((Double) value));
            case V128 -> store((V128) value);
            default -> state.setGlobalReference(index, value);
        }
    }

    private void store(V128 value) {
        setBits(value.low());
        state.setGlobalHighBits(index, value.high());
    }

    long bits() {
        return state.globalBits(index);
    }

    void setBits(long bits) {
        state.setGlobalBits(index, bits);
    }
}
