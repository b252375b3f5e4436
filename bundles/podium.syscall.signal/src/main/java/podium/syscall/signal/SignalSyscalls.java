package podium.syscall.signal;

import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.Process;
import podium.syscall.SignalAction;
import podium.syscall.SignalInfo;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.TaskSignals.AlternativeStack;

/// Signals: dispositions, masks, sending, waiting (signal(7)). Handlers are the kernel's to run.
@Component(service = SyscallFamily.class)
public final class SignalSyscalls implements SyscallFamily {

    /// Bytes of a signal set in memory.
    private static final int SET_SIZE = 8;

    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_SETMASK = 2;
    private static final int SI_USER = 0;
    private static final int SI_TKILL = -6;
    private static final int SS_ONSTACK = 1;
    private static final int SS_DISABLE = 2;
    private static final int MINIMUM_STACK = 2048;
    private static final int LAST_SIGNAL = 64;

    /// SIGKILL and SIGSTOP.
    private static final long UNBLOCKABLE = 1L << 8 | 1L << 18;

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int rt_sigaction(
            Task task, GuestMemory memory, int signal, int action, int old, int setSize) {
        if (setSize != SET_SIZE) return Errno.EINVAL.negated();
        var process = task.process();
        var before = process.action(signal);
        if (action != 0) process.setAction(signal, read(memory, action));
        if (old != 0) {
            memory.putInt(old, before.handler());
            memory.putInt(old + 4, before.flags());
            memory.putInt(old + 8, before.restorer());
            memory.putLong(old + 12, before.mask());
        }
        return 0;
    }

    private static SignalAction read(GuestMemory memory, int address) {
        return new SignalAction(
                memory.getInt(address),
                memory.getInt(address + 4),
                memory.getInt(address + 8),
                memory.getLong(address + 12));
    }

    @Export
    public int rt_sigprocmask(
            Task task, GuestMemory memory, int how, int set, int old, int setSize) {
        if (setSize != SET_SIZE) return Errno.EINVAL.negated();
        var signals = task.signals();
        long before = signals.mask();
        if (set != 0) {
            long wanted = memory.getLong(set);
            switch (how) {
                case SIG_BLOCK -> signals.setMask(before | wanted);
                case SIG_UNBLOCK -> signals.setMask(before & ~wanted);
                case SIG_SETMASK -> signals.setMask(wanted);
                default -> {
                    return Errno.EINVAL.negated();
                }
            }
        }
        if (old != 0) memory.putLong(old, before);
        return 0;
    }

    @Export
    public int rt_sigpending(Task task, GuestMemory memory, int set, int setSize) {
        if (Integer.compareUnsigned(setSize, SET_SIZE) > 0) return Errno.EINVAL.negated();
        memory.putLong(set, task.signals().pending() & task.signals().mask());
        return 0;
    }

    @Export
    public int rt_sigsuspend(Task task, GuestMemory memory, int mask, int setSize) {
        if (setSize != SET_SIZE) return Errno.EINVAL.negated();
        if (!task.resumed()) task.signals().setMaskForCall(memory.getLong(mask));
        return task.block(null, 0, Task.FOREVER);
    }

    @Export
    public int rt_sigtimedwait_time64(
            Task task, GuestMemory memory, int set, int info, int timeout, int setSize) {
        if (setSize != SET_SIZE) return Errno.EINVAL.negated();
        long wanted = memory.getLong(set);
        long limit = timeout == 0 ? Task.FOREVER : time(memory, timeout);
        var taken = task.signals().take(wanted);
        if (taken != null) {
            if (info != 0) InfoStruct.write(memory, info, taken);
            return taken.signal();
        }
        if (task.timedOut() || limit == 0) return Errno.EAGAIN.negated();
        return task.block(task.signals().arrival(wanted), Pollable.IN, limit);
    }

    private static long time(GuestMemory memory, int address) {
        long seconds = memory.getLong(address);
        int nanos = memory.getInt(address + 8);
        if (seconds < 0 || nanos < 0 || nanos >= 1_000_000_000) throw Errno.EINVAL.exception();
        return seconds >= Long.MAX_VALUE / 1_000_000_000
                ? Task.FOREVER - 1
                : seconds * 1_000_000_000 + nanos;
    }

    @Export
    public int sigaltstack(Task task, GuestMemory memory, int stack, int old) {
        var signals = task.signals();
        var before = signals.alternativeStack();
        if (stack != 0) {
            int flags = memory.getInt(stack + 4);
            if ((flags & ~(SS_ONSTACK | SS_DISABLE)) != 0) return Errno.EINVAL.negated();
            int size = memory.getInt(stack + 8);
            boolean none = (flags & SS_DISABLE) != 0;
            if (!none && Integer.compareUnsigned(size, MINIMUM_STACK) < 0)
                return Errno.ENOMEM.negated();
            signals.setAlternativeStack(
                    none ? null : new AlternativeStack(memory.getInt(stack), size));
        }
        if (old != 0) {
            memory.putInt(old, before == null ? 0 : before.address());
            memory.putInt(old + 4, before == null ? SS_DISABLE : 0);
            memory.putInt(old + 8, before == null ? 0 : before.size());
        }
        return 0;
    }

