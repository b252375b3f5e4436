package podium.portal.tcp;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.mina.core.service.IoProcessor;
import org.apache.mina.core.service.SimpleIoProcessorPool;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import podium.portal.GuestPort;
import podium.portal.Portal;
import podium.portal.Transport;

/// Transport `tcp`: a TCP port of the host for each guest port.
@Component
@Designate(ocd = TcpConfig.class)
public final class TcpTransport implements Transport {

    private final TcpConfig config;
    private final ExecutorService pumps = Executors.newVirtualThreadPerTaskExecutor();
    private final IoProcessor<NioSession> processors =
            new SimpleIoProcessorPool<>(NioProcessor.class, processorCount());

    @Activate
    public TcpTransport(TcpConfig config) {
        this.config = config;
    }

    private static int processorCount() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8);
    }

    @Override
    public String scheme() {
        return "tcp";
    }

    @Override
    public Portal open(GuestPort port, Map<String, String> options) throws IOException {
        return new TcpPortal(port, Options.of(config, options), processors, pumps);
    }

    @Deactivate
    void stop() {
        processors.dispose();
        pumps.close();
    }
}
