package podium.syscall;

/// What a thread is that works for somebody who can be killed, as a guest's task can be by
/// `SIGKILL`. Whatever makes such a thread wait without the gate's help ([Task#block]) asks it, and
/// gives up: that wait is what signal(7) of Linux's calls killable, which no other signal ends.
///
/// A thread that is killed is unparked, see [java.util.concurrent.locks.LockSupport#park].
public interface Killable {

    /// Whether it was killed, and stays so. From any thread.
    boolean isKilled();

    /// Asks for the calling thread. One that is nobody's to kill goes on.
    ///
    /// @throws ErrnoException `EINTR`: it was killed. The system call ends with whatever it has
    ///     done by now; the guest never sees the error
    static void check() {
        if (Thread.currentThread() instanceof Killable thread && thread.isKilled())
            throw Errno.EINTR.exception();
    }
}
