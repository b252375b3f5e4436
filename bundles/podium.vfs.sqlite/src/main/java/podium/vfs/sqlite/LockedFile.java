package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;
import podium.vfs.backend.SourceLock;

/// A database's file that nobody else uses, here or in another process.
///
/// @param version that its header tells, or -1 when it is empty
record LockedFile(Path path, int version, SourceLock lock) implements AutoCloseable {

    /// Rows are small: a larger one is somebody's trap.
    private static final int LONGEST_VALUE = 1 << 20;

    /// @throws IOException in one line: it is not there, in use, not ours, or from a newer version
    static LockedFile open(Path path) throws IOException {
        if (!Files.isRegularFile(path))
            throw Files.exists(path)
                    ? new IOException("it is no file")
                    : new NoSuchFileException(path.toString());
        var file = beside(path, "-lock");
        boolean fresh = !Files.exists(file);
        var lock = SourceLock.take(path, file);
        boolean done = false;
        try {
            var opened = new LockedFile(path, Schema.checkHeader(path), lock);
            done = true;
            return opened;
        } finally {
            if (!done) {
                // Nothing is left beside a file that is somebody else's, not even a lock.
                if (fresh) Files.deleteIfExists(file);
                lock.close();
            }
        }
    }

    /// Whether it may still become a database.
    boolean isEmpty() {
        return version < 0;
    }

    /// A connection that writes nothing, not even what a log that was left holds to its place.
    Session read() throws IOException, SQLException {
        boolean logged = Files.exists(log()) && Files.size(log()) > 0;
        // With a log, SQLite wants to lock and to share what it knows of it, which takes writing;
        // the file is nobody else's, so there is nothing to lock.
        var parameters = logged ? "mode=ro&vfs=unix-none" : "mode=ro&immutable=1";
        return connect(parameters, "PRAGMA locking_mode = EXCLUSIVE");
    }

    /// A connection that may write, besides others.
    Session write() throws SQLException {
        return connect("mode=rw", "PRAGMA busy_timeout = 10000");
    }

    private Session connect(String parameters, String pragma) throws SQLException {
        var properties = new Properties();
        properties.setProperty("limit_length", "" + LONGEST_VALUE);
        var session = new Session(NativeLibrary.connect(path, parameters, properties));
        boolean done = false;
        try {
            session.execute(pragma);
            session.execute("PRAGMA trusted_schema = OFF");
            done = true;
            return session;
        } finally {
            if (!done) session.close();
        }
    }

    /// The write-ahead log, which is there while the database is open, and after a crash.
    Path log() {
        return beside(path, "-wal");
    }

    /// A file whose name begins as the database's.
    static Path beside(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    @Override
    public void close() {
        lock.close();
    }
}
