package podium.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.json.Json;
import podium.pod.PodManager;
import podium.portal.PortalManager;
import podium.vfs.Archives;
import podium.vfs.Vfs;

/// Answers `podium ps`, `kill`, `freeze`, `ls`, `portals` and `fs` of other processes of the same
/// user: a socket that takes a line of JSON, a list of words, and answers with another. A container
/// of `podium start` also runs programs for them.
@Component(
        service = {},
        immediate = true)
public final class ControlServer {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    /// What a request to run a program starts with; the request follows in Base64.
    static final String RUN = "run ";

    /// What a request of `podium fs` starts with; an [FsRequest] follows.
    static final String FS = "fs ";

    /// Framework property of a container that runs programs for others.
    static final String SERVES = "podium.serves";

    /// The longest request.
    private static final int LINE_LIMIT = 1 << 20;

    /// Seconds that a reply on its way keeps the container from stopping.
    private static final int LAST_REPLIES = 2;

    private final PodManager pods;
    private final BundleContext context;
    private final boolean serves;
    private final ControlCommands commands;
    private final ContainerServices services;
    private final Path path;
    private final ServerSocketChannel server;

    /// Of the platform's, since virtual ones wait for sockets by a thread in native code that never
    /// ends, and for such a thread HotSpot waits 300 ms when it exits.
    private final Thread listener;

    private final Set<PodRun> runs = ConcurrentHashMap.newKeySet();

    /// Those on their way, and the server itself.
    private final Phaser replies = new Phaser(1);

    @Activate
    public ControlServer(
            @Reference PodManager pods,
            @Reference Vfs vfs,
            @Reference(
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable PortalManager portals,
            @Reference(
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable Archives archives,
            BundleContext context)
            throws IOException {
        this.pods = pods;
        this.context = context;
        serves = Boolean.parseBoolean(context.getProperty(SERVES));
        commands = new ControlCommands(pods, portals);
        services = new ContainerServices(pods, vfs, archives);
        path = ControlFolder.open().own(serves);
        Files.deleteIfExists(path);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        listener = Thread.ofPlatform().daemon().name("podium-control").start(this::serve);
    }

    private void serve() {
        try {
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> answer(client));
            }
        } catch (ClosedChannelException _) {
            // Deactivated.
        } catch (IOException e) {
            LOG.error("The control socket {} is lost", path, e);
        }
    }

    private void answer(SocketChannel client) {
        try (client) {
            var input = Channels.newInputStream(client);
            var line = readLine(input);
            if (line.startsWith(RUN)) {
                attach(client, line.substring(RUN.length()));
                return;
            }
            if (line.startsWith(FS)) {
                new FsServer(client, services).execute(FsRequest.read(line.substring(FS.length())));
                return;
            }
            replies.register();
            try {
                var reply = reply(line).write() + "\n";
                var bytes = ByteBuffer.wrap(reply.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) client.write(bytes);
            } finally {
                replies.arriveAndDeregister();
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("A client of the control socket went away", e);
        }
    }

    /// @throws IOException there is no line
    private static String readLine(InputStream input) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = input.read(); c != '\n'; c = input.read()) {
            if (c < 0 || line.size() == LINE_LIMIT) throw new IOException("no line");
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private void attach(SocketChannel client, String request) throws IOException {
        if (!serves) throw new IOException("this container serves nobody");
        var bytes = Base64.getDecoder().decode(request);
        new AttachedRun(client)
                .execute(streams -> new PodRun(pods, context, RunRequest.of(bytes), streams), runs);
    }

    private ControlReply reply(String line) {
        try {
            return commands.execute(ControlReply.strings(Json.parse(line)));
        } catch (CommandException | RuntimeException e) {
            return ControlReply.failure(CommandException.message(e));
        }
    }

    /// Programs that run for others are told to end first. A command that ends the container, as
    /// freezing its one program does, is answered.
    @Deactivate
    void close() throws IOException, InterruptedException {
        server.close();
        listener.join();
        Files.deleteIfExists(path);
        try (var stops = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var run : runs)
                stops.submit(
                        () -> {
                            run.stop(SignalName.TERM);
                            return null;
                        });
        }
        try {
            int phase = replies.arriveAndDeregister();
            replies.awaitAdvanceInterruptibly(phase, LAST_REPLIES, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.debug("A client of the control socket is left without an answer", e);
        }
    }
}
