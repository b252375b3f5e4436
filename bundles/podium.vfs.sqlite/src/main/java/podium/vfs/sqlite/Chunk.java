package podium.vfs.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;

/// A piece of a file's content, as a row has it: [#SIZE] bytes at a multiple of that.
///
/// @param held which of its pages were written, a bit each; the others are holes
/// @param data its first bytes; what is missing of them is zeros
record Chunk(int held, byte[] data) {

    static final int PAGE_BITS = 12;
    static final int PAGE = 1 << PAGE_BITS;
    static final int BITS = 14;
    static final int SIZE = 1 << BITS;

    /// Pages in a chunk.
    static final int PAGES = SIZE / PAGE;

    static final int ALL = (1 << PAGES) - 1;
    static final Chunk NONE = new Chunk(0, new byte[0]);

    /// From the columns `held`, `crc` and `data`.
    ///
    /// @param inode, number what it is a piece of
    ///
    /// @throws DamageException it is not what was written
    static Chunk of(ResultSet row, long inode, long number) throws SQLException {
        int held = row.getInt("held");
        var data = row.getBytes("data");
        if (data == null) throw new DamageException("a piece of its content is lost");
        if (data.length > SIZE || held <= 0 || held > ALL)
            throw new DamageException("a piece of its content makes no sense");
        if (crc(inode, number, held, data) != row.getLong("crc"))
            throw new DamageException("a piece of its content has a wrong checksum");
        return new Chunk(held, data);
    }

    /// Whether data is what was written, from the columns `crc` and `data` of version 1.
    static boolean isFirstSound(ResultSet row) throws SQLException {
        var data = row.getBytes("data");
        if (data == null) return false;
        var crc = new CRC32C();
        crc.update(data);
        return crc.getValue() == row.getLong("crc");
    }

    static long crc(long inode, long number, int held, byte[] data) {
        return Checksum.of(inode, number, held, data);
    }

    /// The bits of the pages that some bytes lie in.
    ///
    /// @param from, to offsets in a chunk; not empty
    static int touched(int from, int to) {
        return between(from >> PAGE_BITS, (to + PAGE - 1) >> PAGE_BITS);
    }

    /// The bits of the pages that lie in some bytes wholly.
    static int covered(int from, int to) {
        return between((from + PAGE - 1) >> PAGE_BITS, to >> PAGE_BITS);
    }

    /// The bits of some pages.
    static int between(int first, int behind) {
        return first >= behind ? 0 : (1 << behind) - (1 << first);
    }
}
