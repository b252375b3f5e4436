package podium.syscall.time;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs timers when they are due, on one thread.
final class TimerQueue implements AutoCloseable {

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("podium-itimers").factory());

    TimerQueue() {
        executor.setRemoveOnCancelPolicy(true);
        // No thread while no guest has a timer.
        executor.setKeepAliveTime(10, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
    }

    Future<?> schedule(Runnable action, long delay) {
        return executor.schedule(action, delay, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
