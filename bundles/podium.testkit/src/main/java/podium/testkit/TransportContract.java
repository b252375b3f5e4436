package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.portal.Portal;
import podium.portal.Transport;

/// What every transport that carries bytes promises. A provider's test extends it and tells how a
/// client gets a raw channel to the guest.
@Timeout(120)
public abstract class TransportContract {

    /// More than all buffers between client and guest hold, those of the host's kernel included.
    private static final int LARGE = 64 << 20;

    protected Transport transport;
    protected final ListeningGuest guest = new ListeningGuest("pod", 3000);
    private final List<Portal> opened = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();

    /// A fresh transport, configured to bind free ports of loopback.
    protected abstract Transport create() throws Exception;

    /// Ends the transport, as its bundle's stop would.
    protected abstract void destroy(Transport transport);

    /// A host's port that the transport is to bind, as options of [Transport#open] or as its
    /// configuration.
    protected abstract Portal openAt(int port) throws Exception;

    /// Connects a client and its guest so far that each sees the bytes of the other.
    protected abstract Channel dial(Portal portal) throws IOException;

    /// The two ends of a raw channel.
    public record Channel(Socket client, GuestPeer guest) {}

    @BeforeEach
    final void start() throws Exception {
        transport = create();
    }

    @AfterEach
    final void end() throws IOException {
        for (var socket : sockets) socket.close();
        for (var portal : opened) portal.close(Duration.ZERO);
        destroy(transport);
    }

    protected final Portal open() throws IOException {
        var portal = transport.open(guest, Map.of());
        opened.add(portal);
        return portal;
    }

