package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import podium.vfs.Mode;
import podium.vfs.backend.DurableOptions;

/// The tables of version [#VERSION], and whether a file has just these.
final class Schema {

    /// "PodF", at byte 68 of the file.
    static final int APPLICATION = 0x506f_6446;

    /// At byte 60 of the file.
    static final int VERSION = 1;

    /// The root's inode.
    static final long ROOT = 1;

    /// The file's header, and that of its first page.
    private static final int HEADER = 108;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /// In the order that they are made in.
    static final List<String> TABLES =
            List.of(
                    "CREATE TABLE inode (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                            + " mode INTEGER NOT NULL, uid INTEGER NOT NULL, gid INTEGER NOT NULL,"
                            + " links INTEGER NOT NULL, size INTEGER NOT NULL,"
                            + " pages INTEGER NOT NULL, reserves INTEGER NOT NULL,"
                            + " device INTEGER NOT NULL, accessed INTEGER NOT NULL,"
                            + " modified INTEGER NOT NULL, changed INTEGER NOT NULL,"
                            + " born INTEGER NOT NULL, cookie INTEGER NOT NULL,"
                            + " target BLOB, extended BLOB) STRICT",
                    "CREATE INDEX orphan ON inode (id) WHERE links = 0",
                    "CREATE TABLE entry (directory INTEGER NOT NULL, name BLOB NOT NULL,"
                            + " cookie INTEGER NOT NULL, inode INTEGER NOT NULL,"
                            + " PRIMARY KEY (directory, name)) STRICT, WITHOUT ROWID",
                    "CREATE UNIQUE INDEX listing ON entry (directory, cookie)",
                    "CREATE TABLE chunk (inode INTEGER NOT NULL, number INTEGER NOT NULL,"
                            + " held INTEGER NOT NULL, crc INTEGER NOT NULL, data BLOB NOT NULL,"
                            + " PRIMARY KEY (inode, number)) STRICT, WITHOUT ROWID",
                    "CREATE TABLE reserved (inode INTEGER NOT NULL, first INTEGER NOT NULL,"
                            + " behind INTEGER NOT NULL,"
                            + " PRIMARY KEY (inode, first)) STRICT, WITHOUT ROWID",
                    "CREATE TABLE synced (times INTEGER NOT NULL) STRICT");

    private Schema() {}

    /// What can be told from a file's first bytes.
    ///
    /// @return whether it is empty, so that it may become one
    /// @throws IOException in one line: it is not ours, or from a newer version
    static boolean checkHeader(Path path) throws IOException {
        var head = ByteBuffer.allocate(HEADER);
        try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
            while (head.hasRemaining() && file.read(head, head.position()) > 0) {}
        }
        int length = head.position();
        if (length == 0) return true;
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
        checkVersion(head.getInt(60));
        return false;
    }

    private static void checkVersion(int version) throws IOException {
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
        for (var table : TABLES) session.execute(table);
        session.execute("INSERT INTO synced (times) VALUES (0)");
        session.execute("PRAGMA application_id = " + APPLICATION);
        session.execute("PRAGMA user_version = " + VERSION);
        int mode = Mode.DIRECTORY | options.mode();
        long now = Tree.now();
        session.number(
                0,
                Sql.ADD_INODE,
                mode,
                options.uid(),
                options.gid(),
                2,
                0,
                0,
                now,
                now,
                now,
                now,
                null);
    }

    /// Whether it has just our tables: a trigger of somebody's would run with what we do.
    ///
    /// @throws IOException in one line: it is not ours, or damaged, or from a newer version
    static void check(Session session) throws SQLException, IOException {
        if (!session.ask("PRAGMA application_id").equals("" + APPLICATION))
            throw new IOException("it is another application's SQLite database");
        checkVersion(Integer.parseInt(session.ask("PRAGMA user_version")));
        var found = new TreeSet<String>();
        session.each(
                row -> found.add(String.valueOf(row.getString(1))) || true,
                "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
        if (!found.equals(new TreeSet<>(TABLES)))
            throw new DamageException("its tables are not those of version " + VERSION);
        if (session.one(row -> true, Sql.INODE, ROOT) == null)
            throw new DamageException("the root directory is missing");
    }
}
