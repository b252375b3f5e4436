package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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

    static FileSystem mountReadOnly(Path file) throws MountException {
        return new SqliteFileSystemType().create(spec(file).asReadOnly());
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

    /// Looks whether one that is not mounted is what was written.
    ///
    /// @param status which the check has
    /// @return what it says
    static List<String> check(Path file, int status) throws IOException {
        var lines = new ArrayList<String>();
        assertEquals(status, Check.run(file, false, lines::add).status(), lines::toString);
        return lines;
    }

    /// Repairs one that is damaged.
    static void repair(Path file) throws IOException {
        var lines = new ArrayList<String>();
        assertEquals(1, Check.run(file, true, lines::add).status(), lines::toString);
        assertEquals(0, Check.run(file, false, lines::add).status(), lines::toString);
    }

    /// The numbers of the pages that hold something else than content, from 1.
    static List<Integer> pages(Path file) throws IOException, SQLException {
        NativeLibrary.load(null);
        var pages = new ArrayList<Integer>();
        try (var session = new Session(NativeLibrary.connect(file, "mode=ro", new Properties()))) {
            session.each(
                    row -> pages.add(row.getInt(1)),
                    "SELECT pageno FROM dbstat WHERE name != 'piece'");
        }
        return pages;
    }

    /// Runs statements in a database that is not mounted.
    static void sql(Path file, String... statements) throws IOException, SQLException {
        NativeLibrary.load(null);
        try (var session = new Session(NativeLibrary.connect(file, "mode=rwc", new Properties()))) {
            for (var statement : statements) session.execute(statement);
        }
    }
}
