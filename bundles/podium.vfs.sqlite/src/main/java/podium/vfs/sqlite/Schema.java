package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.TreeSet;
import podium.vfs.Mode;
import podium.vfs.backend.DurableOptions;

/// The tables of each version, and whether a file has just these.
final class Schema {

    /// "PodF", at byte 68 of the file.
    static final int APPLICATION = 0x506f_6446;

    /// At byte 60 of the file.
    static final int VERSION = 2;

    /// The root's inode.
    static final long ROOT = 1;

    /// Numbers of inodes that a database can have had.
    static final long MOST_INODES = 1L << 48;

    /// The file's header, and that of its first page.
    private static final int HEADER = 108;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /// @return the version that its header tells, or -1 when it is empty, so that it may become one
    /// @throws IOException in one line: it is not ours, or from a newer version
    static int checkHeader(Path path) throws IOException {
        var head = ByteBuffer.allocate(HEADER);
        try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
            while (head.hasRemaining() && file.read(head, head.position()) > 0) {}
        }
        int length = head.position();
        if (length == 0) return -1;
        var magic = new byte[MAGIC.length];
        head.flip().get(0, magic, 0, Math.min(length, magic.length));
        if (!java.util.Arrays.equals(magic, MAGIC))
            throw new IOException("it is no SQLite database");
        if (length < HEADER) throw new IOException("it is damaged: its header is cut off");
        int application = head.getInt(68);
        // One that was just being made has no tables yet: no cells in its first page.
        boolean begun = application == 0 && head.getShort(103) == 0;
        if (application != APPLICATION && !begun)
            throw new IOException("it is another application's SQLite database");
        int version = head.getInt(60);
        checkVersion(version);
        return version;
    }

    private static void checkVersion(int version) throws IOException {
        if (version < 0) throw new IOException("it is damaged: its version makes no sense");
        if (version > VERSION)
            throw new IOException(
                    "a newer Podium made it (version %d, this one knows %d); use that one"
                            .formatted(version, VERSION));
    }

    /// @return whether the database has no tables at all
    static boolean isEmpty(Session session) throws SQLException {
        return session.ask("SELECT count(*) FROM sqlite_schema").equals("0");
    }

    /// Makes the tables and the root, in a transaction that the caller commits.
    static void make(Session session, DurableOptions options) throws SQLException {
        makeTables(session, VERSION);
        int mode = Mode.DIRECTORY | options.mode();
        Status.of(mode, options.uid(), options.gid(), Tree.now()).add(session, 0);
    }

    /// Makes the tables of a version, in a transaction that the caller commits.
    static void makeTables(Session session, int version) throws SQLException {
        for (var table : Layout.tables(version)) session.execute(table);
        session.execute("INSERT INTO synced (times) VALUES (0)");
        session.execute("PRAGMA application_id = " + APPLICATION);
        session.execute("PRAGMA user_version = " + version);
    }

    /// The version of a database, or 0 when it is none of ours yet.
    ///
    /// @throws IOException in one line: it is from a newer version
    static int version(Session session) throws SQLException, IOException {
        if (!session.ask("PRAGMA application_id").equals("" + APPLICATION)) return 0;
        int version = Integer.parseInt(session.ask("PRAGMA user_version"));
        checkVersion(version);
        return version;
    }

    /// Whether it has just our tables: a trigger of somebody's would run with what we do.
    ///
    /// @throws IOException in one line: it is not ours, or damaged, or of another version
    static void check(Session session) throws SQLException, IOException {
        int version = checkTables(session);
        if (version < VERSION)
            throw new IOException(
                    ("it is of version %d; where it is mounted to be written, or repaired,"
                                    + " it becomes one of version %d")
                            .formatted(version, VERSION));
    }

    /// As [#check], of a version that may be older.
    ///
    /// @return the version that it is of
    static int checkTables(Session session) throws SQLException, IOException {
        int version = version(session);
        if (version == 0) throw new IOException("it is another application's SQLite database");
        var found = new TreeSet<String>();
        session.each(
                row -> found.add(String.valueOf(row.getString(1))) || true,
                "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
        if (!found.equals(new TreeSet<>(Layout.tables(version))))
            throw new DamageException("its tables are not those of version " + version);
        if (session.one(row -> true, Sql.INODE, ROOT) == null)
            throw new DamageException("the root directory is missing");
        return version;
    }
}
