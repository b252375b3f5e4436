package podium.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.function.Function;

/// The container's side of `podium run --attach`: the program's streams are frames on the client's
/// connection, and the program ends with it.
final class AttachedRun {

    private static final int PIPE = 1 << 16;

    private final SocketChannel client;
    private final Object lock = new Object();

    AttachedRun(SocketChannel client) {
        this.client = client;
    }

    /// Runs the program to its end and tells the client.
    void execute(Function<Streams, PodRun> program) throws IOException {
        try (var input = new PipedInputStream(PIPE);
                var feed = new PipedOutputStream(input)) {
            var run =
                    program.apply(
                            Streams.of(
                                    input,
                                    Frame.stream(client, Frame.OUTPUT, lock),
                                    Frame.stream(client, Frame.ERROR, lock)));
            Thread.ofVirtual().name("podium-attached").start(() -> feed(feed, run));
            int status = run.execute();
            synchronized (lock) {
                Frame.write(client, Frame.EXIT, new byte[] {(byte) status}, 0, 1);
            }
        }
    }

    /// Passes on what the client sends. When the client is gone, the program has nobody left.
    private void feed(PipedOutputStream feed, PodRun run) {
        try {
            var in = new DataInputStream(Channels.newInputStream(client));
            for (var frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
                if (frame.bytes().length == 0) feed.close();
                else feed.write(frame.bytes());
                feed.flush();
            }
            run.stop();
        } catch (IOException _) {
            // The program has ended and the connection or the pipe was closed under us.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
