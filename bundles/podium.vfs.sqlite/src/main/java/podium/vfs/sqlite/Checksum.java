package podium.vfs.sqlite;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What tells whether a row is what was written: CRC32C of its values, one after the other. A
/// number is 1 and its eight bytes, bytes are 2, their number in eight bytes, and they; nothing is
/// 0 and eight zeros.
final class Checksum {

    private static final int HEADER = 1 + 8;

    private Checksum() {}

    /// @param values numbers, bytes and nulls, in the order of [Table#sealed]
    static long of(@Nullable Object... values) {
        var crc = new CRC32C();
        var header = ByteBuffer.allocate(HEADER);
        for (var value : values) {
            header.clear();
            switch (value) {
                case null -> header.put((byte) 0).putLong(0);
                case byte[] bytes -> header.put((byte) 2).putLong(bytes.length);
                case Integer number -> header.put((byte) 1).putLong(number);
                case Long number -> header.put((byte) 1).putLong(number);
                // We write nothing else: it is damaged, whatever the checksum.
                default -> header.put((byte) -1).putLong(0);
            }
            crc.update(header.flip());
            if (value instanceof byte[] bytes) crc.update(bytes);
        }
        return crc.getValue();
    }
}
