package podium.vfs.sqlite;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import podium.syscall.Errno;

/// The content of a file, as a change works on it, and as queries see it. What was never written
/// has no row.
final class Content {

    private static final int PAGE = Chunk.PAGE;

    /// Behind the page, and the chunk, of the greatest offset.
    private static final long END = (Long.MAX_VALUE >>> Chunk.PAGE_BITS) + 1;

    private static final byte[] ZEROS = new byte[PAGE];

    private final Session session;
    private final Change change;
    private final SqliteRegular file;

    Content(Change change, SqliteRegular file) {
        this.change = change;
        this.file = file;
        session = change.session;
    }

    /// A chunk as it is.
    ///
    /// @param shared whether a snapshot has it, too
    private record Piece(Chunk chunk, long id, boolean shared) {

        static final Piece NONE = new Piece(Chunk.NONE, 0, false);
    }

    /// Pages that are promised.
    private record Range(long first, long behind) {}

    /// Reads at a position, into what remains of a buffer, as far as the file goes. When that
    /// fails, the buffer is as it was.
    ///
    /// @param sql which tells the size with each chunk
    /// @param then further values of that
    /// @throws SQLException when it is damaged; `ESTALE`: it is no more
    static int read(
            Session session, Sql sql, long inode, ByteBuffer into, long position, Long... then)
            throws SQLException {
        int start = into.position();
        int limit = into.limit();
        boolean done = false;
        try {
            fill(session, sql, inode, into, position, then);
            done = true;
            return into.position() - start;
        } finally {
            into.limit(limit);
            if (!done) into.position(start);
        }
    }

    private static void fill(
            Session session, Sql sql, long inode, ByteBuffer into, long position, Long... then)
            throws SQLException {
        int start = into.position();
        long last = lastByte(position, into.remaining()) >>> Chunk.BITS;
        boolean[] found = {false};
        session.each(
                row -> {
                    if (!found[0]) {
                        found[0] = true;
                        long left = Math.max(0, row.getLong("size") - position);
                        into.limit(start + (int) Math.min(into.remaining(), left));
                    }
                    long number = row.getLong("number");
                    if (!row.wasNull())
                        put(into, start, position, number, Chunk.of(row, inode, number));
                    return into.hasRemaining();
                },
                sql,
                values(position >>> Chunk.BITS, last, inode, then));
        if (!found[0]) throw Errno.ESTALE.exception();
        zeros(into, into.remaining());
    }

    private static Object[] values(long a, long b, long c, Long... others) {
        var all = new Object[3 + others.length];
        all[0] = a;
        all[1] = b;
        all[2] = c;
        System.arraycopy(others, 0, all, 3, others.length);
        return all;
    }

    private static long lastByte(long position, int count) {
        return position > Long.MAX_VALUE - count
                ? Long.MAX_VALUE
                : position + Math.max(0, count - 1);
    }

    /// Puts a chunk's bytes where they belong in a buffer that begins at a position of the file.
    private static void put(ByteBuffer into, int start, long position, long number, Chunk chunk) {
        long begin = number << Chunk.BITS;
        long gap = begin - (position + into.position() - start);
        if (gap > 0) zeros(into, (int) Math.min(gap, into.remaining()));
        int from = (int) (position + into.position() - start - begin);
        int count = Math.min(chunk.data().length - from, into.remaining());
        if (count > 0) into.put(chunk.data(), from, count);
    }

    private static void zeros(ByteBuffer into, int count) {
        for (int left = count; left > 0; ) {
            int step = Math.min(left, PAGE);
            into.put(ZEROS, 0, step);
            left -= step;
        }
    }

    private Piece piece(long number) throws SQLException {
        long inode = file.inode;
        var piece =
                session.one(
                        row ->
                                new Piece(
                                        Chunk.of(row, inode, number),
                                        row.getLong("piece"),
                                        row.getLong("since") < change.last()),
                        Sql.CHUNK,
                        inode,
                        number);
        if (piece == null) return Piece.NONE;
        if (piece.shared || !change.hasPast()) return piece;
        // One that was restored is a snapshot's, however new it is.
        boolean kept = session.number(0, Sql.IS_PIECE_KEPT, inode, number, piece.id) != 0;
        return kept ? new Piece(piece.chunk, piece.id, true) : piece;
    }

    /// What a snapshot has, it keeps.
    private void put(long number, Piece old, int held, byte[] data) throws SQLException {
        long id = old.id;
        if (id != 0 && !old.shared) session.run(Sql.SET_PIECE, data, id);
        else {
            if (old.shared) change.keep(Sql.KEEP_CHUNKS, file.inode, number, number);
            id = session.number(0, Sql.ADD_PIECE, (Object) data);
        }
        long crc = Chunk.crc(file.inode, number, held, data);
        session.run(Sql.SET_CHUNK, file.inode, number, held, crc, id, change.last());
    }

