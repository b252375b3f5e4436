package podium.engine.v8.wasm;

import java.nio.charset.StandardCharsets;

/// Reads a stretch of a module (core specification, chapter 5). V8 has validated the module before,
/// so what does not fit here is something the engine does not know, not something malformed.
final class Cursor {

    private final byte[] bytes;
    private int position;
    private final int end;

    Cursor(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return position == end;
    }

    int u8() {
        if (position >= end) throw new UnsupportedModule("sections of a form it does not know");
        return bytes[position++] & 0xff;
    }

    /// The next byte, which stays the next.
    int peek() {
        int b = u8();
        position--;
        return b;
    }

    /// An unsigned 32-bit number, LEB128. V8 takes more bytes where offsets may have 64 bits.
    int u32() {
        int start = position;
        int value = (int) leb();
        if (position - start > 5) throw new UnsupportedModule("numbers of more than 32 bits");
        return value;
    }

    /// Passes over a number of up to 64 bits.
    void skipNumber() {
        leb();
    }

    /// An unsigned number that is a length or an index.
    int count() {
        long value = leb() & 0xffffffffL;
        if (value > Integer.MAX_VALUE) throw new UnsupportedModule("more than 2^31 of something");
        return (int) value;
    }

    /// A signed or unsigned number of up to 64 bits, whose sign does not matter.
    private long leb() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }

    void skip(int count) {
        if (count > end - position)
            throw new UnsupportedModule("sections of a form it does not know");
        position += count;
    }

    String name() {
        int length = count();
        int start = position;
        skip(length);
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }

    /// A further cursor over the next bytes, which this one skips.
    Cursor part(int length) {
        int start = position;
        skip(length);
        return new Cursor(bytes, start, position);
    }

    /// What was read since a position.
    byte[] since(int start) {
        return java.util.Arrays.copyOfRange(bytes, start, position);
    }

    byte[] rest() {
        int start = position;
        position = end;
        return java.util.Arrays.copyOfRange(bytes, start, end);
    }

    /// Passes over a constant expression with its `end`.
    void skipExpression() {
        for (; ; ) {
            int opcode = u8();
            switch (opcode) {
                case 0x0b -> {
                    return;
                }
                case 0x23, 0x41, 0x42, 0xd0, 0xd2 -> leb();
                case 0x43 -> skip(4);
                case 0x44 -> skip(8);
                case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e -> {} // arithmetic has no immediates
                case 0xfd -> {
                    leb();
                    skip(16);
                }
                default ->
                        throw new UnsupportedModule(
                                "the constant instruction 0x" + Integer.toHexString(opcode));
            }
        }
    }
}
