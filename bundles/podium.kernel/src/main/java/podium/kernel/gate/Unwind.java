package podium.kernel.gate;

/// Unwinds a guest's frames, out of a system call: the task ends or runs another program. Not an
/// error, so without stack trace.
public final class Unwind extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// The task, or its whole process, ends.
    public static final Unwind EXIT = new Unwind("exit");

    /// Another program takes over.
    public static final Unwind EXECUTE = new Unwind("execute");

    private Unwind(String message) {
        super(message, null, false, false);
    }
}
