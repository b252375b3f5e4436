package podium.portal.http;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs one body whenever it is asked to, never twice at once, and once more for whatever was asked
/// while it ran.
final class Serial implements Runnable {

    private final Executor executor;
    private final Runnable body;
    private final AtomicInteger asked = new AtomicInteger();

    Serial(Executor executor, Runnable body) {
        this.executor = executor;
        this.body = body;
    }

    /// Has the body run soon, on another thread. Never waits.
    void ask() {
        if (asked.getAndIncrement() == 0) executor.execute(this);
    }

    @Override
    public void run() {
        int done = asked.get();
        do {
            body.run();
            done = asked.addAndGet(-done);
        } while (done != 0);
    }
}
