package podium.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import podium.pod.PortalRule;
import podium.portal.Connection;
import podium.portal.GuestPort;

/// A guest that listens on a port, in a test's hands. Thread-safe.
public final class ListeningGuest implements GuestPort {

    private final String pod;
    private final int port;
    private final LinkedBlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
    private volatile boolean refusing;

    private record Arrived(GuestPeer peer, InetSocketAddress from) {}

    public ListeningGuest(String pod, int port) {
        this.pod = pod;
        this.port = port;
    }

    /// The next connection, waiting for it.
    public GuestPeer accept() throws IOException {
        try {
            var next = arrived.poll(30, TimeUnit.SECONDS);
            if (next == null) throw new IOException("nobody connected");
            if (next.from.getPort() == 0) throw new IOException("no peer address: " + next.from);
            return next.peer;
        } catch (InterruptedException e) {
            throw new java.io.InterruptedIOException();
        }
    }

    /// Connections made that nobody accepted.
    public int waiting() {
        return arrived.size();
    }

    /// From now on connecting fails, or works again.
    public void refuse(boolean refusing) {
        this.refusing = refusing;
    }

    @Override
    public String pod() {
        return pod;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public List<PortalRule> rules() {
        return List.of();
    }

    @Override
    public Connection connect(InetSocketAddress peer) throws IOException {
        if (refusing) throw new IOException("nobody listens");
        var made = new GuestPeer();
        arrived.add(new Arrived(made, peer));
        return made.hostEnd();
    }
}
