package podium.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The guest did something that ends its execution (core specification, section 4.4.2), or was made
/// to stop.
public final class Trap extends RuntimeException {

    /// Why guest code stopped.
    public enum Kind {
        UNREACHABLE("unreachable code reached"),
        MEMORY_OUT_OF_BOUNDS("out of bounds memory access"),
        TABLE_OUT_OF_BOUNDS("out of bounds table access"),
        UNDEFINED_ELEMENT("undefined element"),
        NULL_REFERENCE("uninitialized element"),
        SIGNATURE_MISMATCH("indirect call type mismatch"),
        DIVIDE_BY_ZERO("integer divide by zero"),
        INTEGER_OVERFLOW("integer overflow"),
        INVALID_CONVERSION("invalid conversion to integer"),
        UNALIGNED_ATOMIC("unaligned atomic"),
        NOT_SHARED("expected shared memory"),
        STACK_OVERFLOW("call stack exhausted"),
        UNCAUGHT_EXCEPTION("uncaught exception"),
        OUT_OF_MEMORY("out of memory"),
        OUT_OF_FUEL("out of fuel"),
        DEADLINE("deadline passed"),
        INTERRUPTED("interrupted"),
        /// The function called is more than the engine can compile; the cause says why. Each call
        /// traps, others are not affected. See [Engine#load].
        LIMIT("function beyond a limit of the engine"),
        INTERNAL("internal error of the engine");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /// The wording of the specification's own tests, where they have one.
        public String text() {
            return text;
        }
    }

    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final transient @Nullable List<Frame> frames;

    /// @param frames innermost first; may be empty
    /// @param cause what the engine caught, or null
    public Trap(Kind kind, List<Frame> frames, @Nullable Throwable cause) {
        super(kind.text(), cause, false, false);
        this.kind = kind;
        this.frames = List.copyOf(frames);
    }

    public Kind kind() {
        return kind;
    }

    /// The guest's frames, innermost first, as far as they are known.
    public List<Frame> frames() {
        return frames == null ? List.of() : frames;
    }

    /// A guest frame.
    ///
    /// @param function index in the module
    /// @param name from the name section, or `func[N]`
    public record Frame(int function, String name) {}
}
