package podium.engine.v8;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import podium.engine.Trap;
import podium.engine.Trap.Kind;

/// What JavaScript says of a failed call, as the contract has it: name, message and stack of an
/// error, each in lines of its own.
final class Failures {

    /// How the bridge's own functions between host and guest are called.
    private static final String ADAPTER = "at v128 (";

    private static final Pattern FRAME =
            Pattern.compile("wasm-function\\[(\\d+)]:0x([0-9a-f]{1,8})");

    private Failures() {}

    /// @param outOfFuel whether the guest was out of fuel, for which it has no trap of its own
    /// @param module whose functions are in the stack; null if there are several
    /// @param code what V8 has of that; null if that is not always the same
    static Trap trap(
            String failure, boolean outOfFuel, @Nullable V8Module module, @Nullable Code code) {
        var message = message(failure);
        var kind = outOfFuel ? Kind.OUT_OF_FUEL : kind(name(failure), message);
        var cause = kind == Kind.INTERNAL ? new IllegalStateException(message) : null;
        return new Trap(kind, () -> frames(failure, module, code), cause);
    }

    /// `RuntimeError` is a trap, `RangeError` a want of stack or memory, `LinkError` what it says.
    static String name(String failure) {
        return failure.substring(0, failure.indexOf('\n'));
    }

    /// Whether an instance could not be made for a reason that is not its code's.
    static boolean isOfLinking(String failure) {
        return failure.startsWith("LinkError\n")
                || failure.startsWith("TypeError\n")
                || failure.startsWith("RangeError\n") && !message(failure).contains("call stack");
    }

    static String message(String failure) {
        return failure.lines().skip(1).findFirst().orElse("");
    }

    /// By the wording of V8.
    private static Kind kind(String name, String message) {
        if (name.equals("RangeError"))
            return message.contains("call stack") ? Kind.STACK_OVERFLOW : Kind.OUT_OF_MEMORY;
        if (!name.equals("RuntimeError")) return Kind.INTERNAL;
        return switch (message) {
            case "unreachable" -> Kind.UNREACHABLE;
            case "memory access out of bounds" -> Kind.MEMORY_OUT_OF_BOUNDS;
            case "table index is out of bounds" -> Kind.UNDEFINED_ELEMENT; // by far the likeliest
            case "element segment out of bounds" -> Kind.TABLE_OUT_OF_BOUNDS;
            case "null function", "dereferencing a null pointer", "rethrowing null value" ->
                    Kind.NULL_REFERENCE;
            case "function signature mismatch" -> Kind.SIGNATURE_MISMATCH;
            case "divide by zero", "remainder by zero" -> Kind.DIVIDE_BY_ZERO;
            case "divide result unrepresentable" -> Kind.INTEGER_OVERFLOW;
            case "float unrepresentable in integer range" -> Kind.INVALID_CONVERSION;
            case "operation does not support unaligned accesses" -> Kind.UNALIGNED_ATOMIC;
            case "Atomics.wait cannot be called in this context" -> Kind.NOT_SHARED;
            default -> ofActiveSegment(message);
        };
    }

    /// "WebAssembly.Instance(): data segment 0 is out of bounds (offset ...)".
    private static Kind ofActiveSegment(String message) {
        if (!message.contains("out of bounds")) return Kind.INTERNAL;
        return message.contains("table") ? Kind.TABLE_OUT_OF_BOUNDS : Kind.MEMORY_OUT_OF_BOUNDS;
    }

    private static List<Trap.Frame> frames(
            String failure, @Nullable V8Module module, @Nullable Code code) {
        var frames = new ArrayList<Trap.Frame>();
        var places = failure.lines().filter(line -> !line.contains(ADAPTER)).map(FRAME::matcher);
        for (var place : places.filter(Matcher::find).toList()) {
            int function = Integer.parseInt(place.group(1));
            var name = module == null ? "func[" + function + "]" : module.functionName(function);
            int offset =
                    module == null || code == null
                            ? -1
                            : module.original(function, offset(place.group(2)) - code.codeStart());
            frames.add(new Trap.Frame(function, name, offset, null));
        }
        return module == null ? frames : withLines(frames, module);
    }

    private static int offset(String hexadecimal) {
        return Integer.parseUnsignedInt(hexadecimal, 16);
    }

    private static List<Trap.Frame> withLines(List<Trap.Frame> frames, V8Module module) {
        var lines = module.lines(frames.stream().mapToInt(Trap.Frame::offset).toArray());
        var complete = new ArrayList<Trap.Frame>();
        for (int i = 0; i < frames.size(); i++) {
            var frame = frames.get(i);
            complete.add(
                    new Trap.Frame(frame.function(), frame.name(), frame.offset(), lines.get(i)));
        }
        return complete;
    }
}
