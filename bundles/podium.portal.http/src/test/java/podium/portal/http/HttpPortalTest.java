package podium.portal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.portal.Portal;
import podium.testkit.GuestPeer;
import podium.testkit.ListeningGuest;

/// What goes through an HTTP portal, seen from raw sockets on both sides.
@Timeout(60)
class HttpPortalTest {

    private HttpTransport transport = new HttpTransport(TestConfig.of());
    private final ListeningGuest guest = new ListeningGuest("pod", 3000);
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (var one : toClose) one.close();
        transport.stop();
    }

    private Portal open(ListeningGuest port) throws IOException {
        return open(port, Map.of());
    }

    private Portal open(ListeningGuest port, Map<String, String> options) throws IOException {
        var portal = transport.open(port, options);
        toClose.add(() -> portal.close(Duration.ZERO));
        return portal;
    }

    private RawClient client(Portal portal) throws IOException {
        var client = new RawClient(portal);
        toClose.add(client);
        return client;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: pod-3000.localhost\r\n\r\n";
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void theNameTellsPodAndPort() throws IOException {
        var portal = open(guest);
        assertEquals("pod-3000.localhost", portal.uri().getHost());
        assertEquals("http", portal.uri().getScheme());
    }

    @Test
    void headsGoThroughAsTheyAre() throws IOException {
        var client = client(open(guest));
        client.send(
                "GET /a%20b?c=d HTTP/1.1\r\nhOsT: pod-3000.localhost:8080\r\nX-Odd-CASE:  v  w \r\n"
                        + "x-twice: 1\r\nX-Twice: 2\r\nX-Forwarded-For: 6.6.6.6\r\nForwarded: for=x\r\n\r\n");
        var peer = guest.accept();
        var head = peer.readUntil("\r\n\r\n");
        assertEquals(
                "GET /a%20b?c=d HTTP/1.1\r\nhOsT: pod-3000.localhost:8080\r\nX-Odd-CASE: v  w\r\n"
                        + "x-twice: 1\r\nX-Twice: 2\r\nX-Forwarded-For: 127.0.0.1\r\n"
                        + "X-Forwarded-Host: pod-3000.localhost:8080\r\nX-Forwarded-Proto: http\r\n\r\n",
                head);
        peer.write(
                "HTTP/1.1 299 Odd Reason\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\neTag: \"X\"\r\n"
                        + "Content-Type: text/html; charset=UTF-8\r\nConnection: keep-alive\r\n"
                        + "Keep-Alive: timeout=5\r\nContent-Length: 3\r\n\r\nabc");
        assertEquals(
                "HTTP/1.1 299 Odd Reason\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\neTag: \"X\"\r\n"
                        + "Content-Type: text/html; charset=UTF-8\r\nConnection: keep-alive\r\n"
                        + "Keep-Alive: timeout=5\r\nContent-Length: 3\r\n\r\n",
                client.head());
        assertEquals("abc", client.read(3));
    }

    @Test
    void forwardingCanBeLeftOut() throws IOException {
        var portal = open(guest, Map.of("forwarded", "false", "name", "shop.example"));
        assertEquals("shop.example", portal.uri().getHost());
        var request = "GET / HTTP/1.1\r\nHost: Shop.Example.\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n";
        client(portal).send(request);
        assertEquals(request, guest.accept().readUntil("\r\n\r\n"));
    }

    @Test
    void requestsFollowOneAnotherOnBothConnections() throws IOException {
        var client = client(open(guest));
        client.send(get("/1"));
        var peer = guest.accept();
        for (int i = 1; i <= 3; i++) {
            assertTrue(peer.readUntil("\r\n\r\n").startsWith("GET /" + i));
            peer.write(OK);
            client.head();
            assertEquals("ok", client.read(2));
            client.send(get("/" + (i + 1)));
        }
        assertEquals(0, guest.waiting());
    }

    @Test
    void oneClientMayTalkToSeveralPods() throws IOException {
        var other = new ListeningGuest("other", 80);
        var client = client(open(guest));
        open(other);
        client.send(get("/1"));
        var first = guest.accept();
        first.readUntil("\r\n\r\n");
        first.write(OK);
        assertTrue(client.head().contains("200 OK"));
        client.read(2);
        client.send("GET /2 HTTP/1.1\r\nHost: other-80.localhost\r\n\r\n");
        var second = other.accept();
        assertTrue(second.readUntil("\r\n\r\n").startsWith("GET /2"));
        second.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother");
        client.head();
        assertEquals("other", client.read(5));
        assertThrows(IOException.class, () -> first.read(1)); // let go
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        var other = new ListeningGuest("other", 80);
        open(other);
        var client = client(open(guest));
        client.send(get("/1") + "GET /2 HTTP/1.1\r\nHost: other-80.localhost\r\n\r\n" + get("/3"));
        for (var expected : List.of("/1", "/2", "/3")) {
            var peer = (expected.equals("/2") ? other : guest).accept();
            assertTrue(peer.readUntil("\r\n\r\n").startsWith("GET " + expected));
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + expected);
            client.head();
            assertEquals(expected, client.read(2));
        }
    }

    @Test
    void absoluteTargetsAreMadeRelative() throws IOException {
        client(open(guest))
                .send(
                        "GET http://POD-3000.localhost:8080/x?y HTTP/1.1\r\nHost: other-80.localhost\r\n\r\n");
        var head = guest.accept().readUntil("\r\n\r\n");
        assertTrue(head.startsWith("GET /x?y HTTP/1.1\r\nHost: POD-3000.localhost:8080\r\n"), head);
    }

    @Test
    void unknownNamesAreNotFoundAndListNothing() throws IOException {
        var client = client(open(guest));
        client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
        var answer = client.rest();
        assertTrue(answer.startsWith("HTTP/1.1 404 Not Found\r\n"), answer);
        assertFalse(answer.contains("pod"), answer);
    }

    @Test
    void aGuestThatIsDownIsALine() throws IOException {
        var portal = open(guest);
        guest.refuse(true);
        var answer = client(portal).send(get("/")).rest();
        assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
        guest.refuse(false);
        var client = client(portal).send(get("/"));
        guest.accept().close();
        answer = client.rest();
        assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
        assertEquals(
                "502 Bad Gateway: the guest closed the connection without an answer\n",
                answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void chunkedBodiesGoThrough() throws IOException {
        var client = client(open(guest));
        client.send(
                "POST / HTTP/1.1\r\nHost: pod-3000.localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5;ext=\"1\"\r\nhello\r\n");
        var peer = guest.accept();
        // At once, not only at the end.
        assertTrue(peer.readUntil("hello\r\n").endsWith("\r\n\r\n5\r\nhello\r\n"));
        client.send("1\r\n!\r\n0\r\nX-Sum: 6\r\n\r\n");
        assertEquals("1\r\n!\r\n0\r\nX-Sum: 6\r\n\r\n", peer.readUntil("\r\n\r\n"));
        peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00A\r\n0123456789\r\n");
        client.head();
        assertEquals("a\r\n0123456789\r\n", client.read(15));
        peer.write("0\r\n\r\n");
        assertEquals("0\r\n\r\n", client.read(5));
        client.send(get("/next"));
        assertTrue(peer.readUntil("\r\n\r\n").startsWith("GET /next"));
    }

    @Test
    void bytewiseHeadsAndBodies() throws Exception {
        var client = client(open(guest));
        var request =
                "POST / HTTP/1.1\r\nHost: pod-3000.localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n0\r\nA: b\r\n\r\n";
        var sender =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                for (int i = 0; i < request.length(); i++)
                                    client.send(request.substring(i, i + 1));
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
        var peer = guest.accept();
        var seen = peer.readUntil("A: b\r\n\r\n");
        sender.join();
        var body = seen.substring(seen.indexOf("\r\n\r\n") + 4);
        // Chunks are cut where bytes arrive; the bytes are the same.
        var whole = ByteBuffer.wrap(Head.bytes(body));
        var chunks = new ChunkReader(400);
        var text = new StringBuilder();
        for (int n; (n = chunks.next(whole)) > 0; chunks.taken(n))
            for (int i = 0; i < n; i++) text.append((char) whole.get());
        assertEquals("abc", text.toString());
        assertTrue(chunks.ended());
        assertEquals("A: b\r\n\r\n", new String(chunks.trailers(), StandardCharsets.ISO_8859_1));
    }

    @Test
    void interimAnswersGoThroughAndContinueWorks() throws IOException {
        var client = client(open(guest));
        client.send(
                "PUT / HTTP/1.1\r\nHost: pod-3000.localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        var peer = guest.accept();
        assertTrue(peer.readUntil("\r\n\r\n").contains("Expect: 100-continue\r\n"));
        peer.write("HTTP/1.1 100 Continue\r\n\r\n");
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.head());
        client.send("body");
        assertEquals("body", peer.read(4));
        peer.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK);
        assertTrue(client.head().startsWith("HTTP/1.1 103"));
        assertTrue(client.head().startsWith("HTTP/1.1 200"));
        assertEquals("ok", client.read(2));
    }

    @Test
    void anEarlyAnswerReachesAClientThatStillSends() throws IOException {
        var client = client(open(guest));
        client.send(
                "POST / HTTP/1.1\r\nHost: pod-3000.localhost\r\nContent-Length: 1000000\r\n\r\n");
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write(
                "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        peer.close();
        assertTrue(client.head().startsWith("HTTP/1.1 413"));
        assertEquals("", client.rest());
    }

    @Test
    void answersWithoutABody() throws IOException {
        var client = client(open(guest));
        client.send("HEAD / HTTP/1.1\r\nHost: pod-3000.localhost\r\n\r\n");
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        assertTrue(client.head().contains("Content-Length: 100"));
        for (var status : List.of("204 No Content", "304 Not Modified")) {
            client.send(get("/"));
            peer.readUntil("\r\n\r\n");
            peer.write("HTTP/1.1 " + status + "\r\n\r\n");
            assertTrue(client.head().startsWith("HTTP/1.1 " + status));
        }
    }

    @Test
    void anAnswerMayEndWithTheConnection() throws IOException {
        var client = client(open(guest)).send(get("/"));
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        peer.close();
        assertEquals("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end", client.rest());
    }

    @Test
    void oldClients() throws IOException {
        var portal = open(guest);
        var client = client(portal).send("GET / HTTP/1.0\r\nHost: pod-3000.localhost\r\n\r\n");
        var peer = guest.accept();
        assertTrue(peer.readUntil("\r\n\r\n").startsWith("GET / HTTP/1.0\r\n"));
        peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        assertEquals(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                client.rest());

        client = client(portal).send("GET / HTTP/1.0\r\nHost: pod-3000.localhost\r\n\r\n");
        peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        assertEquals("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok", client.rest());

        client =
                client(portal)
                        .send(
                                "GET / HTTP/1.0\r\nHost: pod-3000.localhost\r\nConnection: keep-alive\r\n\r\n");
        peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
        client.head();
        client.read(2);
        client.send(get("/again"));
        assertTrue(peer.readUntil("\r\n\r\n").startsWith("GET /again"));
    }

    @Test
    void eventsAreNotHeldBack() throws Exception {
        var client = client(open(guest)).send(get("/events"));
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.head();
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            peer.write("9\r\ndata: " + i + "\n\n\r\n");
            assertEquals("9\r\ndata: " + i + "\n\n\r\n", client.read(14));
            long took = System.nanoTime() - start;
            assertTrue(took < 500_000_000, "took " + took);
        }
        client.close();
        assertThrows(
                IOException.class,
                () -> {
                    for (int i = 0; i < 1_000_000; i++) peer.write("9\r\ndata: x\n\n\r\n");
                });
    }

    @Test
    void websocketsEcho() throws IOException {
        var client = client(open(guest));
        client.send(
                "GET /ws HTTP/1.1\r\nHost: pod-3000.localhost\r\nConnection: keep-alive, Upgrade\r\n"
                        + "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Version: 13\r\n\r\n");
        var peer = guest.accept();
        assertTrue(
                peer.readUntil("\r\n\r\n").contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        // The first frame comes in one piece with the answer.
        peer.write(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
                        + "\u0081\u0002hi");
        assertTrue(client.head().startsWith("HTTP/1.1 101 "));
        assertEquals("\u0081\u0002hi", client.read(4));
        client.send("\u0081\u0082abcd\t\u000b");
        assertEquals("\u0081\u0082abcd\t\u000b", peer.read(8));
        client.socket.shutdownOutput();
        assertEquals("", peer.readAll());
        peer.close();
        assertEquals("", client.rest());
    }

    @Test
    void aRefusedUpgradeIsAPlainAnswer() throws IOException {
        var client = client(open(guest));
        client.send(
                "GET /ws HTTP/1.1\r\nHost: pod-3000.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write(OK);
        client.head();
        assertEquals("ok", client.read(2));
        client.send(get("/"));
        assertTrue(peer.readUntil("\r\n\r\n").startsWith("GET / "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: H\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nContent-Length: 5, 5\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nContent-Length: +5\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nContent-Length: -5\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nContent-Length: 0x5\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nContent-Length:\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: H\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nTransfer-Encoding : chunked\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: chunked\u000b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: H\r\nHost: other\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: H, other\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: H/../other\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: H\r\nA: b\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: H\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: H\nA: b\r\n\r\n",
                "GET / HTTP/1.1\nHost: H\n\n",
                "GET / HTTP/1.1\r\nHost: H\r\nA: b\rc\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: H\r\nA\u0000: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: H\r\nA: b\u0000\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: H\r\nno colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: H\r\n: empty\r\n\r\n",
                "GET  / HTTP/1.1 x\r\nHost: H\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: H\r\n\r\n",
                "G@T / HTTP/1.1\r\nHost: H\r\n\r\n",
                "GET relative HTTP/1.1\r\nHost: H\r\n\r\n",
                "GET ftp://H/ HTTP/1.1\r\nHost: H\r\n\r\n",
                "GET http://user@H/ HTTP/1.1\r\nHost: H\r\n\r\n",
                "GET /\r\n\r\n",
                "\u0016\u0003\u0001 this is TLS\r\n\r\n"
            })
    void malformedRequestsNeverReachAGuest(String request) throws IOException {
        var client = client(open(guest));
        var answer = client.send(request.replace("Host: H", "Host: pod-3000.localhost")).rest();
        assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
        assertTrue(answer.contains("Connection: close\r\n"));
        assertEquals(0, guest.waiting());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "501|POST / HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "501|POST / HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: xchunked\r\n\r\n",
                "501|POST / HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: identity\r\n\r\n",
                "501|CONNECT H:3000 HTTP/1.1\r\nHost: H\r\n\r\n",
                "505|GET / HTTP/2.0\r\nHost: H\r\n\r\n",
                "505|PRI * HTTP/2.0\r\n\r\n"
            })
    void whatIsNotSpokenHereIsSaid(String request) throws IOException {
        var client = client(open(guest));
        var parts = request.split("\\|", 2);
        var answer = client.send(parts[1].replace("Host: H", "Host: pod-3000.localhost")).rest();
        assertTrue(answer.startsWith("HTTP/1.1 " + parts[0] + " "), answer);
        assertEquals(0, guest.waiting());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1\r\nx\r\n0\r\n\r\n",
                "+1\r\nx\r\n0\r\n\r\n",
                "0x1\r\nx\r\n0\r\n\r\n",
                " 1\r\nx\r\n0\r\n\r\n",
                "1 \r\nx\r\n0\r\n\r\n",
                "g\r\nx\r\n0\r\n\r\n",
                "\r\nx\r\n0\r\n\r\n",
                "ffffffffffffffff\r\nx",
                "1\nx\r\n0\r\n\r\n",
                "1\r\nxy\r\n0\r\n\r\n",
                "1\r\nx\n0\r\n\r\n",
                "1;a\nb\r\nx\r\n0\r\n\r\n",
                "0\r\nContent-Length: 5\r\n\r\n",
                "0\r\nno colon\r\n\r\n",
                "0\r\n\n"
            })
    void malformedChunksEndTheConnection(String body) throws IOException {
        var client = client(open(guest));
        client.send(
                "POST / HTTP/1.1\r\nHost: pod-3000.localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + body);
        var answer = client.rest();
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        var peer = guest.accept();
        assertThrows(IOException.class, () -> peer.readUntil("0\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nA: b\nB: c\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nA: b\rB: c\r\n\r\nx",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 999 OK\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n"
            })
    void malformedAnswersAreNotPassedOn(String answer) throws IOException {
        var client = client(open(guest)).send(get("/"));
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write(answer);
        var got = client.rest();
        assertTrue(got.startsWith("HTTP/1.1 502 "), got);
    }

    @Test
    void bytesBehindAnAnswerAreNobodysAnswer() throws IOException {
        var client = client(open(guest)).send(get("/1"));
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write(OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        client.head();
        assertEquals("ok", client.read(2));
        client.send(get("/2"));
        var next = guest.accept();
        next.readUntil("\r\n\r\n");
        next.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
        client.head();
        assertEquals("good", client.read(4));
    }

    @Test
    void aTruncatedAnswerIsSeenAsSuch() throws IOException {
        var client = client(open(guest)).send(get("/"));
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
        client.head();
        peer.close();
        assertThrows(
                IOException.class,
                () -> {
                    if (!client.rest().contains("0\r\n\r\n")) throw new IOException("truncated");
                });
    }

    @Test
    void aKeptConnectionThatEndedIsReplaced() throws IOException {
        var client = client(open(guest)).send(get("/1"));
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        peer.write(OK);
        client.head();
        client.read(2);
        peer.close();
        client.send(get("/2"));
        peer = guest.accept();
        assertTrue(peer.readUntil("\r\n\r\n").startsWith("GET /2"));
        peer.write(OK);
        client.head();
        client.read(2);
        // It ends just after the request went out: asked once more.
        client.send(get("/3"));
        peer.readUntil("\r\n\r\n");
        peer.close();
        peer = guest.accept();
        assertTrue(peer.readUntil("\r\n\r\n").startsWith("GET /3"));
        // But not what may not be done twice.
        peer.write(OK);
        client.head();
        client.read(2);
        client.send("POST / HTTP/1.1\r\nHost: pod-3000.localhost\r\nContent-Length: 0\r\n\r\n");
        peer.readUntil("\r\n\r\n");
        peer.close();
        assertTrue(client.head().startsWith("HTTP/1.1 502 "));
        assertEquals(0, guest.waiting());
    }

    @Test
    void headsAreBounded() throws IOException {
        var portal = open(guest);
        var many = new StringBuilder("GET / HTTP/1.1\r\nHost: pod-3000.localhost\r\n");
        for (int i = 0; i < 1000; i++) many.append("a: b\r\n");
        var answer = client(portal).send(many.append("\r\n").toString()).rest();
        assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
        answer = client(portal).send("GET /" + "x".repeat(65_536) + " HTTP/1.1\r\n").rest();
        assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
        answer = client(portal).send("\r\n".repeat(20)).rest();
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    }

    @Test
    void slowClientsAreCutAndOthersAreNot() throws Exception {
        transport.stop();
        transport = new HttpTransport(new TestConfig(0, 1, 1, 1));
        var portal = open(guest);
        var silent = client(portal);
        var slow = client(portal).send("GET / HT");
        var stalled = client(portal);
        stalled.send(
                "POST / HTTP/1.1\r\nHost: pod-3000.localhost\r\nContent-Length: 9\r\n\r\nhalf");
        guest.accept().readUntil("half");
        var waiting = client(portal).send(get("/slow answer".replace(" ", "-")));
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        assertEquals("", silent.rest());
        assertTrue(slow.rest().startsWith("HTTP/1.1 408 "));
        assertThrows(
                IOException.class,
                () -> {
                    if (stalled.rest().isEmpty()) throw new IOException("cut");
                });
        Thread.sleep(1500);
        peer.write(OK);
        assertTrue(waiting.head().startsWith("HTTP/1.1 200"));
        waiting.read(2);
        assertEquals("", waiting.rest()); // idle for too long
    }

    @Test
    void aTakenNameIsALine() throws IOException {
        open(guest);
        var e = assertThrows(IOException.class, () -> open(guest));
        assertEquals("the name pod-3000.localhost is taken by another portal", e.getMessage());
        e = assertThrows(IOException.class, () -> open(guest, Map.of("nam", "x")));
        assertTrue(e.getMessage().contains("not nam"), e.getMessage());
        e = assertThrows(IOException.class, () -> open(guest, Map.of("name", "A B")));
        assertTrue(e.getMessage().contains("'A B'"), e.getMessage());
    }

    @Test
    void aGigabyteGoesUpWithABoundedHeap() throws Exception {
        var portal = open(guest);
        var client = client(portal);
        long length = 1L << 30;
        client.send(
                "POST / HTTP/1.1\r\nHost: pod-3000.localhost\r\nContent-Length: "
                        + length
                        + "\r\n\r\n");
        var peer = guest.accept();
        peer.readUntil("\r\n\r\n");
        var reader = CompletableFuture.supplyAsync(() -> count(peer, length));
        var chunk = new byte[1 << 20];
        System.gc();
        long before = used();
        for (long sent = 0; sent < length; sent += chunk.length)
            client.socket.getOutputStream().write(chunk);
        assertEquals(length, reader.get());
        System.gc();
        assertTrue(used() - before < 64 << 20, "heap grew by " + (used() - before));
        assertEquals(length, portal.traffic().received() & -(1L << 20));
        peer.write(OK);
        client.head();
    }

    private static long count(GuestPeer peer, long length) {
        try {
            var some = ByteBuffer.allocate(1 << 16);
            long sum = 0;
            while (sum < length) sum += peer.read(some.clear());
            return sum;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long used() {
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
