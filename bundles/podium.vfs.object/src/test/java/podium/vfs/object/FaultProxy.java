package podium.vfs.object;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/// What lies between a client and a server: passes requests on, or does to them what networks do.
final class FaultProxy implements AutoCloseable {

    /// What becomes of a request.
    enum Fault {
        NONE,
        /// The connection ends before the server hears of it.
        DROP,
        /// The server does it, and the connection ends.
        LOSE_ANSWER,
        /// Half of the answer's body comes.
        CUT_ANSWER,
        /// 500, and the server does not hear of it.
        ERROR,
        /// 503 SlowDown.
        BUSY,
        /// 507: no room.
        FULL,
        /// Nothing comes, ever.
        STALL
    }

    private final ServerSocket listener;
    private final int server;
    private final ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
    private final java.util.Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /// What was asked for, such as `PUT /bucket/key`.
    final List<String> requests = new ArrayList<>();

    /// Which fault hits a request, by its line and how many there were before.
    volatile BiFunction<String, Integer, Fault> faults = (request, number) -> Fault.NONE;

    FaultProxy(int server) throws IOException {
        this.server = server;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        pool.submit(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    synchronized int count(String method) {
        return (int) requests.stream().filter(line -> line.startsWith(method)).count();
    }

    private Void accept() throws IOException {
        while (!listener.isClosed()) {
            var client = listener.accept();
            sockets.add(client);
            pool.submit(() -> serve(client));
        }
        return null;
    }

    private Void serve(Socket client) throws IOException {
        try (client) {
            var in = client.getInputStream();
            var head = head(in);
            if (head.isEmpty()) return null;
            var words = head.substring(0, head.indexOf('\r')).split(" ");
            var request = words[0] + " " + words[1].replaceAll("\\?.*", "");
            Fault fault;
            synchronized (this) {
                fault = faults.apply(request, requests.size());
                requests.add(request);
            }
            if (fault == Fault.DROP) return null;
            if (fault == Fault.STALL) {
                in.readAllBytes();
                return null;
            }
            boolean asks = head.toLowerCase(Locale.ROOT).contains("expect: 100-continue");
            switch (fault) {
                case ERROR -> answer(client, "500 Internal Server Error", "InternalError");
                case BUSY -> answer(client, "503 Slow Down", "SlowDown");
                case FULL -> answer(client, "507 Insufficient Storage", "XMinioStorageFull");
                default -> {
                    if (asks)
                        write(
                                client,
                                "HTTP/1.1 100 Continue\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                    var body = in.readNBytes(length(head));
                    var answer = forward(head, body);
                    if (fault == Fault.LOSE_ANSWER) return null;
                    int end = fault == Fault.CUT_ANSWER ? cut(answer) : answer.length;
                    client.getOutputStream().write(answer, 0, end);
                }
            }
        } finally {
            sockets.remove(client);
        }
        return null;
    }

    private static int cut(byte[] answer) {
        var text = new String(answer, StandardCharsets.ISO_8859_1);
        int body = text.indexOf("\r\n\r\n") + 4;
        return body + (answer.length - body) / 2;
    }

    private static void answer(Socket client, String status, String code) throws IOException {
        var body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
        write(
                client,
                "HTTP/1.1 %s\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(status, body.length(), body)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static void write(Socket client, byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
        client.getOutputStream().flush();
    }

    private static String head(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            bytes.write(next);
            var text = bytes.size() < 4 ? "" : bytes.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) return text;
        }
        return "";
    }

    private static int length(String head) {
        for (var line : head.split("\r\n"))
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                return Integer.parseInt(line.substring(15).strip());
        return 0;
    }

    /// One request a connection, so that an answer ends where the connection does.
    private byte[] forward(String head, byte[] body) throws IOException {
        var plain =
                head.replaceAll("(?i)\r\n(connection|expect):[^\r]*", "")
                        .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
        try (var to = new Socket(InetAddress.getLoopbackAddress(), server)) {
            to.getOutputStream().write(plain.getBytes(StandardCharsets.ISO_8859_1));
            to.getOutputStream().write(body);
            to.getOutputStream().flush();
            return to.getInputStream().readAllBytes();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : sockets) socket.close();
        pool.close();
    }
}
