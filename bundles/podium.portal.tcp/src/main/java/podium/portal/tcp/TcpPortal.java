package podium.portal.tcp;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import podium.portal.GuestPort;
import podium.portal.Portal;
import podium.portal.mina.Bridge;
import podium.portal.mina.Client;
import podium.portal.mina.ClientHandler;
import podium.portal.mina.HostPort;
import podium.portal.mina.Network;

/// One port of the host that leads to one guest port.
final class TcpPortal implements Portal {

    private final GuestPort port;
    private final int idle;
    private final Network network;
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final HostPort host;
    private boolean closed;

    TcpPortal(GuestPort port, Options options, Network network) throws IOException {
        this.port = port;
        this.network = network;
        idle = options.idle();
        host =
                new HostPort(
                        network,
                        options.host(),
                        options.port(),
                        options.connections(),
                        this::connect);
    }

    private ClientHandler connect(Client client) throws IOException {
        var guest = port.connect(client.address());
        if (idle > 0) client.closeWhenIdle(idle);
        return new Bridge(client, guest, network.pumps(), received, sent);
    }

    @Override
    public URI uri() {
        return URI.create("tcp://" + host.authority());
    }

    @Override
    public GuestPort port() {
        return port;
    }

    @Override
    public String scheme() {
        return "tcp";
    }

    @Override
    public Traffic traffic() {
        return new Traffic(host.open(), host.connections(), received.sum(), sent.sum());
    }

    @Override
    public boolean close(Duration grace) {
        synchronized (this) {
            if (closed) return host.open() == 0;
            closed = true;
        }
        return host.close(grace);
    }
}
