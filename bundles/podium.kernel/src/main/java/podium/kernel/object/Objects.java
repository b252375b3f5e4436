package podium.kernel.object;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import podium.syscall.Errno;
import podium.syscall.KernelObjects;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Process;

/// Makes the kernel's own kinds of open files. Thread-safe.
@Component(service = KernelObjects.class)
public final class Objects implements KernelObjects, AutoCloseable {

    private final ScheduledExecutorService scheduler;

    @Activate
    public Objects() {
        var scheduler =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("podium-timers").factory());
        scheduler.setRemoveOnCancelPolicy(true);
        this.scheduler = scheduler;
    }

    @Override
    public Pipe pipe(int flags) {
        var pipe = new podium.kernel.object.Pipe(flags);
        return new Pipe(pipe.reader, pipe.writer);
    }

    @Override
    public OpenFile eventfd(int initial, int flags) {
        return new EventFile(initial, flags);
    }

    @Override
    public Epoll epoll() {
        return new EpollFile();
    }

    @Override
    public Timer timer(Process process, int clock, int flags) {
        return new TimerFile(scheduler, process, clock, flags);
    }

    @Override
    public Pollable any(Pollable[] pollables, int[] events) {
        return new AnyOf(pollables, events);
    }

    @Override
    public OpenFile device(long device, int flags) {
        if (Thread.currentThread() instanceof TerminalHolder holder && device == TTY) {
            var terminal = holder.terminal();
            if (terminal != null) return terminal;
        }
        throw Errno.ENXIO.exception();
    }

    /// makedev(5, 0).
    private static final long TTY = 5 << 8;

    /// A thread whose guest may have a terminal.
    public interface TerminalHolder {

        /// The terminal, with a use added, or null.
        @org.jspecify.annotations.Nullable
        OpenFile terminal();
    }

    @Deactivate
    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
