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
import java.util.Properties;
import podium.vfs.backend.DurableOptions;
import podium.vfs.backend.SourceLock;

/// The file: one connection that writes, others that read, and the lock that keeps others away.
final class Database implements AutoCloseable {

    static final int PAGE = 4096;

    private static final int READERS = 8;

    /// Rows are small: a larger one is somebody's trap.
    private static final int LONGEST_VALUE = 1 << 20;

    final Path path;
    final boolean readOnly;
    final Readers readers;
    private final FileStore store;
    private final SourceLock lock;
    private final Session writer;

    private Database(Path path, boolean readOnly, SourceLock lock)
            throws IOException, SQLException {
        this.path = path;
        this.readOnly = readOnly;
        this.lock = lock;
        store = Files.getFileStore(path);
        writer = connect();
        // An exclusive connection is the only one.
        readers = readOnly ? new Readers(1, () -> writer) : new Readers(READERS, this::connect);
    }

    /// Opens a database, or makes one.
    ///
    /// @throws IOException in one line: it cannot be had, or is not ours, or damaged
    static Database open(DurableOptions options, boolean readOnly) throws IOException {
        var path = options.path().toAbsolutePath();
        boolean fresh = !readOnly && make(path);
        if (!Files.isRegularFile(path))
            throw Files.exists(path)
                    ? new IOException("it is no file")
                    : new NoSuchFileException(path.toString());
        boolean done = false;
        var lock = lock(path);
        try {
            boolean empty = fresh || checkHeader(path, lock);
            if (empty && readOnly) throw new IOException("it is empty");
            var database = new Database(path, readOnly, lock.lock());
            database.begin(options);
            done = true;
            return database;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            if (!done) lock.lock().close();
        }
    }

    /// What an error means for who wants to mount, in one line.
    static IOException failure(SQLException e) {
        var line = Faults.line(e);
        return Faults.isDamage(e)
                ? new IOException("it is damaged: " + line + " (podium fs check tells more)", e)
                : new IOException(line, e);
    }

    /// @param fresh whether the lock's file was not there before
    private record Locked(SourceLock lock, Path file, boolean fresh) {}

    private static Locked lock(Path path) throws IOException {
        var file = path.resolveSibling(path.getFileName() + "-lock");
        boolean fresh = !Files.exists(file);
        return new Locked(SourceLock.take(path, file), file, fresh);
    }

    /// Nothing is left beside a file that is somebody else's, not even a lock.
    private static boolean checkHeader(Path path, Locked lock) throws IOException {
        boolean ours = false;
        try {
            boolean empty = Schema.checkHeader(path);
            ours = true;
            return empty;
        } finally {
            if (!ours && lock.fresh()) Files.deleteIfExists(lock.file());
        }
    }

    /// @return whether it was not there
    private static boolean make(Path path) throws IOException {
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        var above = path.getParent();
        if (above == null) return true;
        try (var directory = FileChannel.open(above, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return true;
    }

    private Session connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("limit_length", "" + LONGEST_VALUE);
        var session =
                new Session(
                        NativeLibrary.connect(path, readOnly ? "mode=ro" : "mode=rw", properties));
        boolean done = false;
        try {
            // A log that was left can be read without writing anything only so.
            if (readOnly) session.execute("PRAGMA locking_mode = EXCLUSIVE");
            session.execute("PRAGMA busy_timeout = 10000");
            session.execute("PRAGMA trusted_schema = OFF");
            session.execute("PRAGMA cell_size_check = ON");
            session.execute("PRAGMA temp_store = MEMORY");
            session.execute("PRAGMA cache_size = -4096");
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
            Schema.check(writer);
            done = true;
        } finally {
            if (!done) closeConnections();
        }
    }

    private void prepare(DurableOptions options) throws SQLException, IOException {
        boolean empty = Schema.isEmpty(writer);
        if (empty) writer.execute("PRAGMA page_size = " + PAGE);
        var mode = writer.ask("PRAGMA journal_mode = WAL");
        if (!mode.equals("wal"))
            throw new IOException("its journal cannot be a write-ahead log, but " + mode);
        // On a small disk, a long log would take what is wanted for content.
        long most = Math.clamp(usable() / 16 / PAGE, 64, 4096);
        writer.execute("PRAGMA wal_autocheckpoint = " + most);
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
            org.slf4j.LoggerFactory.getLogger(Database.class)
                    .debug("database {}: rolling back: {}", path, e.toString());
        }
    }

    /// Brings the log to its place, so that it begins anew.
    void checkpoint() throws SQLException {
        writer.ask("PRAGMA wal_checkpoint(RESTART)");
    }

    /// Bytes of the log, those included that are used again.
    long logged() throws IOException {
        var log = path.resolveSibling(path.getFileName() + "-wal");
        try {
            return Files.size(log);
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
        try (lock) {
            closeConnections();
        }
    }

    /// The last one brings the log to its place, and removes it.
    private void closeConnections() throws SQLException {
        try (writer) {
            readers.close();
        }
    }
}
