package podium.vfs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import podium.vfs.backend.Frozen;

/// What a file's content was.
record FrozenContent(Store store, Content content) implements Frozen.Content {

    @Override
    public int read(ByteBuffer into, long position) {
        store.checkOpen();
        int start = into.position();
        boolean done = false;
        try {
            synchronized (content.extents.places()) {
                content.read(into, position);
            }
            done = true;
            return into.position() - start;
        } catch (IOException e) {
            throw store.faults.unreadable(e, content.inode);
        } finally {
            if (!done) into.position(start);
        }
    }

    @Override
    public long seek(long position, boolean data) {
        synchronized (content.extents.places()) {
            return data ? content.nextData(position) : content.nextHole(position);
        }
    }
}
