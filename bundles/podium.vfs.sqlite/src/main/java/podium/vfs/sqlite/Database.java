package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.vfs.backend.DurableOptions;

/// The file: one connection that writes, others that read, and the lock that keeps others away.
final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    static final int PAGE = 4096;

    private static final int READERS = 8;

    /// Pages after which the log is brought to its place: what is written often is in it often.
    private static final int LONGEST_LOG = 16384;

    final Path path;
    final boolean readOnly;
    final Readers readers;

    /// Null when it is read-only.
    final @Nullable Reserve reserve;

    private final FileStore store;
    private final LockedFile file;
    private final Session writer;

    private Database(LockedFile file, boolean readOnly) throws IOException, SQLException {
        this.file = file;
        path = file.path();
        this.readOnly = readOnly;
        store = Files.getFileStore(path);
        reserve = readOnly ? null : new Reserve(path);
        writer = connect();
        // An exclusive connection is the only one.
        readers = readOnly ? new Readers(1, () -> writer) : new Readers(READERS, this::connect);
    }

    /// Opens a database, or makes one.
    ///
    /// @throws IOException in one line: it cannot be had, or is not ours, or damaged
    static Database open(DurableOptions options, boolean readOnly) throws IOException {
        var path = options.path().toAbsolutePath();
        if (!readOnly) make(path);
        var file = LockedFile.open(path);
        boolean done = false;
        try {
            if (file.isEmpty() && readOnly) throw new IOException("it is empty");
            if (!file.isEmpty() && !readOnly) Rewrite.ifOld(file);
            var database = new Database(file, readOnly);
            database.begin(options);
            done = true;
            return database;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            if (!done) file.close();
        }
    }

    /// What an error means for who wants to mount, in one line.
    static IOException failure(SQLException e) {
        var line = Faults.line(e);
        return Faults.isDamage(e)
                ? new IOException("it is damaged: " + line + " (podium fs check tells more)", e)
                : new IOException(line, e);
    }

    /// Makes an empty file, if there is none.
    private static void make(Path path) throws IOException {
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            return;
        }
        var above = path.getParent();
        if (above == null) return;
        try (var directory = FileChannel.open(above, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private Session connect() throws SQLException {
        try {
            return open();
        } catch (IOException e) {
            throw new SQLException(e.toString(), e);
        }
    }

    private Session open() throws IOException, SQLException {
        var session = readOnly ? file.read() : file.write();
        boolean done = false;
        try {
            session.execute("PRAGMA cell_size_check = ON");
            session.execute("PRAGMA temp_store = MEMORY");
            done = true;
            return session;
        } finally {
            if (!done) session.close();
        }
    }

    private void begin(DurableOptions options) throws SQLException, IOException {
        boolean done = false;
        try {
            if (!readOnly) prepare(options);
            else Schema.check(writer);
            done = true;
        } finally {
            if (!done) closeConnections();
        }
    }

    private void prepare(DurableOptions options) throws SQLException, IOException {
        boolean empty = Schema.isEmpty(writer);
        if (!empty) Schema.check(writer);
        if (reserve != null) reserve.fill();
        if (empty) writer.execute("PRAGMA page_size = " + PAGE);
        var mode = writer.ask("PRAGMA journal_mode = WAL");
        if (!mode.equals("wal"))
            throw new IOException("its journal cannot be a write-ahead log, but " + mode);
        // On a small disk, a long log would take what is wanted for content.
        long most = Math.clamp(usable() / 16 / PAGE, 64, LONGEST_LOG);
        writer.execute("PRAGMA wal_autocheckpoint = " + most);
        writer.execute("PRAGMA cache_size = -16384");
        writer.execute("PRAGMA synchronous = FULL");
        if (empty) {
            writer.run(Sql.BEGIN);
            Schema.make(writer, options);
            writer.run(Sql.COMMIT);
        }
        writer.execute("PRAGMA synchronous = NORMAL");
    }

    /// The connection that changes are made with, one at a time. A read-only one's for everything.
    Session writer() {
        return writer;
    }

    /// Makes what was committed durable: a commit that is forced forces all before it, as they are
    /// in one log.
    void force() throws SQLException {
        writer.execute("PRAGMA synchronous = FULL");
        boolean done = false;
        try {
            writer.run(Sql.BEGIN);
            writer.run(Sql.COUNT_SYNC);
            writer.run(Sql.COMMIT);
            done = true;
        } finally {
            if (!done) rollBack();
            writer.execute("PRAGMA synchronous = NORMAL");
        }
    }

    /// Undoes what was begun. SQLite may have done it by itself, which is no error.
    void rollBack() {
        try {
            writer.run(Sql.ROLLBACK);
        } catch (SQLException e) {
            LOG.debug("database {}: rolling back: {}", path, e.toString());
        }
    }

    /// Brings the log to its place, so that it begins anew.
    void checkpoint() throws SQLException {
        writer.ask("PRAGMA wal_checkpoint(RESTART)");
    }

    /// Makes room for a change that gives space back: a log that begins anew takes none on the
    /// disk. If that takes some itself, the reserve does.
    void makeRoom() throws SQLException {
        try {
            checkpoint();
        } catch (SQLException e) {
            if (!Faults.isFull(e) || !release()) throw e;
        }
    }

    /// Gives up the reserve.
    ///
    /// @return whether there was any
    boolean release() throws SQLException {
        try {
            return reserve != null && reserve.release();
        } catch (IOException e) {
            throw new SQLException(e.toString(), e);
        }
    }

    /// Bytes of the log, those included that are used again.
    long logged() throws IOException {
        try {
            return Files.size(file.log());
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /// Bytes that the host's disk has left, without those that the log's content is yet to take.
    long usable() throws IOException, SQLException {
        long all = writer.number(0, Sql.ALL_PAGES) * PAGE;
        return Math.max(0, store.getUsableSpace() - Math.max(0, all - Files.size(path)));
    }

    @Override
    public void close() throws SQLException {
        try (file) {
            closeConnections();
        }
    }

    /// The last one brings the log to its place, and removes it.
    private void closeConnections() throws SQLException {
        try (writer) {
            readers.close();
        } finally {
            closeReserve();
        }
    }

    private void closeReserve() {
        try {
            if (reserve != null) reserve.close();
        } catch (IOException e) {
            // What is left of it is taken up again by the next one.
            LOG.warn("database {}: {}", path, e.toString());
        }
    }
}
