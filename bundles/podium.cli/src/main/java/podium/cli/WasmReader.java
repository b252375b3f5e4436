package podium.cli;

import java.nio.charset.StandardCharsets;

/// Reads what WebAssembly binaries are made of (core specification, section 5.2).
final class WasmReader {

    private final byte[] bytes;
    private int position;
    private final int end;

    WasmReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    /// The binary ends early, or says something impossible.
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1;

        Malformed(int position) {
            super("malformed at offset " + position);
        }
    }

    boolean atEnd() {
        return position >= end;
    }

    int position() {
        return position;
    }

    int u8() throws Malformed {
        if (position >= end) throw new Malformed(position);
        return bytes[position++] & 0xff;
    }

    /// A LEB128 number of at most 64 bits, signed or not: who wants to know takes its low bits.
    long leb() throws Malformed {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = u8();
            if (shift < 64) value |= (b & 0x7fL) << shift;
            if ((b & 0x80) == 0) return value;
        }
        throw new Malformed(position);
    }

    /// A number of things or bytes that are still to come.
    int count() throws Malformed {
        long count = leb();
        if (count < 0 || count > end - position) throw new Malformed(position);
        return (int) count;
    }

    void skip(int count) throws Malformed {
        if (count < 0 || count > end - position) throw new Malformed(position);
        position += count;
    }

    String name() throws Malformed {
        int length = count();
        var name = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return name;
    }

    /// The next bytes, by a reader of their own.
    WasmReader part(int length) throws Malformed {
        var part = new WasmReader(bytes, position, position + length);
        skip(length);
        return part;
    }
}
