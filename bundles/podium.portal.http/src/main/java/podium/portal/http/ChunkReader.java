package podium.portal.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// Reads the chunked transfer coding (RFC 9112, section 7.1): finds the runs of body bytes, and
/// gathers the trailers. Strict.
final class ChunkReader {

    /// Most bytes of a size line with its extensions.
    private static final int LINE = 4096;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        END
    }

    private final int status;
    private State state = State.SIZE;
    private long left;
    private int line;
    private int digits;
    private final HeadReader trailers;
    private final ByteArrayOutputStream rewritten = new ByteArrayOutputStream(0);

    /// @param status what a malformed body is worth
    ChunkReader(int status) {
        this.status = status;
        this.trailers = new HeadReader(status);
    }

    /// Whether the last chunk and the trailers are read.
    boolean ended() {
        return state == State.END;
    }

    /// The trailer fields as they are to be sent on, with the empty line.
    byte[] trailers() {
        return rewritten.toByteArray();
    }

    /// Reads up to the next body bytes.
    ///
    /// @return how many of the buffer's next bytes are body bytes; 0 when it needs more, or ended
    int next(ByteBuffer from) throws BadMessageException {
        while (state != State.DATA && state != State.END && from.hasRemaining()) {
            if (state == State.TRAILERS) readTrailers(from);
            else step(from.get());
        }
        return state == State.DATA ? (int) Math.min(left, from.remaining()) : 0;
    }

    /// Tells that body bytes were taken.
    void taken(int bytes) {
        left -= bytes;
        if (left == 0) state = State.DATA_CR;
    }

    private void step(byte b) throws BadMessageException {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> {
                if (b == '\r') state = State.SIZE_LF;
                else if (b == '\n' || (b >= 0 && b < ' ' && b != '\t') || b == 127)
                    throw bad("extension");
                else if (++line > LINE) throw bad("extension");
            }
            case SIZE_LF -> {
                if (b != '\n') throw bad("size");
                line = 0;
                digits = 0;
                state = left == 0 ? State.TRAILERS : State.DATA;
            }
            case DATA_CR -> {
                if (b != '\r') throw bad("end");
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                if (b != '\n') throw bad("end");
                state = State.SIZE;
            }
            default -> throw new IllegalStateException();
        }
    }

    private void size(byte b) throws BadMessageException {
        int digit = Character.digit(b, 16);
        if (digit >= 0 && b > 0) {
            if (++digits > 15) throw bad("size");
            left = left << 4 | digit;
        } else if (digits == 0) throw bad("size");
        else if (b == '\r') state = State.SIZE_LF;
        else if (b == ';') state = State.EXTENSION;
        else throw bad("size");
    }

    private void readTrailers(ByteBuffer from) throws BadMessageException {
        // An empty line at once is the usual case; HeadReader would pass over it.
        if (trailers.isEmpty() && line == 0) {
            byte first = from.get(from.position());
            if (first == '\r') {
                from.get();
                line = 1;
                return;
            }
        }
        if (line == 1) {
            if (from.get() != '\n') throw bad("trailer");
            rewritten.writeBytes(new byte[] {'\r', '\n'});
            state = State.END;
            return;
        }
        if (!trailers.read(from)) return;
        // A start line that is none makes it a head; the same rules hold for fields in trailers.
        var head = Head.bytes("T / HTTP/1.1\r\n");
        var whole = java.util.Arrays.copyOf(head, head.length + trailers.length());
        System.arraycopy(trailers.bytes(), 0, whole, head.length, trailers.length());
        for (var field : Head.request(whole, whole.length).fields) {
            if (framing(field.getName())) throw bad("trailer");
            var out = new StringBuilder();
            Head.line(out, field.getName(), field.getValue());
            rewritten.writeBytes(Head.bytes(out));
        }
        rewritten.writeBytes(new byte[] {'\r', '\n'});
        state = State.END;
    }

    /// Fields that would change how the message is read or routed (RFC 9110, 6.5.1).
    private static boolean framing(String name) {
        return name.equalsIgnoreCase("Content-Length")
                || name.equalsIgnoreCase("Transfer-Encoding")
                || name.equalsIgnoreCase("Host");
    }

    private BadMessageException bad(String what) {
        return new BadMessageException(status, "a chunk's " + what + " is malformed");
    }
}
