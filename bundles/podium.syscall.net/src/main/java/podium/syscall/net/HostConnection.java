package podium.syscall.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import podium.portal.Connection;
import podium.syscall.Errno;
import podium.syscall.WaitQueue;

/// The host's end of a connection to a guest's listening port.
final class HostConnection implements Connection {

    private final StreamEnd end;
    private final WaitQueue waiters;
    private volatile boolean finished;
    private volatile boolean closed;

    HostConnection(StreamEnd end, WaitQueue waiters) {
        this.end = end;
        this.waiters = waiters;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (closed) throw new IOException("the connection is closed");
        int n = end.read(into);
        if (n > 0 || !into.hasRemaining()) return n;
        if (n == 0) return -1;
        if (n == Errno.EAGAIN.negated()) return 0;
        throw new IOException("the guest reset the connection");
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (closed) throw new IOException("the connection is closed");
        int n = end.write(from);
        if (n >= 0) return n;
        if (n == Errno.EAGAIN.negated()) return 0;
        throw new IOException("the guest closed the connection");
    }

    @Override
    public void shutdownOutput() {
        if (finished || closed) return;
        finished = true;
        try {
            end.shutdown(false, true);
        } catch (podium.syscall.ErrnoException e) {
            // Both sides have ended already: there is nothing left to shut down.
            assert e.errno() == Errno.ENOTCONN;
        }
    }

    @Override
    public void close() {
        closed = true;
        end.close(!finished);
    }

    @Override
    public int readiness() {
        return end.readiness();
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
