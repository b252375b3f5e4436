package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteJDBCLoader;

/// SQLite itself, which is native code that the driver unpacks before it is loaded. It would use
/// the folder for temporary files, where everybody may write; here it gets one of its own.
final class NativeLibrary {

    private static final String FOLDER = "org.sqlite.tmpdir";

    private static boolean loaded;

    private NativeLibrary() {}

    /// Loads it, once.
    ///
    /// @param folder which nobody else can write to, or null for a new one
    /// @throws IOException in one line: it cannot be had
    static synchronized void load(@Nullable Path folder) throws IOException {
        if (loaded) return;
        // Who names a folder, or a library that is there already (org.sqlite.lib.path), knows why.
        var named = System.getProperty(FOLDER);
        try {
            if (named == null) System.setProperty(FOLDER, own(folder).toString());
            SQLiteJDBCLoader.initialize();
            loaded = true;
        } catch (IOException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw new IOException("SQLite has no library for this machine: " + e.getMessage(), e);
        } finally {
            if (named == null) System.clearProperty(FOLDER);
        }
    }

    private static Path own(@Nullable Path folder) throws IOException {
        if (folder == null) {
            // For its owner alone, as all that this makes.
            var fresh = Files.createTempDirectory("podium-sqlite");
            fresh.toFile().deleteOnExit();
            return fresh;
        }
        Files.createDirectories(folder);
        // What a JVM that was killed has left.
        try (var old = Files.newDirectoryStream(folder)) {
            for (var file : old) Files.delete(file);
        }
        return folder;
    }

    /// Opens a file. DriverManager would look for the driver in other class loaders.
    ///
    /// @param parameters of SQLite's URI filenames, such as `mode=rw`
    static Connection connect(Path path, String parameters, Properties properties)
            throws SQLException {
        var url = "jdbc:sqlite:" + path.toUri() + "?" + parameters;
        var connection = new JDBC().connect(url, properties);
        if (connection == null) throw new SQLException("no driver for " + url);
        return connection;
    }
}
