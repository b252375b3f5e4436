package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import podium.vfs.backend.DurableOptions;

/// Copies what is in a database to a new one, of this version, which takes its place.
final class Rewrite {

    private static final int CONSTRAINT = 19;

    private static final String SEQUENCE = "SELECT seq FROM sqlite_sequence WHERE name = 'inode'";

    private final LockedFile file;
    private final int version;
    private final boolean tolerant;

    /// @param version of what is there
    /// @param tolerant whether what is damaged is left out, instead of being an error. Each table
    ///     is read from both ends to where it is damaged
    Rewrite(LockedFile file, int version, boolean tolerant) {
        this.file = file;
        this.version = version;
        this.tolerant = tolerant;
    }

    /// Brings a database of an older version to this one.
    ///
    /// @return whether it was one
    static boolean ifOld(LockedFile file) throws IOException, SQLException {
        int version;
        try (var session = file.read()) {
            version = Schema.version(session);
            if (version == 0 || version == Schema.VERSION) return false;
            Schema.checkTables(session);
        }
        new Rewrite(file, version, false).run();
        return true;
    }

    /// @return how many rows there are
    /// @throws IOException in one line: nothing can be read
    long run() throws IOException, SQLException {
        var fresh = LockedFile.beside(file.path(), ".fresh");
        boolean done = false;
        try {
            Files.deleteIfExists(fresh);
            long copied = copy(fresh);
            // Its log belongs to the old file, and holds nothing any more that is not copied.
            for (var suffix : List.of("-wal", "-shm"))
                Files.deleteIfExists(LockedFile.beside(file.path(), suffix));
            Files.move(fresh, file.path(), StandardCopyOption.ATOMIC_MOVE);
            force(file.path());
            done = true;
            return copied;
        } finally {
            if (!done) Files.deleteIfExists(fresh);
        }
    }

    private static void force(Path path) throws IOException {
        var above = path.getParent();
        if (above == null) return;
        try (var directory = FileChannel.open(above, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private long copy(Path fresh) throws IOException, SQLException {
        try (var from = file.write();
                var to = open(fresh)) {
            to.execute("PRAGMA page_size = " + Database.PAGE);
            to.execute("BEGIN");
            Schema.make(to, new DurableOptions(file.path(), 0, 0, 0755, 0, 0));
            long copied = 0;
            for (var table : Table.values()) copied += copy(table, from, to);
            if (copied == 0) throw new IOException("nothing of it can be read; use a backup");
            sequence(from, to);
            to.execute("COMMIT");
            // Whatever a crash leaves is the old database, or the new one.
            if (!tolerant) from.ask("PRAGMA wal_checkpoint(TRUNCATE)");
            return copied;
        }
    }

    private static Session open(Path path) throws SQLException {
        return new Session(NativeLibrary.connect(path, "mode=rwc", new Properties()));
    }

    private long copy(Table table, Session from, Session to) throws SQLException {
        long[] copied = {0};
        for (boolean down : new boolean[] {false, true})
            try {
                from.each(
                        row -> {
                            if (copy(table, row, to)) copied[0]++;
                            return true;
                        },
                        query(table, down));
                return copied[0]; // all of it
            } catch (SQLException e) {
                if (!tolerant || !Faults.isDamage(e)) throw e;
            }
        return copied[0];
    }

    private String query(Table table, boolean down) {
        var columns = new ArrayList<>(table.columns());
        if (version > 1 || table == Table.CHUNK) columns.add("crc");
        var way = down ? " DESC" : "";
        return "SELECT %s FROM %s NOT INDEXED ORDER BY %s"
                .formatted(
                        String.join(", ", columns),
                        table.title(),
                        String.join(way + ", ", table.key) + way);
    }

    /// @return whether the new one has it
    private boolean copy(Table table, ResultSet row, Session to) throws SQLException {
        boolean sound = isSound(table, row);
        if (!sound && !tolerant) throw new DamageException("a row has a wrong checksum");
        // Of an inode, even something that is damaged is worth to be looked at.
        if (!sound && table != Table.INODE) return false;
        var values = new ArrayList<>(Arrays.asList(Table.values(row, table.columns())));
        values.add(sound ? table.checksum(row) : row.getLong("crc"));
        if (tolerant && !values.stream().allMatch(Rewrite::isValue)) return false;
        var insert =
                "INSERT OR %s INTO %s (%s, crc) VALUES (?%s)"
                        .formatted(
                                sound ? "REPLACE" : "IGNORE",
                                table.title(),
                                String.join(", ", table.columns()),
                                ", ?".repeat(values.size() - 1));
        try {
            to.execute(insert, values.toArray());
            return true;
        } catch (SQLException e) {
            if (tolerant && (e.getErrorCode() & 0xff) == CONSTRAINT) return false;
            throw e;
        }
    }

    private boolean isSound(Table table, ResultSet row) throws SQLException {
        if (version > 1) return table.isSound(row);
        return table != Table.CHUNK || Chunk.isFirstSound(row);
    }

    /// Whether a column can have it.
    private static boolean isValue(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case Integer _, Long _, byte[] _ -> true;
            default -> false;
        };
    }

    /// Numbers are never used twice.
    private void sequence(Session from, Session to) throws SQLException {
        try {
            long last = Long.parseLong(from.ask(SEQUENCE));
            if (last > 0 && last < Schema.MOST_INODES)
                to.execute("UPDATE sqlite_sequence SET seq = max(seq, %d)".formatted(last));
        } catch (SQLException | NumberFormatException e) {
            if (!tolerant) throw e;
        }
    }
}
