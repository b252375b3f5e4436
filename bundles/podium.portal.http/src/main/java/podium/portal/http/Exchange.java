package podium.portal.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.portal.http.Framing.Kind;
import podium.portal.mina.Client;

/// One request and its answer.
final class Exchange {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n'};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    final Upstream upstream;
    private final Head request;
    private final Framing framing;
    private final byte[] start;
    private final Client client;
    private final Outbox out;

    /// Bytes of ours that go to the guest before anything else.
    private ByteBuffer own;

    private long requestLeft;
    private final @Nullable ChunkReader requestChunks;

    /// Body bytes of the chunk whose size the guest was told.
    private int runLeft;

    private boolean requestDone;
    private boolean bodyStarted;

    private final HeadReader head = new HeadReader(502);
    private @Nullable Head answer;
    private Framing answerFraming = Framing.NONE;
    private long answerLeft;
    private @Nullable ChunkReader answerChunks;
    private boolean unchunked;
    private boolean answerDone;
    private boolean answered;
    private boolean upgraded;
    private boolean closes;
    private boolean guestLost;

    Exchange(
            Head request,
            Framing framing,
            byte[] start,
            Upstream upstream,
            Client client,
            Outbox out) {
        this.request = request;
        this.framing = framing;
        this.start = start;
        this.upstream = upstream;
        this.client = client;
        this.out = out;
        own = ByteBuffer.wrap(start);
        requestLeft = framing.length();
        requestChunks = framing.kind() == Kind.CHUNKED ? new ChunkReader(400) : null;
    }

    /// The same over another connection.
    Exchange over(Upstream another) {
        return new Exchange(request, framing, start, another, client, out);
    }

    /// Whether it may be sent again: over a connection that was kept, nothing of a body is gone,
    /// nothing came back, and doing it twice does no harm (RFC 9110, 9.2.2).
    boolean retry() {
        boolean harmless =
                switch (request.first) {
                    case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
                    default -> false;
                };
        return upstream.used && harmless && !bodyStarted && !answered && head.isEmpty();
    }

    /// The guest takes no more of the request: go on with the answer, if it has begun or waits.
    ///
    /// @return false when there is none
    boolean salvage() {
        if (guestLost) return false;
        guestLost = true;
        requestDone = true;
        own = NOTHING;
        closes = true;
        return true;
    }

    /// Whether anything of the answer went to the client.
    boolean answered() {
        return answered;
    }

    boolean ended() {
        return requestDone && answerDone || answerDone && closes;
    }

    boolean upgraded() {
        return upgraded;
    }

    boolean keepsClient() {
        return !closes && requestDone && request.keepsAlive();
    }

    boolean reusesGuest() {
        var given = answer;
        return requestDone
                && !guestLost
                && answerFraming.kind() != Kind.CLOSE
                && request.keepsAlive()
                && given != null
                && given.keepsAlive()
                && upstream.reusable();
    }

    /// Whether it is the client that keeps the exchange from going on.
    boolean waitsForClient() {
        return !client.writable() || (!requestDone && !own.hasRemaining() && client.head() == null);
    }

    /// The client went away in the middle of a request.
    static final class ClientGoneException extends IOException {

        private static final long serialVersionUID = 1;
    }

    /// Carries the request.
    ///
    /// @return bytes carried
    int toGuest() throws IOException, BadMessageException {
        if (requestDone && !own.hasRemaining()) {
            if (client.ended() && !guestLost) upstream.shutdownOutput();
            return 0;
        }
        int carried = 0;
        for (; ; ) {
            if (own.hasRemaining()) {
                carried += upstream.write(own);
                if (own.hasRemaining()) return carried;
            }
            if (requestDone) return carried;
            int n =
                    switch (framing.kind()) {
                        case LENGTH -> requestLength();
                        case CHUNKED -> requestChunks();
                        default -> {
                            requestDone = true;
                            yield 0;
                        }
                    };
            if (n < 0) return carried;
            carried += n;
        }
    }

    /// @return bytes carried; negative when it cannot go on now
    private int requestLength() throws IOException {
        var bytes = bodyBytes();
        if (bytes == null) return -1;
        int n = pass(bytes, HttpConnection.least(bytes, requestLeft));
        requestLeft -= n;
        if (requestLeft == 0) requestDone = true;
        return n == 0 ? -1 : n;
    }

    private int requestChunks() throws IOException, BadMessageException {
        var chunks = requestChunks;
        if (chunks == null) throw new IllegalStateException("not chunked");
        if (chunks.ended()) {
            requestDone = true;
            return 0;
        }
        var bytes = bodyBytes();
        if (bytes == null) return -1;
        if (runLeft > 0) {
            int n = pass(bytes, HttpConnection.least(bytes, runLeft));
            if (n == 0) return -1;
            runLeft -= n;
            chunks.taken(n);
            if (runLeft == 0) own = ByteBuffer.wrap(CRLF);
            return n;
        }
        int before = bytes.remaining();
        runLeft = chunks.next(bytes);
        client.taken(before - bytes.remaining());
        if (runLeft > 0) own = ByteBuffer.wrap(size(runLeft));
        else if (chunks.ended()) own = join(LAST_CHUNK, chunks.trailers());
        return 0;
    }

