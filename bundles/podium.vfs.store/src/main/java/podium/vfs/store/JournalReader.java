package podium.vfs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Reads a journal from its beginning to its end, and tells a torn end from damage: only the last
/// frame can have been on its way when the machine stopped, since no frame is written before the
/// one before it is durable.
final class JournalReader {

    private static final int WINDOW = 1 << 20;

    private final DiskFile file;
    private final long size;
    final JournalHeader header;
    private long position = 2 * JournalHeader.SIZE;
    private long sequence;
    private boolean complete;

    JournalReader(DiskFile file) throws IOException {
        this.file = file;
        size = file.size();
        header = JournalHeader.read(file);
    }

    /// Where the next frame begins, or would.
    long position() {
        return position;
    }

    /// The last frame's.
    long sequence() {
        return sequence;
    }

    /// Whether the snapshot that the journal begins with was read to its end.
    boolean isComplete() {
        return complete;
    }

    /// The next frame, or null when none follows that is right.
    @Nullable Frame next() throws IOException {
        var frame = frame(position, sequence + 1, true);
        if (frame == null || (sequence != 0 && frame.sequence() != sequence + 1)) return null;
        boolean snapshot = frame.kind() != Frame.COMMIT;
        if (snapshot == complete) return null;
        complete |= frame.kind() == Frame.SNAPSHOT_END;
        position += Frame.space(frame.length());
        sequence = frame.sequence();
        return frame;
    }

    private @Nullable Frame frame(long at, long atLeast, boolean records) throws IOException {
        if (at + Frame.HEADER > size) return null;
        var head = ByteBuffer.allocate(Frame.HEADER).order(ByteOrder.LITTLE_ENDIAN);
        file.read(head, at);
        head.flip();
        if (head.getInt(0) != Frame.MAGIC) return null;
        int length = head.getInt(4);
        long number = head.getLong(8);
        int kind = head.getInt(16);
        boolean possible =
                length >= 0
                        && length <= size - at - Frame.HEADER
                        && number >= atLeast
                        && kind >= Frame.SNAPSHOT
                        && kind <= Frame.COMMIT;
        if (!possible) return null;
        var content = ByteBuffer.allocate(length);
        file.read(content, at + Frame.HEADER);
        content.flip();
        int checksum = Frame.checksum(header.salt(), head.slice(4, 16), content.duplicate());
        if (checksum != head.getInt(20)) return null;
        return new Frame(length, number, kind, records ? content : null);
    }

    private ByteBuffer window() {
        return ByteBuffer.allocate(Math.clamp(size - position, 0, WINDOW));
    }

    /// Where the first frame begins that is right, somewhere behind the end that [#next] found, or
    /// -1. There is none unless something in the middle was damaged.
    long later() throws IOException {
        var window = window().order(ByteOrder.LITTLE_ENDIAN);
        for (long start = position; start < size; start += WINDOW) {
            window.clear().limit((int) Math.min(WINDOW, size - start));
            file.read(window, start);
            window.flip();
            for (int i = 0; i + 4 <= window.limit(); i += 8)
                if (window.getInt(i) == Frame.MAGIC
                        && frame(start + i, sequence + 1, false) != null) return start + i;
        }
        return -1;
    }

    /// Whether nothing but zeros follows the end that [#next] found.
    boolean isClean() throws IOException {
        var window = window();
        for (long start = position; start < size; start += WINDOW) {
            window.clear().limit((int) Math.min(WINDOW, size - start));
            file.read(window, start);
            window.flip();
            while (window.hasRemaining()) if (window.get() != 0) return false;
        }
        return true;
    }
}
