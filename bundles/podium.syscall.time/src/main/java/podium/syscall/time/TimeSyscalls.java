package podium.syscall.time;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Process;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// Clocks, sleeping and timers (clock_gettime(2), clock_nanosleep(2), setitimer(2),
/// timer_create(2)).
@Component(service = SyscallFamily.class)
public final class TimeSyscalls implements SyscallFamily, AutoCloseable {

    private static final int TIMER_ABSTIME = 1;

    /// Clock ticks in a second, what times(2) counts in.
    private static final long TICK = Times.SECOND / 100;

    private final TimerQueue queue = new TimerQueue();

    @Activate
    public TimeSyscalls() {}

    @Deactivate
    @Override
    public void close() {
        queue.close();
    }

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int clock_gettime64(Task task, GuestMemory memory, int clock, int time) {
        Times.put(memory, time, ClockReader.read(task, clock));
        return 0;
    }

    /// Guests cannot set the host's clock.
    @Export
    public int clock_settime64(Task task, GuestMemory memory, int clock, int time) {
        ClockReader.read(task, clock);
        Times.get(memory, time);
        return Errno.EPERM.negated();
    }

    @Export
    public int clock_getres_time64(Task task, GuestMemory memory, int clock, int resolution) {
        ClockReader.read(task, clock);
        if (resolution != 0) Times.put(memory, resolution, 1);
        return 0;
    }

    @Export
    public int nanosleep(Task task, GuestMemory memory, int request, int remaining) {
        return clock_nanosleep_time64(task, memory, Clock.MONOTONIC, 0, request, remaining);
    }

    @Export
    public int clock_nanosleep_time64(
            Task task, GuestMemory memory, int clock, int flags, int request, int remaining) {
        if (task.timedOut()) return 0;
        if (!ClockReader.canSleepOn(clock)) return Errno.EINVAL.negated();
        long time = Times.get(memory, request);
        boolean absolute = (flags & TIMER_ABSTIME) != 0;
        if (absolute) time = Math.max(0, time - ClockReader.read(task, clock));
        if (time == 0) return 0;
        if (remaining != 0 && !absolute)
            task.onInterrupt(
                    () -> {
                        Times.put(memory, remaining, task.remaining());
                        return Errno.EINTR.negated();
                    });
        return task.block(null, 0, time);
    }

    @Export
    public int times(Task task, GuestMemory memory, int buffer) {
        if (buffer != 0) {
            memory.putInt(buffer, (int) (task.process().cpuTime() / TICK));
            memory.putInt(buffer + 4, 0);
            memory.putLong(buffer + 8, 0);
        }
        // Never in the range of error numbers, as on Linux.
        return (int) (task.process().monotonic() / TICK) & Integer.MAX_VALUE;
    }

    @Export
    public int getitimer(Task task, GuestMemory memory, int which, int value) {
        putOld(memory, value, timers(task).interval(which));
        return 0;
    }

    @Export
    public int setitimer(Task task, GuestMemory memory, int which, int value, int old) {
        var timer = timers(task).interval(which);
        long first = value == 0 ? 0 : Times.getOld(memory, value + 8);
        long interval = value == 0 ? 0 : Times.getOld(memory, value);
        if (old != 0) putOld(memory, old, timer);
        timer.set(first, interval);
        return 0;
    }

    private static void putOld(GuestMemory memory, int address, GuestTimer timer) {
        Times.putOld(memory, address, timer.interval());
        Times.putOld(memory, address + 8, timer.remaining());
    }

    @Export
    public int timer_create(Task task, GuestMemory memory, int clock, int event, int timer) {
        int id = timers(task).create(task, clock, SignalEvent.read(memory, event));
        memory.putInt(timer, id);
        return 0;
    }

    @Export
    public int timer_settime64(
            Task task, GuestMemory memory, int id, int flags, int value, int old) {
        var timer = timers(task).get(id);
        long interval = Times.get(memory, value);
        long first = Times.get(memory, value + 16);
        if (old != 0) putNew(memory, old, timer);
        if ((flags & TIMER_ABSTIME) != 0 && first != 0)
            first = Math.max(1, first - ClockReader.read(task, timer.clock()));
        timer.set(first, interval);
        return 0;
    }

    @Export
    public int timer_gettime64(Task task, GuestMemory memory, int id, int value) {
        putNew(memory, value, timers(task).get(id));
        return 0;
    }

    private static void putNew(GuestMemory memory, int address, GuestTimer timer) {
        Times.put(memory, address, timer.interval());
        Times.put(memory, address + 16, timer.remaining());
    }

    @Export
    public int timer_getoverrun(Task task, int id) {
        return timers(task).get(id).overrun();
    }

    @Export
    public int timer_delete(Task task, int id) {
        timers(task).delete(id);
        return 0;
    }

    @Override
    public @Nullable String holds(Process process) {
        var timers = process.pod().state(PodTimers.class, PodTimers::new);
        return timers.has(process) ? "it has a timer" : null;
    }

    private ProcessTimers timers(Task task) {
        return task.process()
                .pod()
                .state(PodTimers.class, PodTimers::new)
                .of(task.process(), queue);
    }
}
