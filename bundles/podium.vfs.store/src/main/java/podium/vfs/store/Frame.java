package podium.vfs.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A frame of the journal: what becomes durable together. It begins at a multiple of 8 bytes:
///
/// | bytes | |
/// |---|---|
/// | 0-3 | [#MAGIC] |
/// | 4-7 | length of the records |
/// | 8-15 | sequence number, one more than the one's before |
/// | 16-19 | kind |
/// | 20-23 | CRC32C of the journal's salt, bytes 4-19, and the records |
/// | 24- | records, then zeros up to a multiple of 8 |
///
/// @param records what it holds; null when that was not asked for
record Frame(int length, long sequence, int kind, @Nullable ByteBuffer records) {

    static final int MAGIC = 0x4d46_5350;
    static final int HEADER = 24;

    /// A part of the state as it was when the journal began.
    static final int SNAPSHOT = 1;

    /// The last part of it.
    static final int SNAPSHOT_END = 2;

    /// Changes since.
    static final int COMMIT = 3;

    /// What it takes in the file.
    static long space(long length) {
        return (HEADER + length + 7) & ~7;
    }

    static ByteBuffer encode(long salt, long sequence, int kind, ByteBuffer records) {
        int length = records.remaining();
        var frame = ByteBuffer.allocate((int) space(length)).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(MAGIC).putInt(length).putLong(sequence).putInt(kind);
        frame.putInt(checksum(salt, frame.slice(4, 16), records.duplicate()));
        frame.put(records.duplicate());
        return frame.clear();
    }

    /// The salt is known to nobody: a guest cannot write a name that would pass for a frame.
    static int checksum(long salt, ByteBuffer head, ByteBuffer records) {
        var crc = new CRC32C();
        var salted = ByteBuffer.allocate(8).putLong(salt).flip();
        crc.update(salted);
        crc.update(head);
        crc.update(records);
        return (int) crc.getValue();
    }
}
