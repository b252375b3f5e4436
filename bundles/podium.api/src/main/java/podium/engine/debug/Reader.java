package podium.engine.debug;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A position in bytes that may say anything, little-endian.
final class Reader {

    /// They end early, or say what cannot be.
    static final class Malformed extends RuntimeException {

        private static final long serialVersionUID = 1;

        Malformed() {
            super("malformed debug information", null, false, false);
        }
    }

    private static final int MAX_STRING = 1024;

    private final ByteBuffer bytes;
    private int position;
    private final int end;

    Reader(ByteBuffer bytes) {
        this(bytes.slice().order(ByteOrder.LITTLE_ENDIAN), 0, bytes.remaining());
    }

    private Reader(ByteBuffer bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    boolean atEnd() {
        return position >= end;
    }

    int remaining() {
        return end - position;
    }

    /// The next bytes alone, which this one passes.
    Reader part(long length) {
        int start = position;
        skip(length);
        return new Reader(bytes, start, position);
    }

    void skip(long count) {
        if (count < 0 || count > end - position) throw new Malformed();
        position += (int) count;
    }

    int u8() {
        if (position >= end) throw new Malformed();
        return bytes.get(position++) & 0xff;
    }

    int u16() {
        return u8() | u8() << 8;
    }

    /// Of 1, 2, 4 or 8 bytes, the last as its bits.
    long fixed(int size) {
        if (size > end - position) throw new Malformed();
        int at = position;
        position += size;
        return switch (size) {
            case 1 -> bytes.get(at) & 0xff;
            case 2 -> bytes.getShort(at) & 0xffff;
            case 4 -> bytes.getInt(at) & 0xffffffffL;
            case 8 -> bytes.getLong(at);
            default -> throw new Malformed();
        };
    }

    /// An unsigned LEB128 number; bits beyond 64 are lost.
    long unsigned() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            if (shift < 64) value |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) return value;
        }
    }

    /// A signed LEB128 number; bits beyond 64 are lost.
    long signed() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            if (shift < 64) value |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0)
                return shift + 7 < 64 && (b & 0x40) != 0 ? value | -1L << shift + 7 : value;
        }
    }

    /// The text that some of the next bytes are.
    String text(int length) {
        int start = position;
        skip(length);
        return text(start, length);
    }

    private String text(int start, int length) {
        var text = new byte[length];
        bytes.get(start, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /// Skips a string that ends with a zero byte.
    ///
    /// @return where it begins, for [#string(int)]
    int skipString() {
        int start = position;
        while (u8() != 0) {}
        return start;
    }

    boolean isEmptyAt(int start) {
        return bytes.get(start) == 0;
    }

    /// The string at a place up to its zero byte, of which no more than a kilobyte is taken.
    String string(long start) {
        if (start < 0 || start >= end) throw new Malformed();
        int from = (int) start;
        int to = from;
        while (to < end && to - from < MAX_STRING && bytes.get(to) != 0) to++;
        return text(from, to - from);
    }
}
