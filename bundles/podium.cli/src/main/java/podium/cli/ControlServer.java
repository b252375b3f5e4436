package podium.cli;

import java.io.BufferedReader;
import java.io.IOException;
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
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.pod.PodManager;
import podium.portal.PortalManager;

/// Answers `podium ps`, `kill`, `ls` and `portals` of other processes of the same user: a socket
/// that takes a line of JSON, a list of words, and answers with another.
@Component(
        service = {},
        immediate = true)
public final class ControlServer {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private final ControlCommands commands;
    private final Path path;
    private final ServerSocketChannel server;

    @Activate
    public ControlServer(
            @Reference PodManager pods,
            @Reference(
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable PortalManager portals)
            throws IOException {
        commands = new ControlCommands(pods, portals);
        path = ControlFolder.open().own();
        Files.deleteIfExists(path);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Thread.ofVirtual().name("podium-control").start(this::serve);
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
        try (client;
                var reader =
                        new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8))) {
            var line = reader.readLine();
            if (line == null) return;
            var reply =
                    ByteBuffer.wrap((reply(line).write() + "\n").getBytes(StandardCharsets.UTF_8));
            while (reply.hasRemaining()) client.write(reply);
        } catch (IOException e) {
            LOG.debug("A client of the control socket went away", e);
        }
    }

    private ControlReply reply(String line) {
        try {
            return commands.execute(ControlReply.strings(Json.parse(line)));
        } catch (CommandException | RuntimeException e) {
            return ControlReply.failure(CommandException.message(e));
        }
    }

    @Deactivate
    void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
