package podium.engine.v8;

import java.nio.ByteBuffer;

/// A module as V8 gets it. Immutable; V8 reads it where it is.
final class Code {

    private final ByteBuffer bytes;

    Code(byte[] content) {
        bytes = ByteBuffer.allocateDirect(content.length).put(content).flip();
    }

    ByteBuffer bytes() {
        return bytes.duplicate();
    }
}
