package podium.syscall.net;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Sockets;
import podium.syscall.WaitQueue;

/// A name that the resolver looks up for a caller that waits for it. Thread-safe.
final class NameLookup implements Sockets.Lookup {

    private final WaitQueue waiters = new WaitQueue();
    private volatile @Nullable List<InetAddress> addresses;
    private volatile boolean refused;

    void found(List<InetAddress> addresses) {
        this.addresses = List.copyOf(addresses);
        waiters.wake(IN);
    }

    void refused() {
        refused = true;
        waiters.wake(IN);
    }

    @Override
    public List<InetAddress> addresses() {
        if (refused) throw Errno.EAGAIN.exception();
        var found = addresses;
        if (found == null) throw new IllegalStateException("it is still being looked up");
        return found;
    }

    @Override
    public int readiness() {
        return refused || addresses != null ? IN : 0;
    }

    @Override
    public void watch(Watcher watcher) {
        waiters.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        waiters.remove(watcher);
    }
}