    /// What the client has sent of the body; null when it has to send more.
    private @Nullable ByteBuffer bodyBytes() throws ClientGoneException {
        var bytes = client.head();
        if (bytes == null && client.ended()) throw new ClientGoneException();
        return bytes;
    }

    private int pass(ByteBuffer bytes, int most) throws IOException {
        bodyStarted = true;
        int limit = bytes.limit();
        bytes.limit(bytes.position() + most);
        try {
            int n = upstream.write(bytes);
            bytes.limit(limit);
            client.taken(n);
            return n;
        } finally {
            bytes.limit(Math.max(limit, bytes.limit()));
        }
    }

    private static byte[] size(int bytes) {
        return Head.bytes(Integer.toHexString(bytes) + "\r\n");
    }

    private static ByteBuffer join(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).flip();
    }

    /// Carries the answer.
    ///
    /// @return bytes carried
    int toClient() throws IOException, BadMessageException {
        int carried = 0;
        while (!answerDone && !upgraded && client.writable()) {
            var bytes = upstream.input();
            if (!bytes.hasRemaining()) {
                if (upstream.ended()) guestEnded();
                return carried;
            }
            int before = bytes.remaining();
            if (answer == null) readHead(bytes);
            else body(bytes);
            carried += before - bytes.remaining();
        }
        return carried;
    }

    private void readHead(ByteBuffer bytes) throws BadMessageException {
        if (!head.read(bytes)) return;
        var read = Head.response(head.bytes(), head.length());
        head.reset();
        int status = read.status();
        if (status == 101 && !request.has("Connection", "upgrade"))
            throw new BadMessageException(502, "the guest switched protocols unasked");
        if (status == 101 && (!requestDone || own.hasRemaining()))
            throw new BadMessageException(502, "the guest switched protocols too early");
        if (status < 200) {
            // An HTTP/1.0 client knows no interim answers (RFC 9110, 15.2).
            if (request.isOneOne()) {
                answered = true;
                out.add(Forwarding.response(read, false, false));
            }
            upgraded = status == 101;
            // Now: the client waits for it before it sends more.
            out.flush();
            return;
        }
        begin(read);
    }

    private void begin(Head read) throws BadMessageException {
        answerFraming = Framing.ofResponse(read, request.first.equals("HEAD"));
        answer = read;
        answerLeft = answerFraming.length();
        boolean chunked = answerFraming.kind() == Kind.CHUNKED;
        unchunked = chunked && !request.isOneOne();
        answerChunks = chunked ? new ChunkReader(502) : null;
        boolean mustClose =
                answerFraming.kind() == Kind.CLOSE || unchunked || !request.keepsAlive() || closes;
        closes = mustClose || !read.keepsAlive();
        answered = true;
        out.add(Forwarding.response(read, mustClose && read.keepsAlive(), unchunked));
        if (answerFraming.kind() == Kind.NONE) answerDone = true;
    }

    private void body(ByteBuffer bytes) throws BadMessageException {
        switch (answerFraming.kind()) {
            case CLOSE -> send(bytes.remaining());
            case LENGTH -> {
                int n = HttpConnection.least(bytes, answerLeft);
                send(n);
                answerLeft -= n;
                if (answerLeft == 0) answerDone = true;
            }
            case CHUNKED -> chunk(bytes);
            case NONE -> throw new IllegalStateException("no body");
        }
    }

    private void chunk(ByteBuffer bytes) throws BadMessageException {
        var chunks = answerChunks;
        if (chunks == null) throw new IllegalStateException("not chunked");
        int run = chunks.next(bytes);
        if (run > 0) {
            if (!unchunked) out.add(size(run));
            send(run);
            if (!unchunked) out.add(CRLF);
            chunks.taken(run);
        } else if (chunks.ended()) {
            if (!unchunked) {
                out.add(LAST_CHUNK);
                out.add(chunks.trailers());
            }
            answerDone = true;
        }
    }

    private void send(int bytes) {
        var slice = upstream.slice(bytes);
        out.add(slice == null ? NOTHING : slice.buf());
    }

    /// The guest ended its side.
    private void guestEnded() throws IOException {
        if (answer != null && answerFraming.kind() == Kind.CLOSE) {
            answerDone = true;
            return;
        }
        guestLost |= answer != null;
        throw new IOException("the guest ended in the middle of an answer");
    }
}