    /// Takes the rest of a buffer to a position, as far as the quota has room.
    void write(ByteBuffer from, long position) throws SQLException {
        while (from.hasRemaining()) {
            long number = position >>> Chunk.BITS;
            int at = (int) (position & (Chunk.SIZE - 1));
            int count = Math.min(from.remaining(), Chunk.SIZE - at);
            var piece = piece(number);
            var old = piece.chunk;
            int kept = piece.shared ? Integer.bitCount(old.held()) : 0;
            if (!change.tryTakePages(kept)) return;
            int granted = grant(number, old.held(), at, count);
            if (granted == 0) {
                change.givePages(kept);
                return;
            }
            var data = Arrays.copyOf(old.data(), Math.max(old.data().length, at + granted));
            from.get(data, at, granted);
            put(number, piece, old.held() | Chunk.touched(at, at + granted), data);
            if (granted < count) return;
            position += granted;
        }
    }

    /// Takes pages of the quota for bytes of a chunk.
    ///
    /// @return for how many of the bytes
    private int grant(long number, int held, int at, int count) throws SQLException {
        var status = change.edit(file);
        int wanted = Chunk.touched(at, at + count) & ~held;
        if (wanted != 0 && status.reserves) wanted &= ~promised(number);
        if (wanted == 0) return count;
        int pages = Integer.bitCount(wanted);
        if (change.tryTakePages(pages)) {
            status.pages += pages;
            return count;
        }
        for (int page = at / PAGE; page * PAGE < at + count; page++) {
            if ((wanted & 1 << page) == 0) continue;
            if (!change.tryTakePages(1)) return Math.max(0, page * PAGE - at);
            status.pages++;
        }
        return count;
    }

    /// The bits of a chunk's pages that are promised.
    private int promised(long number) throws SQLException {
        long first = number * Chunk.PAGES;
        int bits = 0;
        for (var range : promised(first, first + Chunk.PAGES))
            bits |= Chunk.between((int) (range.first - first), (int) (range.behind - first));
        return bits;
    }

    /// What of a range of pages is promised.
    private List<Range> promised(long first, long behind) throws SQLException {
        var ranges = new ArrayList<Range>();
        session.each(
                row ->
                        ranges.add(
                                new Range(
                                        Math.max(first, row.getLong(1)),
                                        Math.min(behind, row.getLong(2)))),
                Sql.RESERVED,
                file.inode,
                behind,
                first);
        return ranges;
    }

    /// How many pages of a range are written.
    private long written(long first, long behind) throws SQLException {
        long[] count = {0};
        session.each(
                row -> {
                    long begin = row.getLong(1) * Chunk.PAGES;
                    int from = (int) Math.max(0, first - begin);
                    int to = (int) Math.min(Chunk.PAGES, behind - begin);
                    count[0] += Integer.bitCount(row.getInt(2) & Chunk.between(from, to));
                    return true;
                },
                Sql.HELD,
                file.inode,
                first / Chunk.PAGES,
                (behind - 1) / Chunk.PAGES);
        return count[0];
    }

    /// How many pages of a range are written, or promised.
    private long taken(long first, long behind) throws SQLException {
        long count = written(first, behind);
        if (change.of(file).reserves)
            for (var range : promised(first, behind))
                count += range.behind - range.first - written(range.first, range.behind);
        return count;
    }

    /// Promises space for everything in a range.
    ///
    /// @param left bytes there are for it
    /// @throws podium.syscall.ErrnoException `ENOSPC`
    void reserve(long from, long to, long left) throws SQLException {
        long first = from >>> Chunk.PAGE_BITS;
        long behind = (to >>> Chunk.PAGE_BITS) + ((to & (PAGE - 1)) == 0 ? 0 : 1);
        if (first >= behind) return;
        long more = behind - first - taken(first, behind);
        if (!change.tryTakePages(more)) throw file.tree.pages.error().exception();
        if (more > left / PAGE) throw Errno.ENOSPC.exception();
        var status = change.edit(file);
        status.pages += more;
        status.reserves = true;
        var whole = new long[] {first, behind};
        session.each(
                row -> {
                    whole[0] = Math.min(whole[0], row.getLong(1));
                    whole[1] = Math.max(whole[1], row.getLong(2));
                    return true;
                },
                Sql.RESERVED,
                file.inode,
                behind,
                first);
        change.freeReserved(file.inode, behind, first);
        promise(new Range(whole[0], whole[1]));
    }

