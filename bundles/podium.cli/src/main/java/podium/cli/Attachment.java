package podium.cli;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The program's side of `podium run --attach`: this process lends its input and output to a
/// program in a container that runs already. When this process ends, so does the program.
final class Attachment {

    private static final int BUFFER = 1 << 16;

    private Attachment() {}

    /// @return the exit code
    /// @throws CommandException no container serves
    static int run(RunRequest request) throws IOException, CommandException {
        try (var channel = connect()) {
            var line =
                    ControlServer.RUN + Base64.getEncoder().encodeToString(request.bytes()) + "\n";
            var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            Thread.ofPlatform().daemon().name("podium-input").start(() -> sendInput(channel));
            return receive(channel);
        }
    }

    private static SocketChannel connect() throws IOException, CommandException {
        for (var socket : ControlFolder.open().serving()) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(socket));
            } catch (ConnectException _) {
                // Its process was killed; there may be another one.
            }
        }
        throw new CommandException("no container to attach to (start one with 'podium start')");
    }

    private static void sendInput(SocketChannel channel) {
        var buffer = new byte[BUFFER];
        try {
            for (int n = System.in.read(buffer); n > 0; n = System.in.read(buffer))
                Frame.write(channel, Frame.INPUT, buffer, 0, n);
            Frame.write(channel, Frame.INPUT, buffer, 0, 0);
        } catch (IOException _) {
            // The program has ended; what it said of that is on its way.
        }
    }

    private static int receive(SocketChannel channel) throws IOException {
        var own = Streams.own();
        var in = new DataInputStream(Channels.newInputStream(channel));
        for (var frame = Frame.read(in); frame != null; frame = Frame.read(in))
            switch (frame.kind()) {
                case Frame.OUTPUT -> own.output().write(frame.bytes());
                case Frame.ERROR -> own.error().write(frame.bytes());
                case Frame.EXIT -> {
                    return frame.bytes()[0] & 0xff;
                }
                default -> throw new IOException("no frame of kind " + frame.kind());
            }
        throw new EOFException("the container has gone");
    }
}
