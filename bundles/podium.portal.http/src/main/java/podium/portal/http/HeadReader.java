package podium.portal.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Gathers the bytes of a head up to and with its empty line, and no more.
final class HeadReader {

    /// The most bytes of a head.
    static final int LIMIT = 64 << 10;

    /// Empty lines before a request line that are passed over (RFC 9112, 2.2).
    private static final int LEADING = 8;

    private final int status;
    private byte[] bytes = new byte[1024];
    private int length;
    private int lineStart;
    private int leading;

    /// @param status what a malformed head is worth
    HeadReader(int status) {
        this.status = status;
    }

    /// Whether nothing has come yet.
    boolean isEmpty() {
        return length == 0 && leading == 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void reset() {
        length = 0;
        lineStart = 0;
        leading = 0;
        if (bytes.length > 8192) bytes = new byte[1024];
    }

    /// Takes bytes until the head is complete.
    ///
    /// @return whether it is
    /// @throws BadMessageException it is too long, or a line ends in anything but CR LF: programs
    ///     disagree about that
    boolean read(ByteBuffer from) throws BadMessageException {
        while (from.hasRemaining()) {
            byte b = from.get();
            if (length == bytes.length) {
                if (length == LIMIT)
                    throw new BadMessageException(
                            status == 400 ? 431 : status, "the head is longer than 64 KiB");
                bytes = Arrays.copyOf(bytes, Math.min(LIMIT, length * 2));
            }
            if (length > lineStart && bytes[length - 1] == '\r' && b != '\n')
                throw new BadMessageException(status, "a line with a bare CR");
            bytes[length++] = b;
            if (b == '\n' && endOfLine()) return true;
        }
        return false;
    }

    /// @return whether it was the empty line
    private boolean endOfLine() throws BadMessageException {
        if (length - lineStart < 2 || bytes[length - 2] != '\r')
            throw new BadMessageException(status, "a line that does not end in CR LF");
        boolean empty = length - lineStart == 2;
        if (empty && lineStart == 0) {
            if (++leading > LEADING) throw new BadMessageException(status, "empty lines");
            length = 0;
            return false;
        }
        lineStart = length;
        return empty;
    }
}
