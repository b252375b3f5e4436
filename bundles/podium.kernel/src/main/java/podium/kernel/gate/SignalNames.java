package podium.kernel.gate;

/// Names of signals (signal(7)), as asm-generic numbers them.
public final class SignalNames {

    private static final String[] NAMES =
            ("0 HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD"
                            + " CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR"
                            + " SYS")
                    .split(" ");

    private SignalNames() {}

    /// Such as `SIGTERM`, `SIGRT_2`; the number itself when there is no such signal.
    public static String name(int signal) {
        if (signal <= 0 || signal > 64) return Integer.toString(signal);
        return signal < NAMES.length ? "SIG" + NAMES[signal] : "SIGRT_" + (signal - 32);
    }
}
