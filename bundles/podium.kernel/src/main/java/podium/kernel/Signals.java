package podium.kernel;

/// Numbers and default actions of signals (signal(7)). Sets are bit masks: signal N is bit N-1.
final class Signals {

    static final int SIGILL = 4;
    static final int SIGABRT = 6;
    static final int SIGBUS = 7;
    static final int SIGFPE = 8;
    static final int SIGKILL = 9;
    static final int SIGSEGV = 11;
    static final int SIGTERM = 15;
    static final int SIGCHLD = 17;
    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;
    static final int SIGXCPU = 24;

    /// The greatest number.
    static final int LAST = 64;

    /// From here on several of one number are queued.
    static final int FIRST_REALTIME = 32;

    /// si_code for SIGCHLD.
    static final int CLD_EXITED = 1;

    static final int CLD_KILLED = 2;

    private static final long IGNORED = bit(SIGCHLD) | bit(23) | bit(28);
    private static final long STOPPING = bit(SIGSTOP) | bit(20) | bit(21) | bit(22);

    /// What cannot be blocked, caught or ignored.
    static final long UNBLOCKABLE = bit(SIGKILL) | bit(SIGSTOP);

    private Signals() {}

    static long bit(int signal) {
        return 1L << (signal - 1);
    }

    static boolean isIgnoredByDefault(int signal) {
        return (bit(signal) & (IGNORED | bit(SIGCONT))) != 0;
    }

    static boolean isStop(int signal) {
        return (bit(signal) & STOPPING) != 0;
    }

    static long stops() {
        return STOPPING;
    }

    static boolean isFatalByDefault(int signal) {
        return !isIgnoredByDefault(signal) && !isStop(signal);
    }
}
