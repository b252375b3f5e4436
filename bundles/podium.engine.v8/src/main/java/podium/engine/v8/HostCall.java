package podium.engine.v8;

import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.ValueType;

/// A function of the host's as an instance imports it.
final class HostCall {

    /// Of system calls: up to this many numbers go in without boxing.
    private static final int REGISTERS = 6;

    private final V8Instance instance;
    private final FunctionType type;
    private final MethodHandle handle;
    private final @Nullable Object context;

    /// Parameters if all are i32 and so is the result, else -1.
    private final int integers;

    /// @param handle takes the context first
    HostCall(
            V8Instance instance, FunctionType type, MethodHandle handle, @Nullable Object context) {
        this.instance = instance;
        this.type = type;
        this.context = context;
        integers = isIntegers(type) ? type.parameters().size() : -1;
        this.handle =
                integers >= 0
                        ? handle
                        : handle.asSpreader(Object[].class, type.parameters().size());
    }

    private static boolean isIntegers(FunctionType type) {
        return type.parameters().size() <= REGISTERS
                && type.parameters().stream().allMatch(p -> p == ValueType.I32)
                && type.results().equals(List.of(ValueType.I32));
    }

    V8Instance instance() {
        return instance;
    }

    /// Calls it with the arguments in the box; the results replace them.
    void invoke(Box box) throws Throwable {
        if (integers >= 0) {
            box.putInt(1, integer(box));
            return;
        }
        var arguments = box.get(type.parameters(), instance);
        var result = handle.invoke(context, arguments);
        switch (type.results().size()) {
            case 0 -> {}
            case 1 -> box.put(type.results().getFirst(), 1, result);
            default -> box.put(type.results(), (Object[]) result);
        }
    }

    private int integer(Box box) throws Throwable {
        return switch (integers) {
            case 0 -> (int) handle.invokeExact(context);
            case 1 -> (int) handle.invokeExact(context, box.getInt(1));
            case 2 -> (int) handle.invokeExact(context, box.getInt(1), box.getInt(2));
            case 3 ->
                    (int) handle.invokeExact(context, box.getInt(1), box.getInt(2), box.getInt(3));
            case 4 ->
                    (int)
                            handle.invokeExact(
                                    context,
                                    box.getInt(1),
                                    box.getInt(2),
                                    box.getInt(3),
                                    box.getInt(4));
            case 5 ->
                    (int)
                            handle.invokeExact(
                                    context,
                                    box.getInt(1),
                                    box.getInt(2),
                                    box.getInt(3),
                                    box.getInt(4),
                                    box.getInt(5));
            default ->
                    (int)
                            handle.invokeExact(
                                    context,
                                    box.getInt(1),
                                    box.getInt(2),
                                    box.getInt(3),
                                    box.getInt(4),
                                    box.getInt(5),
                                    box.getInt(6));
        };
    }
}
