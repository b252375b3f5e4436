package podium.vfs.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The tables that a tree is in. A row of one is the tree's as it is now, and that of all snapshots
/// with greater numbers than its `since`. A row of its [#past] was the tree's, and is that of
/// snapshots behind its `since`, up to its `until`.
enum Table {
    INODE(
            List.of("id"),
            List.of("id"),
            List.of(
                    "mode",
                    "uid",
                    "gid",
                    "links",
                    "size",
                    "pages",
                    "reserves",
                    "device",
                    "accessed",
                    "modified",
                    "changed",
                    "born",
                    "cookie",
                    "target",
                    "extended")),
    ENTRY(List.of("directory", "name"), List.of(), List.of("directory", "name", "cookie", "inode")),
    /// Its checksum is of the data in its piece, too.
    CHUNK(List.of("inode", "number"), List.of("piece"), List.of("inode", "number", "held")),
    RESERVED(List.of("inode", "first"), List.of(), List.of("inode", "first", "behind"));

    /// Those whose rows have their checksums to themselves.
    static final List<Table> SEALED = List.of(INODE, ENTRY, RESERVED);

    /// The columns that it is in the order of.
    final List<String> key;

    /// The columns that a row's checksum is made of. What an inode's number is, is seen from what
    /// names it.
    final List<String> sealed;

    /// All columns, but for `since`.
    final List<String> columns;

    Table(List<String> key, List<String> others, List<String> sealed) {
        this.key = key;
        this.sealed = sealed;
        columns = new ArrayList<>(others);
        columns.addAll(sealed);
        columns.add("crc");
    }

    /// Its name in the database.
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The name of the table of what was in it.
    String past() {
        return "past_" + title();
    }

    /// [#columns] in a statement.
    String list() {
        return String.join(", ", columns);
    }

    /// [#key] in a statement.
    String keys() {
        return String.join(", ", key);
    }

    /// [#key], or that of [#past].
    List<String> key(boolean past) {
        if (!past) return key;
        var all = new ArrayList<>(key);
        all.add("until");
        return all;
    }

    /// A statement that keeps rows for the snapshots that have them. Its first value is the last
    /// snapshot's number.
    ///
    /// @param which rows
    String keep(String which) {
        return ("INSERT INTO %1$s (%2$s, since, until) SELECT %2$s, since, ?1 FROM %3$s"
                        + " WHERE since < ?1 AND %4$s")
                .formatted(past(), list(), title(), which);
    }

    /// The rows that a snapshot has, as a query.
    ///
    /// @param snapshot its number, or what stands for it in the statement
    /// @param which of the rows
    String at(Object snapshot, String which) {
        return ("SELECT %1$s FROM main.%2$s WHERE since < %4$s AND until >= %4$s AND %5$s UNION ALL"
                        + " SELECT %1$s FROM main.%3$s WHERE since < %4$s AND %5$s")
                .formatted(list(), past(), title(), snapshot, which);
    }

    /// Whether a row is what was written, that has all columns.
    boolean isSound(ResultSet row) throws SQLException {
        return checksum(row) == row.getLong("crc");
    }

    /// What the checksum of a row should be.
    long checksum(ResultSet row) throws SQLException {
        return Checksum.of(values(row, sealed));
    }

    static @Nullable Object[] values(ResultSet row, List<String> columns) throws SQLException {
        var values = new @Nullable Object[columns.size()];
        for (int i = 0; i < values.length; i++) values[i] = row.getObject(columns.get(i));
        return values;
    }

    /// The keys of the rows that are not what was written.
    ///
    /// @param past whether of those that were in it; the last part of their keys is `until`
    List<@Nullable Object[]> damaged(Session session, boolean past) throws SQLException {
        var all = key(past);
        var keys = new ArrayList<@Nullable Object[]>();
        session.each(
                row -> {
                    if (!isSound(row)) keys.add(values(row, all));
                    return true;
                },
                "SELECT * FROM " + title(past));
        return keys;
    }

    /// Gives all rows the checksums that they should have.
    void seal(Session session, boolean past) throws SQLException {
        var all = key(past);
        var changes = new ArrayList<@Nullable Object[]>();
        session.each(
                row -> {
                    if (isSound(row)) return true;
                    var values = new ArrayList<@Nullable Object>(List.of(checksum(row)));
                    values.addAll(Arrays.asList(values(row, all)));
                    return changes.add(values.toArray());
                },
                "SELECT * FROM " + title(past));
        var update = "UPDATE %s SET crc = ? WHERE %s".formatted(title(past), isKey(past));
        for (var change : changes) session.execute(update, change);
    }

    String title(boolean past) {
        return past ? past() : title();
    }

    /// The condition that a row has a key: a question mark for each of its columns.
    String isKey(boolean past) {
        return String.join(" = ? AND ", key(past)) + " = ?";
    }
}
