package podium.kernel;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A process's tasks, and how it ends: for the first reason there is, as soon as the last task has
/// left.
///
/// Thread-safe; the lock guards who belongs to it and how it ends. Iterating takes no lock.
final class TaskGroup implements Iterable<GuestTask> {

    private final GuestProcess process;
    private final CopyOnWriteArrayList<GuestTask> tasks = new CopyOnWriteArrayList<>();
    private volatile @Nullable String failure;
    private boolean ending;
    private boolean finished;

    /// A task of the parent's acts for the process; it has none of its own.
    private boolean borrowed;

    private int status;
    private int signal;
    private long endedCpuTime;

    TaskGroup(GuestProcess process) {
        this.process = process;
    }

    @Override
    public Iterator<GuestTask> iterator() {
        return tasks.iterator();
    }

    List<GuestTask> list() {
        return tasks;
    }

    int size() {
        return tasks.size();
    }

    /// How many may still run code of the guest's.
    int running() {
        int running = 0;
        for (var task : tasks) if (!task.leaving()) running++;
        return running;
    }

    /// @return false when the process is ending
    boolean add(GuestTask task) {
        synchronized (this) {
            if (ending) return false;
            tasks.add(task);
        }
        process.pod().table().add(task);
        process.pod().gates().enter(task);
        return true;
    }

    /// A task that was added could not start.
    void remove(GuestTask task) {
        tasks.remove(task);
        process.pod().gates().exit(task);
        process.pod().table().remove(task);
    }

    /// A task of its parent's acts for it.
    synchronized void borrow() {
        borrowed = true;
    }

    /// That task acts for it no more: either it has a task of its own now, or it ends.
    void borrowerLeft() {
        boolean over;
        synchronized (this) {
            borrowed = false;
            over = ending && tasks.isEmpty();
        }
        if (over) finish();
    }

    /// One task ends by exit(2). The last one's status is the process's.
    synchronized void exits(int status) {
        if (!ending) this.status = status & 0xff;
    }

    void ended(GuestTask task) {
        long cpu = Cpu.ofCurrentThread();
        process.pod().taskEnded(task, cpu);
        boolean last;
        synchronized (this) {
            endedCpuTime += cpu;
            tasks.remove(task);
            last = tasks.isEmpty();
            if (last) ending = true;
            notifyAll();
        }
        if (last) finish();
    }

    /// Waits until a task is the only one left, or is to end itself.
    void awaitOthers(GuestTask task) {
        synchronized (this) {
            while (tasks.size() > 1 && !task.attention(GuestTask.KILLED))
                try {
                    wait(10);
                } catch (InterruptedException e) {
                    // Nobody interrupts guest threads on purpose; the kill below is what counts.
                    Failure.LOG.debug("interrupted", e);
                }
        }
    }

    /// Makes the other tasks end, execve(2).
    void killOthers(GuestTask task) {
        for (var other : tasks) if (other != task) other.kill();
    }

    /// Ends the process; the first reason counts. Its tasks notice by themselves.
    ///
    /// @param signal 0 for none
    void terminate(int status, int signal) {
        boolean alone;
        synchronized (this) {
            if (ending) return;
            ending = true;
            this.status = status;
            this.signal = signal;
            alone = tasks.isEmpty() && !borrowed;
        }
        for (var task : tasks) task.kill();
        if (alone) finish();
    }

    /// The kernel ends the process, for a reason people want to know.
    void fail(int signal, String line) {
        fail(signal, line, "");
    }

    /// @param more lines for the log alone
    void fail(int signal, String line, String more) {
        synchronized (this) {
            if (ending) return;
            failure = line;
        }
        Failure.LOG.info("{}{}", line, more);
        terminate(0, signal);
    }

    /// Why the kernel ended it, if it did.
    @Nullable String failure() {
        return failure;
    }

    synchronized boolean ending() {
        return ending;
    }

    private void finish() {
        int status;
        int signal;
        synchronized (this) {
            if (finished) return;
            finished = true;
            status = this.status;
            signal = this.signal;
        }
        process.ended(status, signal);
    }

    /// Nanoseconds of all tasks, those that have ended included.
    long cpuTime() {
        long time;
        synchronized (this) {
            time = endedCpuTime;
        }
        for (var task : tasks) time += Cpu.of(task.thread());
        return time;
    }
}
