package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import podium.vfs.CheckReport;
import podium.vfs.backend.DurableOptions;

/// Copies what can be read of a database to a new one, which takes its place. Each table is read
/// from both ends to where it is damaged.
final class Salvage {

    /// Where the header has the number of pages, and those that are free.
    private static final int PAGES_AT = 28;

    private static final int FREE_AT = 32;

    /// The tables, and what they are in the order of.
    private static final List<Table> TABLES =
            List.of(
                    new Table("inode", List.of("id"), 16),
                    new Table("entry", List.of("directory", "name"), 4),
                    new Table("chunk", List.of("inode", "number"), 5),
                    new Table("reserved", List.of("inode", "first"), 3));

    private final LockedFile file;
    private final Path path;
    private final CheckReport report;

    private record Table(String name, List<String> key, int columns) {

        String query(boolean down) {
            var way = down ? " DESC" : "";
            return "SELECT * FROM "
                    + name
                    + " NOT INDEXED ORDER BY "
                    + String.join(way + ", ", key)
                    + way;
        }
    }

    Salvage(LockedFile file, CheckReport report) {
        this.file = file;
        path = file.path();
        this.report = report;
    }

    void run() throws IOException, SQLException {
        var fresh = LockedFile.beside(path, ".salvage");
        Files.deleteIfExists(fresh);
        make(fresh);
        writeFirstPage(fresh);
        try (var from = file.write();
                var to = open(fresh)) {
            to.execute("BEGIN");
            long copied = 0;
            for (var table : TABLES) copied += copy(table, from, to);
            to.execute("COMMIT");
            if (copied == 0) throw new IOException("nothing of it can be read; use a backup");
            report.note("%d rows could be read".formatted(copied));
        }
        // Its log belongs to the old file.
        for (var suffix : List.of("-wal", "-shm"))
            Files.deleteIfExists(LockedFile.beside(path, suffix));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        try (var directory = FileChannel.open(above(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static Session open(Path path) throws SQLException {
        return new Session(NativeLibrary.connect(path, "mode=rwc", new Properties()));
    }

    private void make(Path fresh) throws SQLException {
        try (var session = open(fresh)) {
            session.execute("PRAGMA page_size = " + Database.PAGE);
            session.execute("BEGIN");
            Schema.make(session, new DurableOptions(path, 0, 0, 0755, 0, 0));
            session.execute("COMMIT");
        }
    }

    /// The first page says where the tables are, which is the same in all databases of a version:
    /// a new one's serves, with the number of pages, and without those that are free.
    private void writeFirstPage(Path fresh) throws IOException {
        var page = ByteBuffer.allocate(Database.PAGE);
        try (var from = FileChannel.open(fresh, StandardOpenOption.READ);
                var to = FileChannel.open(path, StandardOpenOption.WRITE)) {
            while (page.hasRemaining() && from.read(page, page.position()) > 0) {}
            page.putInt(PAGES_AT, (int) (to.size() / Database.PAGE));
            page.putLong(FREE_AT, 0);
            page.flip();
            while (page.hasRemaining()) to.write(page, page.position());
        }
    }

    private Path above() {
        var above = path.getParent();
        return above == null ? Path.of("/") : above;
    }

    private static long copy(Table table, Session from, Session to) throws SQLException {
        long[] copied = {0};
        var insert =
                "INSERT OR REPLACE INTO "
                        + table.name
                        + " VALUES (?"
                        + ", ?".repeat(table.columns - 1)
                        + ")";
        for (boolean down : new boolean[] {false, true})
            try {
                from.each(
                        row -> {
                            to.execute(insert, values(row, table.columns));
                            copied[0]++;
                            return true;
                        },
                        table.query(down));
                return copied[0]; // all of it
            } catch (SQLException e) {
                if (!Faults.isDamage(e)) throw e;
            }
        return copied[0];
    }

    private static @Nullable Object[] values(ResultSet row, int columns) throws SQLException {
        var values = new @Nullable Object[columns];
        for (int i = 0; i < columns; i++) values[i] = row.getObject(i + 1);
        return values;
    }
}
