package podium.portal.tcp;

import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import podium.portal.GuestPort;
import podium.portal.Portal;
import podium.portal.Transport;
import podium.portal.mina.Network;

/// Transport `tcp`: a TCP port of the host for each guest port.
@Component
@Designate(ocd = TcpConfig.class)
public final class TcpTransport implements Transport {

    private final TcpConfig config;
    private final Network network = new Network();

    @Activate
    public TcpTransport(TcpConfig config) {
        this.config = config;
    }

    @Override
    public String scheme() {
        return "tcp";
    }

    @Override
    public Portal open(GuestPort port, Map<String, String> options) throws IOException {
        return new TcpPortal(port, Options.of(config, options), network);
    }

    @Deactivate
    void stop() {
        network.close();
    }
}
