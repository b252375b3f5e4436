package podium.engine.v8;

import java.nio.ByteBuffer;

/// A module as V8 gets it. Immutable; V8 reads it where it is.
final class Code {

    private static final int HEADER = 8;
    private static final int CODE_SECTION = 10;

    private final ByteBuffer bytes;

    Code(byte[] content) {
        bytes = ByteBuffer.allocateDirect(content.length).put(content).flip();
    }

    ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /// Where the content of the code section begins; 0 if there is none.
    int codeStart() {
        var in = bytes();
        in.position(HEADER);
        while (in.hasRemaining()) {
            int id = in.get();
            int size = number(in);
            if (id == CODE_SECTION) return in.position();
            in.position(in.position() + size);
        }
        return 0;
    }

    /// LEB128.
    private static int number(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7f) << shift;
            if (b >= 0) return value;
        }
    }
}
