package podium.engine.v8.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes parts of a module.
final class Output {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    byte[] bytes() {
        return bytes.toByteArray();
    }

    Output raw(int... values) {
        for (int value : values) bytes.write(value);
        return this;
    }

    Output raw(byte[] content) {
        bytes.writeBytes(content);
        return this;
    }

    /// A stretch of bytes.
    Output raw(byte[] content, int from, int to) {
        bytes.write(content, from, to - from);
        return this;
    }

    /// How many bytes [#u32(int)] writes.
    static int width(int value) {
        int width = 1;
        for (int rest = value >>> 7; rest != 0; rest >>>= 7) width++;
        return width;
    }

    Output u32(int value) {
        int rest = value;
        while (rest >>> 7 != 0) {
            bytes.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes.write(rest);
        return this;
    }

    Output signed(long value) {
        long rest = value;
        while (rest < -64 || rest >= 64) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>= 7;
        }
        bytes.write((int) (rest & 0x7f));
        return this;
    }

    /// Little-endian.
    Output fixed(long value, int size) {
        for (int i = 0; i < size; i++) bytes.write((int) (value >>> 8 * i));
        return this;
    }

    Output name(String name) {
        return sized(name.getBytes(StandardCharsets.UTF_8));
    }

    Output sized(byte[] content) {
        return u32(content.length).raw(content);
    }

    /// A section, unless it has no content.
    Output section(int id, Output content) {
        return content.bytes.size() == 0 ? this : raw(id).sized(content.bytes());
    }
}
