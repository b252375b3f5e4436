package podium.kernel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.engine.Trap;
import podium.kernel.gate.SignalNames;

/// Ends a process whose program cannot go on, and says why in one line; the log has the whole
/// stack.
final class Failure {

    static final Logger LOG = LoggerFactory.getLogger("podium.kernel");

    /// Frames named in the line.
    private static final int FRAMES = 6;

    private Failure() {}

    /// Its code trapped.
    static void trapped(GuestProcess process, Trap trap) {
        int signal = signal(trap.kind());
        var line = new StringBuilder(process.name()).append(": ").append(trap.kind().text());
        if (trap.kind() == Trap.Kind.LIMIT && trap.getCause() != null)
            line.append(": ").append(trap.getCause().getMessage());
        line.append(" (").append(SignalNames.name(signal)).append(')');
        var stack = new StringBuilder();
        int count = 0;
        for (var frame : trap.frames()) {
            if (count == 0) line.append(" in ").append(frame);
            else if (count < FRAMES) line.append(" < ").append(withoutPlace(frame));
            stack.append("\n    at ").append(frame);
            count++;
        }
        if (trap.kind() == Trap.Kind.INTERNAL) LOG.error("{}", line, trap);
        process.tasks().fail(signal, line.toString(), stack.toString());
    }

    private static Trap.Frame withoutPlace(Trap.Frame frame) {
        return new Trap.Frame(frame.function(), frame.name(), -1, null);
    }

    /// The signal a trap counts as.
    private static int signal(Trap.Kind kind) {
        return switch (kind) {
            case MEMORY_OUT_OF_BOUNDS, STACK_OVERFLOW -> Signals.SIGSEGV;
            case DIVIDE_BY_ZERO, INTEGER_OVERFLOW, INVALID_CONVERSION -> Signals.SIGFPE;
            case UNALIGNED_ATOMIC -> Signals.SIGBUS;
            case UNCAUGHT_EXCEPTION, LIMIT, INTERNAL -> Signals.SIGABRT;
            case OUT_OF_MEMORY, INTERRUPTED -> Signals.SIGKILL;
            case OUT_OF_FUEL, DEADLINE -> Signals.SIGXCPU;
            case UNREACHABLE,
                    TABLE_OUT_OF_BOUNDS,
                    UNDEFINED_ELEMENT,
                    NULL_REFERENCE,
                    SIGNATURE_MISMATCH,
                    NOT_SHARED ->
                    Signals.SIGILL;
        };
    }

    /// Something below it broke that should not have.
    static void broken(GuestProcess process, Throwable defect) {
        if (defect instanceof StackOverflowError) {
            process.tasks()
                    .fail(Signals.SIGSEGV, process.name() + ": call stack exhausted (SIGSEGV)");
            return;
        }
        LOG.error("{} ended by a defect", process.name(), defect);
        process.tasks().fail(Signals.SIGABRT, process.name() + ": internal error: " + defect);
    }
}
