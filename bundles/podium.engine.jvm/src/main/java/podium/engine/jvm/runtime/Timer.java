package podium.engine.jvm.runtime;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One thread for the deadlines of all instances, while there are any.
final class Timer {

    private static final ScheduledThreadPoolExecutor EXECUTOR = executor();

    private Timer() {}

    private static ScheduledThreadPoolExecutor executor() {
        var factory = Thread.ofPlatform().daemon().name("wasm-deadlines").factory();
        var executor = new ScheduledThreadPoolExecutor(1, factory);
        executor.setRemoveOnCancelPolicy(true);
        executor.setKeepAliveTime(1, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /// @param action short
    static Future<?> after(Duration time, Runnable action) {
        long nanos = TimeUnit.NANOSECONDS.convert(time); // at most 292 years
        return EXECUTOR.schedule(action, nanos, TimeUnit.NANOSECONDS);
    }
}
