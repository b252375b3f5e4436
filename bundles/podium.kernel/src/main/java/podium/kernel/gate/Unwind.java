package podium.kernel.gate;

/// Unwinds a guest's frames, out of a system call: the task ends, runs another program or is done
/// with a child's part. Not an error, so without stack trace.
public final class Unwind extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// The task, or its whole process, ends.
    public static final Unwind EXIT = new Unwind("exit");

    /// Another program takes over.
    public static final Unwind EXECUTE = new Unwind("execute");

    /// The child whose part the task played has ended, or has a task of its own.
    public static final Unwind CHILD = new Unwind("child");

    /// The guest's frames are there again, up to the call they were taken down in.
    static final Unwind REWOUND = new Unwind("rewound");

    private Unwind(String message) {
        super(message, null, false, false);
    }
}
