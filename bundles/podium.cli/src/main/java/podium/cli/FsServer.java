package podium.cli;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/// The container's side of `podium fs`.
final class FsServer {

    private static final Logger LOG = LoggerFactory.getLogger(FsServer.class);
    private static final int BUFFER = 1 << 16;

    private final SocketChannel client;
    private final ContainerServices services;

    /// Held while a frame is sent.
    private final Object lock = new Object();

    FsServer(SocketChannel client, ContainerServices services) {
        this.client = client;
        this.services = services;
    }

    /// Carries out one request and tells the client how it went.
    void execute(FsRequest request) throws IOException {
        FsSubcommand command;
        try {
            command = FsSubcommand.of(request.words());
        } catch (CommandLine.ParameterException | IllegalArgumentException e) {
            end("the container does not understand this program: " + e.getMessage(), 1);
            return;
        }
        if (!command.pod().isEmpty() && services.pods().pod(command.pod()) == null) {
            send(Frame.ABSENT, new byte[0]);
            return;
        }
        try (var input = new AttachedInput(() -> send(Frame.ASK, new byte[0]))) {
            var session = session(request, input);
            Thread.ofVirtual().name("podium-fs").start(() -> listen(input, session));
            run(command, session);
        }
    }

    private FsSession session(FsRequest request, AttachedInput input) {
        return new FsSession(
                services,
                request,
                input,
                new BufferedOutputStream(Frame.stream(client, Frame.OUTPUT, lock), BUFFER),
                (kind, text) -> send(kind, text.getBytes(StandardCharsets.UTF_8)));
    }

    private void run(FsSubcommand command, FsSession session) throws IOException {
        try {
            command.run(session);
            session.output().flush();
            send(Frame.EXIT, new byte[] {(byte) session.status()});
        } catch (Exception e) {
            if (session.isCancelled()) return; // nobody is there to be told
            session.output().flush();
            int status = e instanceof CommandException failure ? failure.status() : 1;
            end(CommandException.message(e), status);
        }
    }

    private void end(String message, int status) throws IOException {
        var line = "podium: " + FsSession.printable(message) + "\n";
        send(Frame.ERROR, line.getBytes(StandardCharsets.UTF_8));
        send(Frame.EXIT, new byte[] {(byte) status});
    }

    private void send(int kind, byte[] bytes) throws IOException {
        synchronized (lock) {
            Frame.write(client, kind, bytes, 0, bytes.length);
        }
    }

    /// Takes the client's input. When the client is gone, so is the reason for all this.
    private void listen(AttachedInput input, FsSession session) {
        try {
            var in = new DataInputStream(Channels.newInputStream(client));
            for (var frame = Frame.read(in); frame != null; frame = Frame.read(in))
                if (frame.kind() == Frame.INPUT) input.receive(frame.bytes());
        } catch (IOException e) {
            LOG.debug("The connection to a client broke", e);
        }
        session.cancel();
        input.close();
    }
}
