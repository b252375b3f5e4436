package podium.buildtool.wast;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.engine.GuestFunction;
import podium.engine.Instance;

/// Interrupts calls that take too long.
final class Watchdog implements AutoCloseable {

    private final Duration patience;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("watchdog").factory());

    Watchdog(Duration patience) {
        this.patience = patience;
    }

    @Nullable Object call(Instance instance, GuestFunction function, @Nullable Object[] arguments) {
        var alarm = timer.schedule(instance::interrupt, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return function.call(arguments);
        } finally {
            alarm.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
