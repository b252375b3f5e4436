package podium.vfs.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// What a journal begins with, twice, in [#SIZE] bytes each: magic, version, salt, generation,
/// CRC32C of these.
///
/// @param salt of the frames' checksums
/// @param generation the number in the file's name
record JournalHeader(long salt, long generation) {

    /// "PodiumFS".
    static final long MAGIC = 0x5346_6d75_6964_6f50L;

    static final int VERSION = 1;
    static final int SIZE = 256;

    private static final int CHECKED = 28;

    ByteBuffer encode() {
        var bytes = ByteBuffer.allocate(2 * SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < 2 * SIZE; at += SIZE) {
            bytes.position(at);
            bytes.putLong(MAGIC).putInt(VERSION).putLong(salt).putLong(generation);
            bytes.putInt(checksum(bytes, at));
        }
        return bytes.clear();
    }

    /// @throws DamageException neither copy is right, or it is of another version
    static JournalHeader read(DiskFile file) throws IOException {
        var bytes = ByteBuffer.allocate(2 * SIZE).order(ByteOrder.LITTLE_ENDIAN);
        try {
            file.read(bytes, 0);
        } catch (EOFException e) {
            throw new DamageException("the journal's header is cut off");
        }
        for (int at = 0; at < 2 * SIZE; at += SIZE) {
            boolean right =
                    bytes.getLong(at) == MAGIC && bytes.getInt(at + CHECKED) == checksum(bytes, at);
            if (!right) continue;
            int version = bytes.getInt(at + 8);
            if (version != VERSION)
                throw new DamageException(
                        "its format is version %d, and this Podium knows version %d"
                                .formatted(version, VERSION));
            return new JournalHeader(bytes.getLong(at + 12), bytes.getLong(at + 20));
        }
        throw new DamageException("the journal's header is damaged");
    }

    private static int checksum(ByteBuffer bytes, int at) {
        var crc = new CRC32C();
        crc.update(bytes.slice(at, CHECKED));
        return (int) crc.getValue();
    }
}
