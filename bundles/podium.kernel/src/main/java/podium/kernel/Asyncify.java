package podium.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.GuestFunction;
import podium.engine.Instance;
import podium.engine.ValueType;

/// What Binaryen's pass `asyncify` adds to a program: functions by which its frames are taken down
/// into its memory, and put up again from there. While they are, its functions return at once, or
/// go straight to the call they were in.
///
/// @param startUnwind, startRewind take the address of a block: where the next frame goes to, the
///     block's end, and the frames
record Asyncify(
        GuestFunction startUnwind,
        GuestFunction stopUnwind,
        GuestFunction startRewind,
        GuestFunction stopRewind) {

    private static final FunctionType START = new FunctionType(List.of(ValueType.I32), List.of());
    private static final FunctionType STOP = new FunctionType(List.of(), List.of());

    /// @return null when the program does not have it
    static @Nullable Asyncify of(Instance instance) {
        var startUnwind = function(instance, "asyncify_start_unwind", START);
        var stopUnwind = function(instance, "asyncify_stop_unwind", STOP);
        var startRewind = function(instance, "asyncify_start_rewind", START);
        var stopRewind = function(instance, "asyncify_stop_rewind", STOP);
        return startUnwind == null
                        || stopUnwind == null
                        || startRewind == null
                        || stopRewind == null
                ? null
                : new Asyncify(startUnwind, stopUnwind, startRewind, stopRewind);
    }

    private static @Nullable GuestFunction function(
            Instance instance, String name, FunctionType type) {
        var function = instance.function(name);
        return function != null && function.type().equals(type) ? function : null;
    }
}
