package podium.vfs.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import podium.vfs.FileSystem;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;
import podium.vfs.sqlite.SnapshotList.Taken;

/// Snapshots are numbers. Rows say which ones they belong to, so taking one writes one row; a row
/// that changes is copied for those that have it, and content is not.
record SqliteSnapshots(Tree tree) implements Snapshots {

    /// Pages that one snapshot alone has, by its number.
    private static final String OWN =
            """
            SELECT first, CAST(total(%s) AS INTEGER) FROM
              (SELECT held, min(first) AS first, max(last) AS last FROM
                (SELECT inode, number, piece, held,
                   (SELECT min(id) FROM snapshot WHERE name NOT NULL AND id > since) AS first,
                   (SELECT max(id) FROM snapshot WHERE name NOT NULL AND id <= until) AS last
                 FROM past_chunk) p
               WHERE NOT EXISTS (SELECT * FROM chunk c WHERE c.inode = p.inode
                 AND c.number = p.number AND c.piece = p.piece)
               GROUP BY piece)
            WHERE first = last GROUP BY first
            """
                    .formatted(Sql.BITS);

    @Override
    public List<Snapshot> list() {
        var own = new HashMap<Long, Long>();
        tree.read(
                Schema.ROOT,
                session -> {
                    session.each(row -> own.put(row.getLong(1), row.getLong(2)) == null, OWN);
                    return true;
                });
        var list = new ArrayList<Snapshot>();
        for (var one : tree.snapshots.all())
            list.add(
                    new Snapshot(
                            one.name(),
                            one.time(),
                            one.inodes(),
                            one.pages() * Chunk.PAGE,
                            own.getOrDefault(one.id(), 0L) * Chunk.PAGE));
        return list;
    }

    @Override
    public Duration take(String name) {
        long start = System.nanoTime();
        tree.writeTimes();
        tree.free(
                change -> {
                    tree.snapshots.checkNew(name);
                    take(change, name);
                    return true;
                });
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void take(Change change, String name) throws SQLException {
        var named = tree.named();
        var now = new Taken(0, name, Tree.now(), named.inodes(), named.pages());
        for (var table : List.of(Table.CHUNK, Table.RESERVED))
            if (change.last() > 0)
                change.session.execute(table.keep(nameless(table)), change.last());
        long id =
                change.session.number(
                        0,
                        Sql.ADD_SNAPSHOT,
                        now.encoded(),
                        now.time(),
                        now.inodes(),
                        now.pages(),
                        now.checksum());
        // What has no name is no part of it.
        for (var table : List.of(Table.CHUNK, Table.RESERVED, Table.INODE))
            change.session.execute(
                    "UPDATE %s SET since = ? WHERE %s".formatted(table.title(), nameless(table)),
                    id);
        var taken = new Taken(id, name, now.time(), now.inodes(), now.pages());
        change.whenDone(() -> tree.snapshots.add(taken));
    }

    /// The condition that a row is of an inode that has no name.
    private static String nameless(Table table) {
        return table.key.getFirst() + " IN (SELECT id FROM inode WHERE links = 0)";
    }

    @Override
    public Duration restore(String name) {
        long start = System.nanoTime();
        var left = tree.free(change -> new Restore(change, tree, tree.snapshots.get(name)).run());
        // One may have been closed just then.
        for (var file : left) file.freeIfForgotten();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void delete(String name) {
        var one = tree.snapshots.leave(name);
        try {
            tree.free(
                    change -> {
                        change.session.run(Sql.FORGET_SNAPSHOT, one.id());
                        change.whenDone(() -> tree.snapshots.forget(one.id()));
                        return true;
                    });
        } finally {
            tree.snapshots.stay(one);
        }
        for (boolean more = true; more; )
            more = tree.free(change -> new Sweep(change, tree, one.id()).step());
    }

    @Override
    public FileSystem open(String name) {
        return new SqliteSnapshot(tree, tree.snapshots.open(name));
    }
}
