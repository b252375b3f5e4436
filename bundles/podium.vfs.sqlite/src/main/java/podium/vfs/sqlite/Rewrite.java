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

    private static final String SEQUENCE = "SELECT seq FROM sqlite_sequence WHERE name = '%s'";

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
        if (file.version() == Schema.VERSION) return false;
        // What a log that was left holds may tell another one than the header.
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
            for (var source : sources()) copied += copy(source, from, to);
            if (copied == 0) throw new IOException("nothing of it can be read; use a backup");
            sequences(from, to);
            to.execute("COMMIT");
            // Whatever a crash leaves is the old database, or the new one.
            if (!tolerant) from.ask("PRAGMA wal_checkpoint(TRUNCATE)");
            return copied;
        }
    }

    /// A connection that may make a file.
    static Session open(Path path) throws SQLException {
        return new Session(NativeLibrary.connect(path, "mode=rwc", new Properties()));
    }

    /// Rows that are copied to the table of the same name.
    ///
    /// @param order the columns that the table is in the order of
    record Source(String title, List<String> columns, List<String> order, Copier copier) {

        String query(boolean down) {
            var way = down ? " DESC" : "";
            return "SELECT %s FROM %s NOT INDEXED ORDER BY %s"
                    .formatted(
                            String.join(", ", columns),
                            title,
                            String.join(way + ", ", order) + way);
        }
    }

    /// Copies a row.
    interface Copier {
        /// @return whether the new one has it
        boolean copy(ResultSet row, Source source, Session to) throws SQLException;
    }

    private long copy(Source source, Session from, Session to) throws SQLException {
        long[] copied = {0};
        for (boolean down : new boolean[] {false, true})
            try {
                from.each(
                        row -> {
                            if (source.copier.copy(row, source, to)) copied[0]++;
                            return true;
                        },
                        source.query(down));
                return copied[0]; // all of it
            } catch (SQLException e) {
                if (!tolerant || !Faults.isDamage(e)) throw e;
            }
        return copied[0];
    }

    private List<Source> sources() {
        if (version < 2) return new FirstVersion(this).sources();
        var all = new ArrayList<Source>();
        for (boolean past : new boolean[] {false, true})
            for (var table : Table.values()) {
                var columns = new ArrayList<>(table.columns);
                columns.add("since");
                if (past) columns.add("until");
                Copier copier = (row, source, to) -> copySealed(table, row, source, to);
                all.add(new Source(table.title(past), columns, table.key(past), copier));
            }
        all.add(new Source("piece", List.of("id", "data"), List.of("id"), this::copyPlain));
        var snapshot = List.of("id", "name", "taken", "inodes", "pages", "crc");
        all.add(new Source("snapshot", snapshot, List.of("id"), this::copyPlain));
        return all;
    }

    private boolean copyPlain(ResultSet row, Source source, Session to) throws SQLException {
        var values = Table.values(row, source.columns);
        return insert(to, source.title, source.columns, values, true);
    }

    private boolean copySealed(Table table, ResultSet row, Source source, Session to)
            throws SQLException {
        // Chunks are looked at together with their pieces, later.
        boolean sound = table == Table.CHUNK || table.isSound(row);
        checkTolerated(sound);
        // Of an inode, even something that is damaged is worth to be looked at.
        if (!sound && table != Table.INODE) return false;
        var values = Table.values(row, source.columns);
        return insert(to, source.title, source.columns, values, sound);
    }

    /// @throws DamageException a row is not what was written, and must be
    void checkTolerated(boolean sound) throws DamageException {
        if (!sound && !tolerant) throw new DamageException("a row has a wrong checksum");
    }

    /// @param replace whether it takes the place of another row of its key
    /// @return whether it is there
    boolean insert(
            Session to,
            String table,
            List<String> columns,
            @Nullable Object[] values,
            boolean replace)
            throws SQLException {
        if (tolerant && !Arrays.stream(values).allMatch(Rewrite::isValue)) return false;
        var insert =
                "INSERT OR %s INTO %s (%s) VALUES (?%s)"
                        .formatted(
                                replace ? "REPLACE" : "IGNORE",
                                table,
                                String.join(", ", columns),
                                ", ?".repeat(values.length - 1));
        try {
            to.execute(insert, values);
            return true;
        } catch (SQLException e) {
            if (tolerant && (e.getErrorCode() & 0xff) == CONSTRAINT) return false;
            throw e;
        }
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
    private void sequences(Session from, Session to) throws SQLException {
        for (var table : version < 2 ? List.of("inode") : List.of("inode", "snapshot"))
            try {
                long last = Long.parseLong(from.ask(SEQUENCE.formatted(table)));
                if (last <= 0 || last >= Schema.MOST_INODES) continue;
                var known = to.ask(SEQUENCE.formatted(table));
                if (known.isEmpty())
                    to.execute("INSERT INTO sqlite_sequence VALUES ('%s', 0)".formatted(table));
                to.execute(
                        "UPDATE sqlite_sequence SET seq = max(seq, %d) WHERE name = '%s'"
                                .formatted(last, table));
            } catch (SQLException e) {
                if (!tolerant) throw e;
            } catch (NumberFormatException e) {
                // None was ever used, or it is damaged.
                continue;
            }
    }
}
