package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What becomes of rows that are not what was written. What a row said is not guessed.
final class DamagedRows {

    private static final String CHUNKS =
            "SELECT c.*, p.data FROM %s c LEFT JOIN piece p ON p.id = c.piece";

    /// What is left of an inode's attributes: root alone may use it.
    private static final String LOCKED =
            """
            mode = (mode & 0xf000) | CASE mode >> 12 WHEN 4 THEN 448 ELSE 384 END,
              uid = 0, gid = 0, extended = NULL, pages = 0, reserves = 0, cookie = 0,
              accessed = max(accessed, 0), modified = max(modified, 0), changed = max(changed, 0),
              born = max(born, 0)""";

    /// A size that cannot be is that of the content.
    private static final String LOCK =
            """
            UPDATE inode SET %s,
              size = coalesce((SELECT CASE WHEN inode.size BETWEEN number * 16384 + length(data)
                                                AND (number + 1) * 16384
                                           THEN inode.size ELSE number * 16384 + length(data) END
                 FROM chunk c JOIN piece p ON p.id = c.piece
                 WHERE c.inode = inode.id ORDER BY number DESC LIMIT 1), 0)
            WHERE id = ?
            """
                    .formatted(LOCKED);

    /// Of what a snapshot has, any content that the inode ever had.
    private static final String LOCK_THEN =
            """
            UPDATE past_inode SET %s,
              size = max(0, min(size, coalesce((SELECT max(number) + 1 FROM
                (SELECT inode, number FROM chunk UNION ALL SELECT inode, number FROM past_chunk) c
                WHERE c.inode = past_inode.id), 0) * 16384))
            WHERE id = ? AND until = ?
            """
                    .formatted(LOCKED);

    private final Session session;

    DamagedRows(Session session) {
        this.session = session;
    }

    void run() throws SQLException {
        for (boolean past : new boolean[] {false, true}) {
            cut(past);
            drop(Table.ENTRY, past);
            lock(past);
        }
        drop(Table.RESERVED, true);
        rename();
    }

    /// What is not what was written reads as zeros.
    private void cut(boolean past) throws SQLException {
        var key = Table.CHUNK.key(past);
        var bad = new ArrayList<@Nullable Object[]>();
        session.each(
                row -> {
                    try {
                        Chunk.of(row, row.getLong("inode"), row.getLong("number"));
                    } catch (DamageException e) {
                        bad.add(Table.values(row, key));
                    }
                    return true;
                },
                CHUNKS.formatted(Table.CHUNK.title(past)));
        delete(Table.CHUNK, past, bad);
    }

    /// Where a damaged name led, nobody knows: what has lost its name by that gets another one.
    private void drop(Table table, boolean past) throws SQLException {
        delete(table, past, table.damaged(session, past));
    }

    private void delete(Table table, boolean past, Iterable<@Nullable Object[]> keys)
            throws SQLException {
        var delete = "DELETE FROM %s WHERE %s".formatted(table.title(past), table.isKey(past));
        for (var key : keys) session.execute(delete, key);
    }

    /// Of an inode whose attributes are damaged, content and type are kept, and root alone may use
    /// it. Links and devices are nothing but what is damaged.
    private void lock(boolean past) throws SQLException {
        var table = Table.INODE;
        for (var key : table.damaged(session, past)) {
            session.execute(
                    "DELETE FROM %s WHERE mode >> 12 IN (2, 6, 10) AND %s"
                            .formatted(table.title(past), table.isKey(past)),
                    key);
            session.execute(past ? LOCK_THEN : LOCK, key);
        }
        if (past) table.seal(session, true);
    }

    /// A snapshot whose row is damaged is there under another name.
    private void rename() throws SQLException {
        var bad = new ArrayList<Long>();
        session.each(
                row -> {
                    if (!SnapshotList.isSound(row)) bad.add(row.getLong("id"));
                    return true;
                },
                Sql.SNAPSHOTS);
        for (long id : bad)
            session.execute(
                    "UPDATE snapshot SET name = ?, taken = max(taken, 0) WHERE id = ?",
                    SnapshotList.recovered(id),
                    id);
    }
}