    /// Makes a range read as zeros, and lets go of the pages that lie in it wholly.
    ///
    /// @param to Long.MAX_VALUE for the end, wherever that is
    void clear(long from, long to) throws SQLException {
        if (from >= to) return;
        boolean endless = to == Long.MAX_VALUE;
        long first = (from >>> Chunk.PAGE_BITS) + ((from & (PAGE - 1)) == 0 ? 0 : 1);
        long behind = endless ? END : to >>> Chunk.PAGE_BITS;
        if (first < behind) {
            long freed = taken(first, behind);
            change.givePages(freed);
            var status = change.edit(file);
            status.pages -= freed;
            if (status.reserves) cancel(first, behind);
        }
        long begin = from >>> Chunk.BITS;
        long end = endless ? END : (to - 1) >>> Chunk.BITS;
        clear(begin, from, to);
        if (end > begin && !endless) clear(end, from, to);
        if (end > begin + 1) change.freeChunks(file.inode, begin + 1, endless ? end : end - 1);
    }

    /// Takes back what was promised.
    private void cancel(long first, long behind) throws SQLException {
        var rest = new ArrayList<Range>();
        session.each(
                row -> {
                    long start = row.getLong(1);
                    long end = row.getLong(2);
                    if (start < first) rest.add(new Range(start, first));
                    if (end > behind) rest.add(new Range(behind, end));
                    return true;
                },
                Sql.RESERVED,
                file.inode,
                behind,
                first);
        change.freeReserved(file.inode, behind, first);
        for (var range : rest) promise(range);
    }

    private void promise(Range range) throws SQLException {
        long crc = Checksum.of(file.inode, range.first, range.behind);
        session.run(Sql.ADD_RESERVED, file.inode, range.first, range.behind, crc, change.last());
    }

    /// What lies in one chunk of a range that is cleared.
    private void clear(long number, long from, long to) throws SQLException {
        var piece = piece(number);
        var old = piece.chunk;
        if (old.held() == 0) return;
        long begin = number << Chunk.BITS;
        int start = (int) Math.max(0, from - begin);
        int end = (int) Math.min(Chunk.SIZE, to - begin);
        int held = old.held() & ~Chunk.covered(start, end);
        if (held == 0) {
            change.freeChunks(file.inode, number, number);
            return;
        }
        int length = old.data().length;
        var data = Arrays.copyOf(old.data(), end >= length ? Math.min(start, length) : length);
        if (start < data.length) Arrays.fill(data, start, Math.min(end, data.length), (byte) 0);
        if (piece.shared) change.countPages(Integer.bitCount(old.held()));
        put(number, piece, held, data);
    }

    /// The next data or hole from a position on.
    ///
    /// @throws podium.syscall.ErrnoException `ENXIO` at or behind the end; `ESTALE`
    static long seek(Session session, long inode, long position, boolean data) throws SQLException {
        // Both queries see what they see: who writes meanwhile may move either answer.
        var size = session.one(row -> row.getLong("size"), Sql.INODE, inode);
        if (size == null) throw Errno.ESTALE.exception();
        return seek(session, Sql.HELD, inode, size, position, data);
    }

    /// The same for a file of some size.
    ///
    /// @param sql which tells what its chunks hold
    /// @param then further values of that
    static long seek(
            Session session,
            Sql sql,
            long inode,
            long size,
            long position,
            boolean data,
            Long... then)
            throws SQLException {
        if (position >= size) throw Errno.ENXIO.exception();
        long page = position >>> Chunk.PAGE_BITS;
        var values = values(inode, page / Chunk.PAGES, Long.MAX_VALUE, then);
        long found = next(session, page, data, sql, values);
        // The last page ends at the greatest offset.
        long at = found >= END ? Long.MAX_VALUE : Math.max(position, found << Chunk.PAGE_BITS);
        if (!data) return Math.min(size, at);
        if (at >= size) throw Errno.ENXIO.exception();
        return at;
    }

    private static long next(Session session, long page, boolean data, Sql sql, Object... values)
            throws SQLException {
        long[] at = {page};
        boolean[] found = {false};
        session.each(
                row -> {
                    long begin = row.getLong(1) * Chunk.PAGES;
                    if (begin > at[0]) {
                        if (!data) return false;
                        at[0] = begin;
                    }
                    int held = data ? row.getInt(2) : ~row.getInt(2);
                    int bits = held & Chunk.between((int) (at[0] - begin), Chunk.PAGES);
                    found[0] = bits != 0;
                    at[0] = begin + (found[0] ? Integer.numberOfTrailingZeros(bits) : Chunk.PAGES);
                    return !found[0];
                },
                sql,
                values);
        return data && !found[0] ? END : at[0];
    }
}
