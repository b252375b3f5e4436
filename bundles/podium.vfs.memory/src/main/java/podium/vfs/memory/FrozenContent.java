package podium.vfs.memory;

import java.nio.ByteBuffer;
import podium.vfs.backend.Frozen;

/// What a file's content was, in memory.
record FrozenContent(Chunks chunks) implements Frozen.Content {

    @Override
    public int read(ByteBuffer into, long position) {
        int count = into.remaining();
        chunks.read(into, position);
        return count;
    }

    @Override
    public long seek(long position, boolean data) {
        return data ? chunks.nextData(position) : chunks.nextHole(position);
    }
}
