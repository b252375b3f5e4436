package podium.engine.jvm.wasm;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// A position in the bytes of a module, with the decoders of the binary format (core specification,
/// section 5.2).
public final class Cursor {

    private final byte[] bytes;
    private int position;
    private int end;

    public Cursor(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    public int position() {
        return position;
    }

    public int end() {
        return end;
    }

    public boolean atEnd() {
        return position >= end;
    }

    public int remaining() {
        return end - position;
    }

    public byte[] bytes() {
        return bytes;
    }

    /// Moves to a position this cursor has passed or was told of.
    public void seek(int position) {
        this.position = position;
    }

    /// Restricts reading to the next `length` bytes; returns the old end for [#release(int)].
    public int restrict(int length) {
        if (length < 0 || length > end - position) throw error("unexpected end");
        int old = end;
        end = position + length;
        return old;
    }

    public void release(int oldEnd) {
        end = oldEnd;
    }

    public MalformedModule error(String message) {
        return new MalformedModule(message, position);
    }

    public int u8() {
        if (position >= end) throw error("unexpected end");
        return bytes[position++] & 0xff;
    }

    public int peek() {
        if (position >= end) throw error("unexpected end");
        return bytes[position] & 0xff;
    }

    public void skip(int count) {
        if (count < 0 || count > end - position) throw error("unexpected end");
        position += count;
    }

    /// An unsigned 32-bit LEB128 number, as the bits of an int.
    public int u32() {
        int result = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            if (shift == 28) {
                if ((b & 0x80) != 0) throw error("integer representation too long");
                if ((b & 0x70) != 0) throw error("integer too large");
            }
            result |= (b & 0x7f) << shift;
            if ((b & 0x80) == 0) return result;
        }
    }

    /// A [#u32()] that counts or indexes something, so at most 2^31-1.
    public int count() {
        int n = u32();
        if (n < 0) throw error("unexpected end");
        return n;
    }

    /// The length of a vector whose elements take at least one byte each.
    public int length() {
        int n = u32();
        if (n < 0 || n > end - position) throw error("unexpected end");
        return n;
    }

    public int s32() {
        return (int) signed(32);
    }

    public long s33() {
        return signed(33);
    }

    public long s64() {
        return signed(64);
    }

    private long signed(int bits) {
        long result = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            int left = bits - shift;
            if (left < 7) {
                if ((b & 0x80) != 0) throw error("integer representation too long");
                int sign = (b << 25) >> 25 >> (left - 1);
                if (sign != 0 && sign != -1) throw error("integer too large");
            }
            result |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                int used = shift + 7;
                return used < 64 && (b & 0x40) != 0 ? result | -1L << used : result;
            }
        }
    }

    public int f32() {
        return fixed32();
    }

    public long f64() {
        long low = fixed32() & 0xffffffffL;
        return low | (long) fixed32() << 32;
    }

    public int fixed32() {
        if (end - position < 4) throw error("unexpected end");
        int result =
                bytes[position] & 0xff
                        | (bytes[position + 1] & 0xff) << 8
                        | (bytes[position + 2] & 0xff) << 16
                        | bytes[position + 3] << 24;
        position += 4;
        return result;
    }

    /// A name: a vector of bytes that must be UTF-8.
    public String name() {
        int length = count();
        if (length > end - position) throw error("unexpected end");
        var decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            var name = decoder.decode(ByteBuffer.wrap(bytes, position, length)).toString();
            position += length;
            return name;
        } catch (CharacterCodingException e) {
            throw error("malformed UTF-8 encoding");
        }
    }
}
