package podium.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import podium.syscall.ChildEvents.Ended;
import podium.syscall.Errno;

/// A pod's processes, tasks and zombies, by number.
///
/// Thread-safe. The lock guards numbers, parents and zombies; it is held while no other is taken.
final class ProcessTable {

    /// Number 1 is the kernel itself, which orphans belong to.
    static final int INIT = 1;

    private static final int LAST = 32_767;

    private final Map<Integer, GuestProcess> processes = new ConcurrentHashMap<>();
    private final Map<Integer, GuestTask> tasks = new ConcurrentHashMap<>();
    private final Map<Integer, Zombie> zombies = new HashMap<>();

    /// Numbers given out whose process or task is not entered yet. Guarded by this.
    private final Set<Integer> reserved = new HashSet<>();

    private int last = INIT;
    private boolean closed;

    private record Zombie(Ended ended, int parent, int group) {}

    @Nullable GuestProcess process(int pid) {
        return processes.get(pid);
    }

    @Nullable GuestTask task(int tid) {
        return tasks.get(tid);
    }

    List<GuestProcess> processes() {
        var list = new ArrayList<>(processes.values());
        list.sort(Comparator.comparingInt(GuestProcess::pid));
        return list;
    }

    Collection<GuestTask> tasks() {
        return tasks.values();
    }

    /// A number for a process or a further task, which is taken until that is entered, or given
    /// back by [#release].
    ///
    /// @throws podium.syscall.ErrnoException `EAGAIN` at the limit or when the pod is closed
    synchronized int allocate(int processLimit, int taskLimit) {
        check(processLimit, taskLimit);
        do last = last == LAST ? INIT + 1 : last + 1;
        while (isUsed(last));
        reserved.add(last);
        return last;
    }

    /// A number of the caller's choice.
    ///
    /// @return false when it is in use, or none for a process
    /// @throws podium.syscall.ErrnoException as above
    synchronized boolean allocate(int wanted, int processLimit, int taskLimit) {
        check(processLimit, taskLimit);
        return wanted > INIT && wanted <= LAST && !isUsed(wanted) && reserved.add(wanted);
    }

    private void check(int processLimit, int taskLimit) {
        if (closed
                || processes.size() >= processLimit
                || tasks.size() + reserved.size() >= taskLimit) throw Errno.EAGAIN.exception();
    }

    /// Whether a process has children, or such as wait to be reaped.
    synchronized boolean hasChildren(int pid) {
        for (var process : processes.values()) if (process.parent() == pid) return true;
        for (var zombie : zombies.values()) if (zombie.parent == pid) return true;
        return false;
    }

    synchronized void release(int id) {
        reserved.remove(id);
    }

    private boolean isUsed(int id) {
        if (processes.containsKey(id)
                || tasks.containsKey(id)
                || zombies.containsKey(id)
                || reserved.contains(id)) return true;
        for (var process : processes.values())
            if (process.group() == id || process.session() == id) return true;
        return false;
    }

    synchronized void add(GuestProcess process) {
        reserved.remove(process.pid());
        if (closed) throw Errno.EAGAIN.exception();
        processes.put(process.pid(), process);
    }

    synchronized void add(GuestTask task) {
        reserved.remove(task.tid());
        tasks.put(task.tid(), task);
    }

    void remove(GuestTask task) {
        tasks.remove(task.tid(), task);
    }

    /// No more processes.
    synchronized void close() {
        closed = true;
    }

    /// A process ended: its children become the kernel's, its zombies vanish.
    ///
    /// @param keep whether the parent is to reap it
    synchronized void ended(GuestProcess process, Ended how, boolean keep) {
        int pid = process.pid();
        processes.remove(pid);
        for (var child : processes.values()) if (child.parent() == pid) child.orphan();
        zombies.values().removeIf(z -> z.parent == pid);
        if (keep && processes.containsKey(process.parent()))
            zombies.put(pid, new Zombie(how, process.parent(), process.group()));
        notifyAll();
    }

    /// A process could not start after all.
    synchronized void forget(GuestProcess process) {
        processes.remove(process.pid());
        notifyAll();
    }

    /// Waits until no process lives.
    ///
    /// @return false when some still do after a time, in milliseconds
    synchronized boolean awaitEmpty(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (!processes.isEmpty() || !tasks.isEmpty()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) return false;
            wait(Math.min(left, 20));
        }
        return true;
    }

    /// See [podium.syscall.ChildEvents#reap].
    synchronized @Nullable Ended reap(int parent, int parentGroup, int which, boolean keep) {
        boolean any = false;
        for (var zombie : zombies.values()) {
            if (zombie.parent != parent
                    || !matches(which, zombie.ended.pid(), zombie.group, parentGroup)) continue;
            if (!keep) zombies.remove(zombie.ended.pid());
            return zombie.ended;
        }
        for (var process : processes.values())
            any |=
                    process.parent() == parent
                            && matches(which, process.pid(), process.group(), parentGroup);
        if (!any) throw Errno.ECHILD.exception();
        return null;
    }

    private static boolean matches(int which, int pid, int group, int parentGroup) {
        if (which == 0) return true;
        if (which > 0) return pid == which;
        return group == (which == Integer.MIN_VALUE ? parentGroup : -which);
    }

    /// setpgid(2).
    synchronized void setGroup(GuestProcess process, int wanted) {
        if (wanted < 0) throw Errno.EINVAL.exception();
        int group = wanted == 0 ? process.pid() : wanted;
        if (process.session() == process.pid()) throw Errno.EPERM.exception();
        if (group != process.pid() && !isGroup(group, process.session()))
            throw Errno.EPERM.exception();
        process.moveTo(group, process.session());
    }

    private boolean isGroup(int group, int session) {
        for (var other : processes.values())
            if (other.group() == group && other.session() == session) return true;
        return false;
    }

    /// setsid(2).
    synchronized int newSession(GuestProcess process) {
        for (var other : processes.values())
            if (other.group() == process.pid()) throw Errno.EPERM.exception();
        process.moveTo(process.pid(), process.pid());
        return process.pid();
    }
}
