package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;

/// Frees, in steps, the rows that nobody but a snapshot had that was deleted. Until all of them
/// are, the snapshot has a row without a name.
final class Sweep {

    /// Rows of a table that one step frees.
    private static final int STEP = 4096;

    private static final String FREE =
            "DELETE FROM %1$s WHERE (%2$s) IN (SELECT %2$s FROM %1$s"
                    + " WHERE until >= ? AND until < ? AND since >= ? LIMIT %3$d)";

    private final Change change;
    private final Tree tree;
    private final long id;
    private final Object[] range;

    Sweep(Change change, Tree tree, long id) {
        this.change = change;
        this.tree = tree;
        this.id = id;
        range = new Object[] {id, tree.snapshots.after(id), tree.snapshots.before(id)};
    }

    /// @return whether there is more
    boolean step() throws SQLException {
        if (rows(Table.ENTRY) + rows(Table.RESERVED) + chunks() + inodes() > 0) return true;
        change.session.run(Sql.FREE_SNAPSHOT, id);
        change.whenDone(() -> tree.snapshots.freed(id));
        return false;
    }

    private static String free(Table table) {
        return FREE.formatted(table.past(), String.join(", ", table.key(true)), STEP);
    }

    /// @return how many rows
    private int rows(Table table) throws SQLException {
        return change.session.execute(free(table), range);
    }

    private int chunks() throws SQLException {
        var all = new ArrayList<long[]>();
        change.session.each(
                row ->
                        all.add(
                                new long[] {
                                    row.getLong(1),
                                    row.getLong(2),
                                    row.getLong(3),
                                    Long.bitCount(row.getLong(4))
                                }),
                free(Table.CHUNK) + " RETURNING piece, inode, number, held",
                range);
        for (var one : all)
            if (change.session.run(Sql.FREE_PIECE, one[0], one[1], one[2]) > 0)
                change.countPages(-one[3]);
        return all.size();
    }

    private int inodes() throws SQLException {
        var all = new ArrayList<Long>();
        change.session.each(
                row -> all.add(row.getLong(1)), free(Table.INODE) + " RETURNING id", range);
        for (long inode : all.stream().distinct().toList())
            if (change.session.number(0, Sql.IS_COUNTED, inode) == 0) change.countInodes(-1);
        return all.size();
    }
}
