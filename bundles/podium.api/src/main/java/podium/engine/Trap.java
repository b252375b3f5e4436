package podium.engine;

import java.util.List;
import java.util.function.Supplier;
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

    /// What tells the frames, until they have been asked for.
    private transient @Nullable Supplier<List<Frame>> stack;

    private transient @Nullable List<Frame> frames;

    /// @param frames innermost first; may be empty
    /// @param cause what the engine caught, or null
    public Trap(Kind kind, List<Frame> frames, @Nullable Throwable cause) {
        super(kind.text(), cause, false, false);
        this.kind = kind;
        this.frames = List.copyOf(frames);
    }

    /// The same with frames that are made when they are first asked for, if they ever are.
    public Trap(Kind kind, Supplier<List<Frame>> stack, @Nullable Throwable cause) {
        super(kind.text(), cause, false, false);
        this.kind = kind;
        this.stack = stack;
    }

    public Kind kind() {
        return kind;
    }

    /// The guest's frames, innermost first, as far as they are known. To find the lines of the
    /// source may take time in proportion to the module's debug information, once.
    public synchronized List<Frame> frames() {
        if (stack != null) frames = List.copyOf(stack.get());
        stack = null;
        return frames == null ? List.of() : frames;
    }

    /// A guest frame: the instruction that trapped, or the call it waits for.
    ///
    /// @param function index in the module
    /// @param name from the name section, or `func[N]`
    /// @param offset of the instruction in the module's binary, in bytes; -1 if it is not known
    /// @param source the line of the source it was made of, by the module's own debug information;
    ///     null if there is none
    public record Frame(int function, String name, int offset, @Nullable SourceLine source) {

        /// `name (file.c:42)` where the source is known, else `name (wasm-function[3]:0x1a2)`, as
        /// V8 writes an offset, else the name. Control characters are replaced.
        @Override
        public String toString() {
            if (source != null) return printable(name) + " (" + source + ")";
            if (offset < 0) return printable(name);
            var place = "wasm-function[" + function + "]:0x" + Integer.toHexString(offset);
            return isNameless() ? place : printable(name) + " (" + place + ")";
        }

        private boolean isNameless() {
            return name.equals("func[" + function + "]");
        }
    }

    /// A line of a source.
    ///
    /// @param file as the module names it; nobody says that there is such a file
    /// @param line the first is 1
    public record SourceLine(String file, int line) {

        /// `file.c:42`. Control characters are replaced.
        @Override
        public String toString() {
            return printable(file) + ":" + line;
        }
    }

    /// Text of a module's choice in one line.
    private static String printable(String text) {
        int[] clean = text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).toArray();
        return new String(clean, 0, clean.length);
    }
}
