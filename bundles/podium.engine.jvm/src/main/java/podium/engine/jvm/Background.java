package podium.engine.jvm;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads of an engine that compile what nobody waits for: all processors but one, which is
/// the guest's. They end when there is nothing to do.
final class Background implements Executor, AutoCloseable {

    private final ThreadPoolExecutor threads;

    Background() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
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

    /// Gives up all work; what is being done is interrupted.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