    /// A client's socket to a portal's address, closed after the test.
    protected final Socket socket(Portal portal) throws IOException {
        var host = portal.uri().getHost();
        var address =
                host.endsWith("localhost")
                        ? InetAddress.getLoopbackAddress()
                        : InetAddress.getByName(host);
        var socket = new Socket(address, portal.uri().getPort());
        socket.setSoTimeout(30_000);
        sockets.add(socket);
        return socket;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void isBoundToLoopback() throws IOException {
        var portal = open();
        assertTrue(
                InetAddress.getByName(
                                portal.uri().getHost().replaceFirst(".*localhost$", "127.0.0.1"))
                        .isLoopbackAddress());
        assertEquals(transport.scheme(), portal.scheme());
        assertEquals(guest, portal.port());
    }

    @Test
    void echoes() throws IOException {
        var channel = dial(open());
        channel.client().getOutputStream().write(bytes("hello"));
        assertEquals("hello", channel.guest().read(5));
        channel.guest().write("HELLO");
        assertEquals("HELLO", read(channel.client(), 5));
    }

    @Test
    void theClientMayEndItsSideFirst() throws IOException {
        var channel = dial(open());
        channel.client().getOutputStream().write(bytes("question"));
        channel.client().shutdownOutput();
        assertEquals("question", channel.guest().readAll());
        channel.guest().write("answer");
        channel.guest().close();
        assertEquals(
                "answer",
                new String(
                        channel.client().getInputStream().readAllBytes(),
                        StandardCharsets.ISO_8859_1));
    }

    @Test
    void theGuestMayEndItsSideFirst() throws IOException {
        var channel = dial(open());
        channel.guest().write("bye");
        channel.guest().shutdownOutput();
        assertEquals(
                "bye",
                new String(
                        channel.client().getInputStream().readAllBytes(),
                        StandardCharsets.ISO_8859_1));
        channel.client().getOutputStream().write(bytes("more"));
        assertEquals("more", channel.guest().read(4));
        channel.client().close();
        assertEquals("", channel.guest().readAll());
    }

    @Test
    void aSlowClientHoldsTheGuestBack() throws Exception {
        var channel = dial(open());
        var written = new AtomicLong();
        var writer =
                CompletableFuture.runAsync(
                        () -> {
                            var chunk = new byte[65_536];
                            for (int i = 0; i < LARGE / chunk.length; i++) {
                                java.util.Arrays.fill(chunk, (byte) i);
                                unchecked(() -> channel.guest().write(ByteBuffer.wrap(chunk)));
                                written.addAndGet(chunk.length);
                            }
                            channel.guest().close();
                        });
        settle(written);
        assertTrue(written.get() < LARGE / 2, "buffered " + written);
        var in = channel.client().getInputStream();
        var chunk = new byte[65_536];
        for (int i = 0; i < LARGE / chunk.length; i++) {
            assertEquals(chunk.length, in.readNBytes(chunk, 0, chunk.length));
            assertEquals((byte) i, chunk[0]);
            assertEquals((byte) i, chunk[chunk.length - 1]);
        }
        assertEquals(-1, in.read());
        writer.join();
    }

    @Test
    void aSlowGuestHoldsTheClientBack() throws Exception {
        var channel = dial(open());
        var written = new AtomicLong();
        var writer =
                CompletableFuture.runAsync(
                        () ->
                                unchecked(
                                        () -> {
                                            var out = channel.client().getOutputStream();
                                            var chunk = new byte[65_536];
                                            for (int i = 0; i < LARGE / chunk.length; i++) {
                                                out.write(chunk);
                                                written.addAndGet(chunk.length);
                                            }
                                            channel.client().shutdownOutput();
                                        }));
        settle(written);
        assertTrue(written.get() < LARGE / 2, "buffered " + written);
        long read = 0;
        var some = ByteBuffer.allocate(65_536);
        for (int n; (n = channel.guest().read(some.clear())) >= 0; ) read += n;
        assertEquals(LARGE, read);
        writer.join();
    }

    /// Waits until a counter stands still.
    private static void settle(AtomicLong counter) throws InterruptedException {
        for (long before = -1; before != counter.get() || before == 0; ) {
            before = counter.get();
            Thread.sleep(300);
        }
    }

    @Test
    void aThousandConnections() throws Exception {
        var portal = open();
        var channels = new ArrayList<Channel>();
        for (int i = 0; i < 1000; i++) channels.add(dial(portal));
        for (int i = 0; i < 1000; i++)
            channels.get(i).client().getOutputStream().write(bytes(String.format("%04d", i)));
        for (int i = 999; i >= 0; i--) {
            assertEquals(String.format("%04d", i), channels.get(i).guest().read(4));
            channels.get(i).guest().write("ok");
        }
        for (var channel : channels) assertEquals("ok", read(channel.client(), 2));
        assertEquals(1000, portal.traffic().open());
        assertTrue(portal.traffic().received() >= 4000);
        assertTrue(portal.traffic().sent() >= 2000);
        for (var channel : channels) {
            channel.client().close();
            channel.guest().close();
        }
        for (int i = 0; portal.traffic().open() > 0 && i < 500; i++) Thread.sleep(20);
        assertEquals(0, portal.traffic().open());
        assertTrue(portal.traffic().connections() >= 1000);
    }

    @Test
    void aClientThatGoesAwayIsNoticed() throws IOException {
        var channel = dial(open());
        channel.client().setSoLinger(true, 0);
        channel.client().close();
        assertThrows(IOException.class, () -> channel.guest().read(1));
    }

    @Test
    void aGuestThatResetsIsPassedOn() throws IOException {
        var channel = dial(open());
        channel.guest().reset();
        try {
            assertEquals(-1, channel.client().getInputStream().read());
        } catch (IOException e) {
            assertNotNull(e.getMessage());
        }
    }

    @Test
    void stopsWithGrace() throws Exception {
        var portal = open();
        var channel = dial(portal);
        var closing = CompletableFuture.supplyAsync(() -> portal.close(Duration.ofSeconds(30)));
        channel.guest().write("the last words");
        channel.guest().close();
        assertEquals("the last words", read(channel.client(), 14));
        channel.client().close();
        assertTrue(closing.get());
        assertTrue(portal.close(Duration.ZERO));
    }

    @Test
    void stopsByForce() throws Exception {
        var portal = open();
        var channel = dial(portal);
        assertFalse(portal.close(Duration.ofMillis(50)));
        assertThrows(
                IOException.class,
                () -> {
                    if (channel.client().getInputStream().read() < 0)
                        throw new IOException("ended");
                });
        assertThrows(IOException.class, () -> channel.guest().read(1));
    }

    @Test
    void aClosedPortalTakesNobody() throws Exception {
        var portal = open();
        portal.close(Duration.ZERO);
        assertThrows(IOException.class, () -> dial(portal));
    }

    @Test
    void opensAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            var portal = open();
            var channel = dial(portal);
            channel.guest().write("x");
            assertEquals("x", read(channel.client(), 1));
            portal.close(Duration.ZERO);
        }
    }

    @Test
    void aPortInUseIsOneClearLine() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var failure = assertThrows(IOException.class, () -> openAt(taken.getLocalPort()));
            var line = String.valueOf(failure.getMessage());
            assertTrue(line.contains("in use"), line);
            assertTrue(line.contains(String.valueOf(taken.getLocalPort())), line);
            assertFalse(line.contains("\n"));
        }
    }

    /// A piece of work that may fail.
    protected interface Work {

        void run() throws IOException;
    }

    protected static void unchecked(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Writes text as bytes.
    protected static void write(OutputStream out, String text) throws IOException {
        out.write(bytes(text));
    }
}
