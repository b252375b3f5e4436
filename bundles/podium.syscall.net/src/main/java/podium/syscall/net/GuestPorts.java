package podium.syscall.net;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.portal.GuestPort;
import podium.portal.GuestPortListener;

/// Tells listeners of the ports that guests listen on, in the order of events. Whoever raises an
/// event while another thread is telling leaves it to that thread. Thread-safe; called with no lock
/// held that a listener could want.
final class GuestPorts {

    private static final Logger LOG = LoggerFactory.getLogger(GuestPorts.class);

    private final ConcurrentLinkedQueue<Runnable> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /// Touched by events alone.
    private final LinkedHashSet<GuestPort> open = new LinkedHashSet<>();

    private final List<GuestPortListener> listeners = new ArrayList<>();

    /// Notes an event; [#tell()] has it delivered. Callable under locks.
    void opened(GuestPort port) {
        events.add(
                () -> {
                    open.add(port);
                    for (var listener : List.copyOf(listeners))
                        guarded(() -> listener.opened(port));
                });
    }

    void closed(GuestPort port) {
        events.add(
                () -> {
                    if (!open.remove(port)) return;
                    for (var listener : List.copyOf(listeners))
                        guarded(() -> listener.closed(port));
                });
    }

    void add(GuestPortListener listener) {
        events.add(
                () -> {
                    listeners.add(listener);
                    for (var port : List.copyOf(open)) guarded(() -> listener.opened(port));
                });
        tell();
    }

    void remove(GuestPortListener listener) {
        events.add(() -> listeners.remove(listener));
        tell();
    }

    /// Delivers the events noted so far.
    void tell() {
        if (waiting.getAndIncrement() != 0) return;
        int told = 1;
        do {
            for (Runnable event; (event = events.poll()) != null; ) event.run();
            told = waiting.addAndGet(-told);
        } while (told != 0);
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("a guest port listener failed", e);
        }
    }
}