    @Export
    public int kill(Task task, int pid, int signal) {
        if (signal < 0 || signal > LAST_SIGNAL) return Errno.EINVAL.negated();
        var me = task.process();
        if (pid > 0) {
            var target = me.pod().process(pid);
            if (target == null) return hasEnded(me, pid) ? 0 : Errno.ESRCH.negated();
            if (!mayKill(me, target)) return Errno.EPERM.negated();
            send(me, target, signal);
            return 0;
        }
        int group = pid == 0 ? me.group() : -pid;
        boolean found = false;
        boolean sent = false;
        for (var target : me.pod().processes()) {
            if (pid == -1 ? target == me : target.group() != group) continue;
            found = true;
            if (!mayKill(me, target)) continue;
            sent = true;
            send(me, target, signal);
        }
        if (!found) return Errno.ESRCH.negated();
        return sent ? 0 : Errno.EPERM.negated();
    }

    /// A child that waits to be reaped can be signalled, to no effect.
    private static boolean hasEnded(Process me, int pid) {
        try {
            return me.children().reap(pid, true) != null;
        } catch (podium.syscall.ErrnoException e) {
            return false;
        }
    }

    private static boolean mayKill(Process me, Process target) {
        var mine = me.credentials();
        var theirs = target.credentials();
        return mine.euid() == 0
                || mine.euid() == theirs.uid()
                || mine.euid() == theirs.suid()
                || mine.uid() == theirs.uid()
                || mine.uid() == theirs.suid();
    }

    private static void send(Process me, Process target, int signal) {
        if (signal != 0)
            target.send(new SignalInfo(signal, SI_USER, me.pid(), me.credentials().uid(), 0));
    }

    @Export
    public int tkill(Task task, int tid, int signal) {
        return toTask(task, 0, tid, signal);
    }

    @Export
    public int tgkill(Task task, int pid, int tid, int signal) {
        return pid <= 0 ? Errno.EINVAL.negated() : toTask(task, pid, tid, signal);
    }

    private static int toTask(Task task, int pid, int tid, int signal) {
        if (tid <= 0 || signal < 0 || signal > LAST_SIGNAL) return Errno.EINVAL.negated();
        var me = task.process();
        var target = tid == task.tid() ? task : me.pod().task(tid);
        if (target == null || (pid != 0 && target.process().pid() != pid))
            return Errno.ESRCH.negated();
        if (!mayKill(me, target.process())) return Errno.EPERM.negated();
        if (signal == 0) return 0;
        int uid = me.credentials().uid();
        target.signals().send(new SignalInfo(signal, SI_TKILL, me.pid(), uid, 0));
        return 0;
    }

    @Export
    public int rt_sigqueueinfo(Task task, GuestMemory memory, int pid, int signal, int info) {
        if (signal < 1 || signal > LAST_SIGNAL) return Errno.EINVAL.negated();
        var me = task.process();
        var target = me.pod().process(pid);
        if (target == null) return Errno.ESRCH.negated();
        var queued = InfoStruct.read(memory, info, signal);
        if (queued.code() >= 0 && target != me) return Errno.EPERM.negated();
        if (!mayKill(me, target)) return Errno.EPERM.negated();
        target.send(queued);
        return 0;
    }

    @Export
    public int rt_tgsigqueueinfo(
            Task task, GuestMemory memory, int pid, int tid, int signal, int info) {
        if (signal < 1 || signal > LAST_SIGNAL) return Errno.EINVAL.negated();
        var me = task.process();
        var target = me.pod().task(tid);
        if (target == null || target.process().pid() != pid) return Errno.ESRCH.negated();
        var queued = InfoStruct.read(memory, info, signal);
        if (queued.code() >= 0 && target.process() != me) return Errno.EPERM.negated();
        if (!mayKill(me, target.process())) return Errno.EPERM.negated();
        target.signals().send(queued);
        return 0;
    }

    /// signalfd(2).
    ///
    /// @param fd -1 for a new one
    @Export
    public int signalfd4(Task task, GuestMemory memory, int fd, int set, int setSize, int flags) {
        if (setSize != SET_SIZE || (flags & ~SignalFile.FLAGS) != 0) return Errno.EINVAL.negated();
        long wanted = memory.getLong(set) & ~UNBLOCKABLE;
        if (fd == -1)
            return task.files()
                    .add(new SignalFile(task, wanted, flags), (flags & SignalFile.CLOEXEC) != 0);
        if (!(task.files().get(fd) instanceof SignalFile file)) return Errno.EINVAL.negated();
        file.setSignals(wanted);
        return fd;
    }
}
