package podium.kernel;

import org.jspecify.annotations.Nullable;
import podium.kernel.gate.Caller;
import podium.kernel.object.Objects;
import podium.syscall.Killable;
import podium.syscall.OpenFile;

/// The host's thread under a task. A platform thread: guests compute for long, and need a deep
/// stack.
final class GuestThread extends Thread implements Objects.TerminalHolder, Killable {

    private final GuestTask task;

    GuestThread(ThreadGroup group, GuestTask task, String name, long stack) {
        super(group, task::run, name, stack, false);
        this.task = task;
        setDaemon(true);
    }

    /// The task the calling thread runs, or null on a thread of the host's.
    static @Nullable GuestTask current() {
        return currentThread() instanceof GuestThread guest ? guest.task : null;
    }

    @Override
    public @Nullable OpenFile terminal() {
        return task.process().openTerminal();
    }

    @Override
    public boolean isKilled() {
        return task.attention(Caller.KILLED);
    }
}
