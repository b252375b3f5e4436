package podium.syscall.webassembly;

import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.ValueType;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.GuestMemory;
import podium.syscall.Handles;

/// Values in the guest's memory, 8 bytes each, little-endian. A reference to a function is the
/// function's handle, one to anything else the guest's own number for it; null is 0.
record Slots(GuestMemory memory, Handles handles) {

    static final int SIZE = 8;

    /// Something of the guest's that is not the host's business.
    record Foreign(int number) {}

    /// @throws ErrnoException `EFAULT`, or `EINVAL` for a handle that is none of a function
    @Nullable Object get(int address, ValueType type) {
        return switch (type) {
            case I32 -> memory.getInt(address);
            case I64 -> memory.getLong(address);
            case F32 -> Float.intBitsToFloat(memory.getInt(address));
            case F64 -> Double.longBitsToDouble(memory.getLong(address));
            case FUNCREF -> function(memory.getInt(address));
            case EXTERNREF -> foreign(memory.getInt(address));
            case V128, EXNREF -> throw Errno.EOPNOTSUPP.exception();
        };
    }

    private @Nullable Object function(int handle) {
        if (handle == 0) return null;
        if (handles.get(handle) instanceof podium.engine.Function function) return function;
        throw Errno.EINVAL.exception();
    }

    private static @Nullable Object foreign(int number) {
        return number == 0 ? null : new Foreign(number);
    }

    void put(int address, ValueType type, @Nullable Object value) {
        switch (value) {
            case Integer i when type == ValueType.I32 -> memory.putInt(address, i);
            case Long l when type == ValueType.I64 -> memory.putLong(address, l);
            case Float f when type == ValueType.F32 ->
                    memory.putInt(address, Float.floatToRawIntBits(f));
            case Double d when type == ValueType.F64 ->
                    memory.putLong(address, Double.doubleToRawLongBits(d));
            case null -> memory.putInt(address, 0);
            case Foreign(int number) -> memory.putInt(address, number);
            case podium.engine.Function f -> memory.putInt(address, handles.of(f));
            default -> throw Errno.EOPNOTSUPP.exception();
        }
    }

    @Nullable Object[] arguments(int address, FunctionType type) {
        var values = new Object[type.parameters().size()];
        for (int i = 0; i < values.length; i++)
            values[i] = get(address + i * SIZE, type.parameters().get(i));
        return values;
    }

    void putArguments(int address, FunctionType type, @Nullable Object[] values) {
        for (int i = 0; i < values.length; i++)
            put(address + i * SIZE, type.parameters().get(i), values[i]);
    }

    @Nullable Object result(int address, FunctionType type) {
        var types = type.results();
        if (types.isEmpty()) return null;
        if (types.size() == 1) return get(address, types.getFirst());
        var values = new Object[types.size()];
        for (int i = 0; i < values.length; i++) values[i] = get(address + i * SIZE, types.get(i));
        return values;
    }

    void putResult(int address, FunctionType type, @Nullable Object result) {
        var types = type.results();
        if (types.size() == 1) put(address, types.getFirst(), result);
        else if (result instanceof Object[] values)
            for (int i = 0; i < values.length; i++)
                put(address + i * SIZE, types.get(i), values[i]);
    }
}
