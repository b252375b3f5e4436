package podium.syscall;

/// A signal's disposition (sigaction(2)).
///
/// @param handler `SIG_DFL` (0), `SIG_IGN` (1), or an index into the guest's function table
/// @param flags `SA_*`
/// @param restorer the index the guest's libc gave, called as `restorer(handler, signal, siginfo,
///     context)`
/// @param mask blocked in addition while the handler runs
public record SignalAction(int handler, int flags, int restorer, long mask) {

    public static final int DEFAULT = 0;
    public static final int IGNORE = 1;
    public static final int SA_NOCLDSTOP = 1;
    public static final int SA_NOCLDWAIT = 2;
    public static final int SA_SIGINFO = 4;
    public static final int SA_ONSTACK = 0x0800_0000;
    public static final int SA_RESTART = 0x1000_0000;
    public static final int SA_NODEFER = 0x4000_0000;
    public static final int SA_RESETHAND = 0x8000_0000;

    /// The disposition every signal starts with.
    public static final SignalAction DEFAULT_ACTION = new SignalAction(DEFAULT, 0, 0, 0);
}
