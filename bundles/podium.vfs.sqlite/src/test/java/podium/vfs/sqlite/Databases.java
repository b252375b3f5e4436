package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;
import podium.testkit.Backends;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.backend.DurableOptions;

/// What tests of databases have in common.
final class Databases {

    private Databases() {}

    /// Nothing happens unasked.
    static SqliteFileSystem open(Path file) throws IOException {
        return open(file, 0);
    }

    static SqliteFileSystem open(Path file, int interval) throws IOException {
        NativeLibrary.load(null);
        var options = new DurableOptions(file, 1L << 40, 1 << 20, 0755, 0, 0);
        return SqliteFileSystem.open(options, false, interval);
    }

    static FileSystem mount(Path file, String... options) throws MountException {
        return new SqliteFileSystemType().create(spec(file, options));
    }

    static MountSpec spec(Path file, String... options) {
        var spec = MountSpec.of("/", "sqlite", file.toString());
        for (int i = 0; i < options.length; i += 2)
            spec = spec.withOption(options[i], options[i + 1]);
        return spec;
    }

    /// Reads all there is of a tree that is damaged: a name that is listed may lead to nothing.
    static void walk(Node.Directory directory) {
        for (var entry : directory.entries(0, Integer.MAX_VALUE))
            switch (directory.lookup(entry.name())) {
                case Node.Directory below -> walk(below);
                case Node.Regular file -> Backends.content(file);
                case Node.Link link -> link.target();
                case null, default -> {}
            }
    }

    /// Gives all rows of a database that is not mounted the checksums that they should have.
    static void seal(Path file) throws IOException, SQLException {
        NativeLibrary.load(null);
        try (var session = new Session(NativeLibrary.connect(file, "mode=rw", new Properties()))) {
            for (var table : Table.SEALED)
                for (boolean past : new boolean[] {false, true}) table.seal(session, past);
        }
    }

    /// Runs statements in a database that is not mounted.
    static void sql(Path file, String... statements) throws IOException, SQLException {
        NativeLibrary.load(null);
        try (var session = new Session(NativeLibrary.connect(file, "mode=rwc", new Properties()))) {
            for (var statement : statements) session.execute(statement);
        }
    }
}
