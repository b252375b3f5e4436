package podium.engine.v8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.V128;
import podium.engine.ValueType;

/// Memory that Java and JavaScript both see, for arguments and results: a slot of 8 bytes each, two
/// for a vector.
/// Slot 0 holds two numbers.
final class Box {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private final MemorySegment memory;
    private final Isolate isolate;

    Box(MemorySegment memory, Isolate isolate) {
        this.memory = memory;
        this.isolate = isolate;
    }

    int first() {
        return memory.get(INT, 0);
    }

    int second() {
        return memory.get(INT, 4);
    }

    void setFirst(int value) {
        memory.set(INT, 0, value);
    }

    void setFirst(int value, int second) {
        memory.set(INT, 0, value);
        memory.set(INT, 4, second);
    }

    int getInt(int slot) {
        return memory.get(INT, 8L * slot);
    }

    void putInt(int slot, int value) {
        memory.set(INT, 8L * slot, value);
    }

    /// The raw bits of a number, or of a vector's low half, as a snapshot has them.
    long bits(ValueType type, int slot) {
        return switch (type) {
            case I64, F64, V128 -> memory.get(ValueLayout.JAVA_LONG, 8L * slot);
            default -> getInt(slot);
        };
    }

    /// @param instance whose guest gave the value
    @Nullable Object get(ValueType type, int slot, V8Instance instance) {
        return switch (type) {
            case I32 -> getInt(slot);
            case I64 -> memory.get(ValueLayout.JAVA_LONG, 8L * slot);
            case F32 -> memory.get(ValueLayout.JAVA_FLOAT, 8L * slot);
            case F64 -> memory.get(ValueLayout.JAVA_DOUBLE, 8L * slot);
            case FUNCREF -> isolate.function(getInt(slot), instance);
            case EXTERNREF -> isolate.things().object(getInt(slot));
            case V128 ->
                    new V128(
                            memory.get(ValueLayout.JAVA_LONG, 8L * slot),
                            memory.get(ValueLayout.JAVA_LONG, 8L * slot + 8));
            case EXNREF -> throw Letters.impassable(type);
        };
    }

    void put(ValueType type, int slot, @Nullable Object value) {
        switch (type) {
            case I32 -> putInt(slot, (Integer) present(value));
            case I64 -> memory.set(ValueLayout.JAVA_LONG, 8L * slot, (Long) present(value));
            case F32 -> memory.set(ValueLayout.JAVA_FLOAT, 8L * slot, (Float) present(value));
            case F64 -> memory.set(ValueLayout.JAVA_DOUBLE, 8L * slot, (Double) present(value));
            case FUNCREF -> putInt(slot, isolate.number(value));
            case EXTERNREF -> putInt(slot, isolate.things().objectNumber(value));
            case V128 -> {
                var vector = (V128) present(value);
                memory.set(ValueLayout.JAVA_LONG, 8L * slot, vector.low());
                memory.set(ValueLayout.JAVA_LONG, 8L * slot + 8, vector.high());
            }
            case EXNREF -> throw Letters.impassable(type);
        }
    }

    private static Object present(@Nullable Object value) {
        if (value == null) throw new IllegalArgumentException("null is no number");
        return value;
    }

    /// Values from slot 1 on.
    @Nullable Object[] get(List<ValueType> types, V8Instance instance) {
        var values = new @Nullable Object[types.size()];
        int slot = 1;
        for (int i = 0; i < values.length; i++) {
            values[i] = get(types.get(i), slot, instance);
            slot += slots(types.get(i));
        }
        return values;
    }

    /// Values from slot 1 on.
    void put(List<ValueType> types, @Nullable Object[] values) {
        int slot = 1;
        for (int i = 0; i < values.length; i++) {
            put(types.get(i), slot, values[i]);
            slot += slots(types.get(i));
        }
    }

    private static int slots(ValueType type) {
        return type == ValueType.V128 ? 2 : 1;
    }
}
