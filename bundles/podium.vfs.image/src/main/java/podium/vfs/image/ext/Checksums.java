package podium.vfs.image.ext;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The checksums of a file system with `metadata_csum`: CRC32C without the usual inversion at its
/// end, of the file system's identity and what is summed up.
final class Checksums {

    /// Of the polynomial 0x1edc6f41, its bits reversed.
    private static final int POLYNOMIAL = 0x82f6_3b78;

    private final byte[] identity;

    private Checksums(byte[] identity) {
        this.identity = identity;
    }

    static Checksums ofUuid(byte[] uuid) {
        return new Checksums(uuid);
    }

    /// With the checksum of an identity that is no more known, as after the UUID was changed.
    static Checksums ofSeed(int seed) {
        // Four bytes that lead to it: every step of the sum can be taken back.
        int state = seed;
        for (int i = 0; i < 32; i++) state = state < 0 ? (state ^ POLYNOMIAL) << 1 | 1 : state << 1;
        var bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(~state);
        return new Checksums(bytes.array());
    }

    /// Of a superblock, which has no identity before it.
    static int plain(ByteBuffer bytes, int from, int to) {
        return new Sum(new byte[0]).add(bytes, from, to).value();
    }

    Sum begin() {
        return new Sum(identity);
    }

    /// Adds up.
    static final class Sum {

        private final CRC32C sum = new CRC32C();

        private Sum(byte[] first) {
            sum.update(first);
        }

        Sum add(int number) {
            for (int i = 0; i < 4; i++) sum.update(number >>> 8 * i);
            return this;
        }

        Sum add(ByteBuffer bytes, int from, int to) {
            sum.update(bytes.duplicate().limit(to).position(from));
            return this;
        }

        /// What stands for bytes that are not summed up.
        Sum addZeros(int count) {
            for (int i = 0; i < count; i++) sum.update(0);
            return this;
        }

        int value() {
            return ~(int) sum.getValue();
        }
    }
}
