package podium.vfs.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The tables whose rows have checksums.
enum Table {
    INODE(
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
    ENTRY(List.of("directory", "name"), List.of("directory", "name", "cookie", "inode")),
    CHUNK(List.of("inode", "number"), List.of("inode", "number", "held", "data")),
    RESERVED(List.of("inode", "first"), List.of("inode", "first", "behind"));

    /// The columns that it is in the order of.
    final List<String> key;

    /// The columns that a row's checksum is made of. What an inode's number is, is seen from what
    /// names it.
    final List<String> sealed;

    Table(List<String> key, List<String> sealed) {
        this.key = key;
        this.sealed = sealed;
    }

    /// Its name in the database.
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// All columns, but for the checksum.
    List<String> columns() {
        var all = new ArrayList<>(sealed);
        if (!all.containsAll(key)) all.addAll(0, key);
        return all;
    }

    /// What the checksum of a row should be that has the columns of [#sealed].
    long checksum(ResultSet row) throws SQLException {
        return Checksum.of(values(row, sealed));
    }

    /// Whether a row is what was written, that has the columns of [#sealed], and `crc`.
    boolean isSound(ResultSet row) throws SQLException {
        return checksum(row) == row.getLong("crc");
    }

    static @Nullable Object[] values(ResultSet row, List<String> columns) throws SQLException {
        var values = new @Nullable Object[columns.size()];
        for (int i = 0; i < values.length; i++) values[i] = row.getObject(columns.get(i));
        return values;
    }

    /// The keys of the rows that are not what was written.
    List<@Nullable Object[]> damaged(Session session) throws SQLException {
        var keys = new ArrayList<@Nullable Object[]>();
        session.each(
                row -> {
                    if (!isSound(row)) keys.add(values(row, key));
                    return true;
                },
                query());
        return keys;
    }

    /// Gives all rows the checksums that they should have.
    void seal(Session session) throws SQLException {
        var changes = new ArrayList<@Nullable Object[]>();
        session.each(
                row -> {
                    if (isSound(row)) return true;
                    var values = new ArrayList<@Nullable Object>(List.of(checksum(row)));
                    values.addAll(Arrays.asList(values(row, key)));
                    return changes.add(values.toArray());
                },
                query());
        var update = "UPDATE %s SET crc = ? WHERE %s".formatted(title(), isKey());
        for (var change : changes) session.execute(update, change);
    }

    private String query() {
        return "SELECT %s, crc FROM %s".formatted(String.join(", ", columns()), title());
    }

    /// The condition that a row has a key: a question mark for each of its columns.
    String isKey() {
        return String.join(" = ? AND ", key) + " = ?";
    }
}
