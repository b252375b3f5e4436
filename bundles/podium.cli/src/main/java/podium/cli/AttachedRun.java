package podium.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The container's side of `podium run --attach`: the program's streams are frames on the client's
/// connection, and the program ends with it.
final class AttachedRun {

    private static final Logger LOG = LoggerFactory.getLogger(AttachedRun.class);

    private final SocketChannel client;
    private final Object lock = new Object();

    AttachedRun(SocketChannel client) {
        this.client = client;
    }

    /// Runs the program to its end and tells the client.
    ///
    /// @param running where it is to be found until then
    void execute(Function<Streams, PodRun> program, Set<PodRun> running) throws IOException {
        try (var input = new AttachedInput(this::ask)) {
            var run =
                    program.apply(
                            Streams.of(
                                    input,
                                    Frame.stream(client, Frame.OUTPUT, lock),
                                    Frame.stream(client, Frame.ERROR, lock)));
            Thread.ofVirtual().name("podium-attached").start(() -> listen(input, run));
            running.add(run);
            int status;
            try {
                status = run.execute();
            } finally {
                running.remove(run);
            }
            send(Frame.EXIT, new byte[] {(byte) status});
        }
    }

    private void ask() throws IOException {
        send(Frame.ASK, new byte[0]);
    }

    private void send(int kind, byte[] bytes) throws IOException {
        synchronized (lock) {
            Frame.write(client, kind, bytes, 0, bytes.length);
        }
    }

    /// Passes on what the client sends. When the client is gone, the program has nobody left.
    private void listen(AttachedInput input, PodRun run) {
        try {
            receive(input, run);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("The connection to an attached program's client broke", e);
        }
        try {
            run.stop(SignalName.HUP); // nothing, where the program has ended
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive(AttachedInput input, PodRun run) throws IOException {
        var in = new DataInputStream(Channels.newInputStream(client));
        for (var frame = Frame.read(in); frame != null; frame = Frame.read(in))
            switch (frame.kind()) {
                case Frame.INPUT -> input.receive(frame.bytes());
                case Frame.SIGNAL -> run.signal(frame.number());
                default -> throw new IOException("no frame of kind " + frame.kind());
            }
    }
}
