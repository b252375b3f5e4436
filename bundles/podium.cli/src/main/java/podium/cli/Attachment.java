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
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// The program's side of `podium run --attach`: this process lends its input and output to a
/// program in a container that runs already, and its signals. When this process ends, so does the
/// program.
final class Attachment {

    private static final int BUFFER = 1 << 16;

    private final SocketChannel channel;

    /// Held while a frame is sent.
    private final Object lock = new Object();

    /// How often the program asked for input.
    private final Semaphore asked = new Semaphore(0);

    private final AtomicBoolean interrupted = new AtomicBoolean();

    private Attachment(SocketChannel channel) {
        this.channel = channel;
    }

    /// @return the exit code
    /// @throws CommandException no container serves
    static int run(RunRequest request) throws IOException, CommandException {
        try (var channel = connect()) {
            var line =
                    ControlServer.RUN + Base64.getEncoder().encodeToString(request.bytes()) + "\n";
            var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            var attachment = new Attachment(channel);
            Interrupts.handle(attachment::interrupt);
            Thread.ofPlatform().daemon().name("podium-input").start(attachment::sendInput);
            return attachment.receive();
        }
    }

    /// The program decides what it does about the first signal; the second one ends this process.
    private void interrupt(int signal) {
        if (interrupted.getAndSet(true)) System.exit(128 + signal);
        try {
            send(Frame.SIGNAL, new byte[] {(byte) signal}, 1);
        } catch (IOException _) {
            System.exit(128 + signal); // the container has gone
        }
    }

    private void send(int kind, byte[] bytes, int length) throws IOException {
        synchronized (lock) {
            Frame.write(channel, kind, bytes, 0, length);
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

    private void sendInput() {
        var buffer = new byte[BUFFER];
        try {
            for (int count = 1; count > 0; ) {
                asked.acquire();
                count = Math.max(System.in.read(buffer), 0);
                send(Frame.INPUT, buffer, count);
            }
        } catch (IOException _) {
            // The program has ended; what it said of that is on its way.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private int receive() throws IOException {
        var own = Streams.own();
        var in = new DataInputStream(Channels.newInputStream(channel));
        for (var frame = Frame.read(in); frame != null; frame = Frame.read(in))
            switch (frame.kind()) {
                case Frame.OUTPUT -> own.output().write(frame.bytes());
                case Frame.ERROR -> own.error().write(frame.bytes());
                case Frame.ASK -> asked.release();
                case Frame.EXIT -> {
                    return frame.number();
                }
                default -> throw new IOException("no frame of kind " + frame.kind());
            }
        throw new EOFException("the container has gone");
    }
}
