package podium.syscall.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that watches the host's channels of all pods. It runs only while there are any.
/// Thread-safe.
final class HostSelector {

    private static final Logger LOG = LoggerFactory.getLogger(HostSelector.class);

    /// How long the thread lives on without a channel, in milliseconds.
    private static final long LINGER = 10_000;

    private @Nullable Selector selector;

    /// Is told what became ready; the selector looks for that no more until asked again.
    interface Ready {

        void ready(int operations);
    }

    /// Watches a channel.
    ///
    /// @param operations of [SelectionKey]
    SelectionKey register(SelectableChannel channel, int operations, Ready ready)
            throws IOException {
        synchronized (this) {
            var selector = running();
            var key = channel.register(selector, operations, ready);
            selector.wakeup();
            return key;
        }
    }

    /// Watches for further operations.
    static void watch(SelectionKey key, int operations) {
        try {
            int before = key.interestOpsOr(operations);
            if ((before & operations) != operations) key.selector().wakeup();
        } catch (CancelledKeyException e) {
            LOG.trace("closed meanwhile", e);
        }
    }

    private Selector running() throws IOException {
        var running = selector;
        if (running != null) return running;
        var made = Selector.open();
        selector = made;
        Thread.ofPlatform().daemon().name("podium-net").start(() -> run(made));
        return made;
    }

    private void run(Selector selector) {
        try (selector) {
            do {
                while (selector.select(LINGER) > 0 || !selector.keys().isEmpty())
                    for (var keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                        var key = keys.next();
                        keys.remove();
                        dispatch(key);
                    }
            } while (!retire(selector));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized boolean retire(Selector selector) {
        if (!selector.keys().isEmpty()) return false;
        this.selector = null;
        return true;
    }

    private static void dispatch(SelectionKey key) {
        try {
            int operations = key.readyOps();
            key.interestOpsAnd(~operations);
            ((Ready) key.attachment()).ready(operations);
        } catch (CancelledKeyException e) {
            LOG.trace("closed meanwhile", e);
        } catch (RuntimeException e) {
            LOG.error("a channel's handler failed", e);
        }
    }
}
