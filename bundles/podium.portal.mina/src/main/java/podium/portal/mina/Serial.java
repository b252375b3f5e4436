package podium.portal.mina;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one body whenever it is asked to, never twice at once, and once more for whatever was asked
/// while it ran. Thread-safe.
public final class Serial implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

    private final Executor executor;
    private final Runnable body;
    private final AtomicInteger asked = new AtomicInteger();

    public Serial(Executor executor, Runnable body) {
        this.executor = executor;
        this.body = body;
    }

    /// Has the body run soon, on another thread. Never waits, and never fails: it is called by
    /// guest
    /// threads, which are none the worse for a transport that has stopped.
    public void ask() {
        if (asked.getAndIncrement() != 0) return;
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            LOG.debug("the transport has stopped", e);
        }
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
