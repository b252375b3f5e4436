package podium.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import podium.kernel.gate.Caller;
import podium.syscall.Errno;
import podium.syscall.SignalAction;
import podium.syscall.SignalInfo;
import podium.syscall.WaitQueue;

/// A process's signal dispositions and pending signals. Its lock guards the queues of its tasks,
/// too.
///
/// Thread-safe.
final class ProcessSignals {

    private final GuestProcess process;
    private final SignalAction[] actions = new SignalAction[Signals.LAST + 1];
    private final SignalQueue pending = new SignalQueue();
    private final WaitQueue arrivals = new WaitQueue();
    private boolean stopped;

    ProcessSignals(GuestProcess process) {
        this.process = process;
        Arrays.fill(actions, SignalAction.DEFAULT_ACTION);
    }

    /// For a child process: the same dispositions, nothing pending.
    void inherit(ProcessSignals parent) {
        synchronized (parent) {
            System.arraycopy(parent.actions, 0, actions, 0, actions.length);
        }
    }

    /// execve(2): what was caught gets its default disposition, what was ignored stays so.
    synchronized void resetForExec() {
        for (int i = 1; i < actions.length; i++)
            if (actions[i].handler() != SignalAction.IGNORE)
                actions[i] = SignalAction.DEFAULT_ACTION;
    }

    private static void check(int signal) {
        if (signal < 1 || signal > Signals.LAST) throw Errno.EINVAL.exception();
    }

    synchronized SignalAction action(int signal) {
        check(signal);
        return actions[signal];
    }

    synchronized void setAction(int signal, SignalAction action) {
        check(signal);
        if ((Signals.bit(signal) & Signals.UNBLOCKABLE) != 0) throw Errno.EINVAL.exception();
        actions[signal] = action;
        if (ignores(signal)) {
            pending.remove(Signals.bit(signal));
            for (var task : process.tasks()) task.signals().queue().remove(Signals.bit(signal));
        }
    }

    /// Takes what a handler is to be run for, and forgets the handler if it is for once only.
    synchronized SignalAction actionFor(int signal) {
        var action = actions[signal];
        if (action.handler() > SignalAction.IGNORE
                && (action.flags() & SignalAction.SA_RESETHAND) != 0)
            actions[signal] = SignalAction.DEFAULT_ACTION;
        return action;
    }

    boolean ignores(int signal) {
        int handler = actions[signal].handler();
        return handler == SignalAction.IGNORE
                || (handler == SignalAction.DEFAULT && Signals.isIgnoredByDefault(signal));
    }

    /// Sends a signal to the process, or to one of its tasks.
    void send(SignalInfo info, @Nullable GuestTask target) {
        int signal = info.signal();
        check(signal);
        if (signal == Signals.SIGKILL) {
            process.terminate(signal);
            return;
        }
        if (Signals.isStop(signal)) discard(Signals.bit(Signals.SIGCONT));
        if (signal == Signals.SIGCONT) {
            discard(Signals.stops());
            resume();
        }
        if (queue(info, target)) process.terminate(signal);
        arrivals.wake(podium.syscall.Pollable.IN);
    }

    /// @return whether it ends the process at once
    private synchronized boolean queue(SignalInfo info, @Nullable GuestTask target) {
        int signal = info.signal();
        long bit = Signals.bit(signal);
        boolean blocked = target != null ? isBlocked(target, bit) : isBlockedByAll(bit);
        if (ignores(signal) && !blocked) return false;
        if (!blocked
                && actions[signal].handler() == SignalAction.DEFAULT
                && Signals.isFatalByDefault(signal)) return true;
        var queue = target != null ? target.signals().queue() : pending;
        if (!queue.add(info)) return false;
        if (target != null) tell(target, bit);
        else for (var task : process.tasks()) if (tell(task, bit)) break;
        return false;
    }

    private static boolean isBlocked(GuestTask task, long bit) {
        return (task.signals().mask() & bit) != 0;
    }

    private boolean isBlockedByAll(long bit) {
        for (var task : process.tasks()) if (!isBlocked(task, bit)) return false;
        return true;
    }

    private static boolean tell(GuestTask task, long bit) {
        if (isBlocked(task, bit)) return false;
        task.alert(Caller.SIGNALLED);
        task.wake();
        return true;
    }

    private synchronized void discard(long signals) {
        pending.remove(signals);
        for (var task : process.tasks()) task.signals().queue().remove(signals);
    }

    /// The default action of SIGSTOP and its like.
    synchronized void stop() {
        stopped = true;
        for (var task : process.tasks()) task.alert(Caller.STOPPED);
    }

    private synchronized void resume() {
        stopped = false;
        for (var task : process.tasks()) {
            task.calm(Caller.STOPPED);
            task.wake();
        }
    }

    synchronized boolean stopped() {
        return stopped;
    }

    /// Takes a pending signal out of a set, the task's own first.
    synchronized @Nullable SignalInfo take(GuestTask task, long set) {
        var info = task.signals().queue().take(set);
        return info != null ? info : pending.take(set);
    }

    /// Takes the next signal that the task does not block; when there is none, the task need not
    /// look again.
    synchronized @Nullable SignalInfo next(GuestTask task) {
        var info = take(task, ~task.signals().mask());
        if (info == null) task.calm(Caller.SIGNALLED);
        return info;
    }

    synchronized long pending(GuestTask task) {
        return task.signals().queue().set() | pending.set();
    }

    /// Whether a pending signal would be attended to.
    synchronized void review(GuestTask task) {
        if ((pending(task) & ~task.signals().mask()) != 0) task.alert(Caller.SIGNALLED);
    }

    WaitQueue arrivals() {
        return arrivals;
    }
}
