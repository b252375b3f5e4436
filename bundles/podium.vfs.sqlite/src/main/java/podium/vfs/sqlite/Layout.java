package podium.vfs.sqlite;

import java.util.ArrayList;
import java.util.List;

/// The tables of each version, in the order that they are made in.
final class Layout {

    private static final String ATTRIBUTES =
            " mode INTEGER NOT NULL, uid INTEGER NOT NULL, gid INTEGER NOT NULL,"
                    + " links INTEGER NOT NULL, size INTEGER NOT NULL,"
                    + " pages INTEGER NOT NULL, reserves INTEGER NOT NULL,"
                    + " device INTEGER NOT NULL, accessed INTEGER NOT NULL,"
                    + " modified INTEGER NOT NULL, changed INTEGER NOT NULL,"
                    + " born INTEGER NOT NULL, cookie INTEGER NOT NULL,"
                    + " target BLOB, extended BLOB";

    private static final String NAME =
            "directory INTEGER NOT NULL, name BLOB NOT NULL, cookie INTEGER NOT NULL,"
                    + " inode INTEGER NOT NULL";

    private static final String PROMISE =
            "inode INTEGER NOT NULL, first INTEGER NOT NULL, behind INTEGER NOT NULL";

    private static final String PIECE =
            "inode INTEGER NOT NULL, number INTEGER NOT NULL, held INTEGER NOT NULL,"
                    + " crc INTEGER NOT NULL, piece INTEGER NOT NULL, since INTEGER NOT NULL";

    private static final String SEALED = ", crc INTEGER NOT NULL, since INTEGER NOT NULL";
    private static final String UNTIL = ", until INTEGER NOT NULL";
    private static final String ORPHAN = "CREATE INDEX orphan ON inode (id) WHERE links = 0";
    private static final String LISTING =
            "CREATE UNIQUE INDEX listing ON entry (directory, cookie)";
    private static final String SYNCED = "CREATE TABLE synced (times INTEGER NOT NULL) STRICT";

    private static final List<String> FIRST =
            List.of(
                    numbered("inode", "id INTEGER PRIMARY KEY AUTOINCREMENT," + ATTRIBUTES),
                    ORPHAN,
                    keyed("entry", NAME, "directory, name"),
                    LISTING,
                    keyed(
                            "chunk",
                            "inode INTEGER NOT NULL, number INTEGER NOT NULL,"
                                    + " held INTEGER NOT NULL, crc INTEGER NOT NULL,"
                                    + " data BLOB NOT NULL",
                            "inode, number"),
                    keyed("reserved", PROMISE, "inode, first"),
                    SYNCED);

    /// What a tree is.
    private static final List<String> NOW =
            List.of(
                    numbered(
                            "inode", "id INTEGER PRIMARY KEY AUTOINCREMENT," + ATTRIBUTES + SEALED),
                    ORPHAN,
                    keyed("entry", NAME + SEALED, "directory, name"),
                    LISTING,
                    keyed("chunk", PIECE, "inode, number"),
                    keyed("reserved", PROMISE + SEALED, "inode, first"));

    /// What it was.
    private static final List<String> PAST =
            List.of(
                    numbered(
                            "snapshot",
                            "id INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB,"
                                    + " taken INTEGER NOT NULL, inodes INTEGER NOT NULL,"
                                    + " pages INTEGER NOT NULL, crc INTEGER NOT NULL"),
                    keyed(
                            "past_inode",
                            "id INTEGER NOT NULL," + ATTRIBUTES + SEALED + UNTIL,
                            "id, until"),
                    keyed("past_entry", NAME + SEALED + UNTIL, "directory, name, until"),
                    "CREATE INDEX past_listing ON past_entry (directory, cookie)",
                    keyed("past_chunk", PIECE + UNTIL, "inode, number, until"),
                    keyed("past_reserved", PROMISE + SEALED + UNTIL, "inode, first, until"));

    private Layout() {}

    private static String numbered(String name, String columns) {
        return "CREATE TABLE %s (%s) STRICT".formatted(name, columns);
    }

    private static String keyed(String name, String columns, String key) {
        return "CREATE TABLE %s (%s, PRIMARY KEY (%s)) STRICT, WITHOUT ROWID"
                .formatted(name, columns, key);
    }

    static List<String> tables(int version) {
        if (version < 2) return FIRST;
        var all = new ArrayList<>(NOW);
        all.add(numbered("piece", "id INTEGER PRIMARY KEY, data BLOB NOT NULL"));
        all.add(SYNCED);
        all.addAll(PAST);
        for (var table : Table.values())
            all.add("CREATE INDEX %1$s_until ON %1$s (until)".formatted(table.past()));
        return all;
    }

    /// Makes tables with what a tree is that are there for a connection alone, and found before
    /// those of the database.
    static List<String> temporary() {
        return NOW.stream()
                .map(
                        text ->
                                text.replaceFirst("TABLE ", "TEMP TABLE ")
                                        .replaceFirst("INDEX ", "INDEX temp."))
                .toList();
    }
}
