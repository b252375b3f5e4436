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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The program's side of `podium fs`: asks the container that has the pod, and passes on what
/// comes.
/// When this process ends, so does what it asked for.
final class FsClient {

    private static final int BUFFER = 1 << 16;

    private final SocketChannel channel;
    private final ProgressBar bar = new ProgressBar(System.err, isTerminal(2));

    private FsClient(SocketChannel channel) {
        this.channel = channel;
    }

    /// @return the exit code, or null when there is no container that can carry it out
    static @Nullable Integer run(List<String> words) throws IOException {
        boolean terminal = isTerminal(1);
        var colourless = System.getenv("NO_COLOR");
        boolean colour = terminal && (colourless == null || colourless.isEmpty());
        var request =
                new FsRequest(words, Path.of("").toAbsolutePath().toString(), terminal, colour);
        var line = (ControlServer.FS + request.write() + "\n").getBytes(StandardCharsets.UTF_8);
        for (var socket : ControlFolder.open().sockets())
            try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                for (var bytes = ByteBuffer.wrap(line); bytes.hasRemaining(); )
                    channel.write(bytes);
                var status = new FsClient(channel).receive();
                if (status != null) return status;
            } catch (ConnectException _) {
                // Its process was killed and could not clear up.
                Files.deleteIfExists(socket);
            }
        return null;
    }

    /// Whether a descriptor of this process is a terminal.
    private static boolean isTerminal(int descriptor) {
        try {
            var link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return link.matches("/dev/(pts/|tty|console).*");
        } catch (IOException | UnsupportedOperationException _) {
            return false; // no Linux: plain output it is
        }
    }

    /// @return null when the container has not the pod
    private @Nullable Integer receive() throws IOException {
        var own = Streams.own();
        var in = new DataInputStream(Channels.newInputStream(channel));
        for (var frame = Frame.read(in); frame != null; frame = Frame.read(in))
            switch (frame.kind()) {
                case Frame.OUTPUT -> {
                    bar.clear();
                    own.output().write(frame.bytes());
                }
                case Frame.ERROR -> {
                    bar.clear();
                    own.error().write(frame.bytes());
                }
                case Frame.PROGRESS -> bar.show(frame.bytes());
                case Frame.ASK -> sendInput();
                case Frame.ABSENT -> {
                    return null;
                }
                case Frame.EXIT -> {
                    bar.clear();
                    return frame.number();
                }
                default -> throw new IOException("no frame of kind " + frame.kind());
            }
        throw new EOFException("the container has gone");
    }

    private void sendInput() throws IOException {
        var buffer = new byte[BUFFER];
        int count = Math.max(System.in.read(buffer), 0);
        Frame.write(channel, Frame.INPUT, buffer, 0, count);
    }
}
