package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import podium.vfs.CheckReport;

/// Copies what can be read of a database that SQLite cannot use to a new one, which takes its
/// place.
final class Salvage {

    /// Where the header has the number of pages, and those that are free.
    private static final int PAGES_AT = 28;

    private static final int FREE_AT = 32;

    private final LockedFile file;
    private final CheckReport report;

    Salvage(LockedFile file, CheckReport report) {
        this.file = file;
        this.report = report;
    }

    void run() throws IOException, SQLException {
        // One that was just being made has its version in its log.
        int version = file.version() == 0 ? Schema.VERSION : file.version();
        writeFirstPage(version);
        long copied = new Rewrite(file, version, true).run();
        report.note("%d rows could be read".formatted(copied));
    }

    /// The first page says where the tables are, which is the same in all databases of a version:
    /// a new one's serves, with the number of pages, and without those that are free.
    private void writeFirstPage(int version) throws IOException, SQLException {
        var model = LockedFile.beside(file.path(), ".model");
        try {
            Files.deleteIfExists(model);
            make(model, version);
            var page = ByteBuffer.allocate(Database.PAGE);
            try (var from = FileChannel.open(model, StandardOpenOption.READ);
                    var to = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
                while (page.hasRemaining() && from.read(page, page.position()) > 0) {}
                page.putInt(PAGES_AT, (int) (to.size() / Database.PAGE));
                page.putLong(FREE_AT, 0);
                page.flip();
                while (page.hasRemaining()) to.write(page, page.position());
            }
        } finally {
            Files.deleteIfExists(model);
        }
    }

    private static void make(Path model, int version) throws SQLException {
        try (var session = Rewrite.open(model)) {
            session.execute("PRAGMA page_size = " + Database.PAGE);
            session.execute("BEGIN");
            Schema.makeTables(session, version);
            session.execute("COMMIT");
        }
    }
}
