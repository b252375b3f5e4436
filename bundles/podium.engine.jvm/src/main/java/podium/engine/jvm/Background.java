package podium.engine.jvm;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads of an engine that compile what nobody waits for: all processors but one, which is
/// the guest's. They end when there is nothing to do.
final class Background implements Executor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    /// Seconds after which a thread has looked whether it is interrupted.
    private static final int LONGEST_STEP = 10;

    private final ThreadPoolExecutor threads;

    Background() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
    }

    /// @param count threads at most
    Background(int count) {
        var factory =
                Thread.ofPlatform()
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .name("wasm-background-", 0)
                        .factory();
        threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        factory,
                        new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
    }

    /// Runs something some time, or never when this is closed.
    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /// Gives up all work; what is being done is interrupted and waited for, as its classes may be
    /// gone when this has returned.
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(LONGEST_STEP, TimeUnit.SECONDS))
                LOG.warn("a thread that compiles does not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
