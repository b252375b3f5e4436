package podium.portal.mina;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.mina.core.service.IoProcessor;
import org.apache.mina.core.service.SimpleIoProcessorPool;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;

/// The threads that all ports of a transport share: a few that watch sockets, and a virtual one for
/// each [Serial] at work. Thread-safe.
public final class Network implements AutoCloseable {

    private final ExecutorService pumps = Executors.newVirtualThreadPerTaskExecutor();
    private final IoProcessor<NioSession> processors =
            new SimpleIoProcessorPool<>(NioProcessor.class, processorCount());

    private static int processorCount() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8);
    }

    IoProcessor<NioSession> processors() {
        return processors;
    }

    /// For work that may wait for its turn, not for a client.
    public Executor pumps() {
        return pumps;
    }

    /// Ends every client's connection, and what is done for them.
    @Override
    public void close() {
        processors.dispose();
        pumps.close();
    }
}
