package podium.vfs.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.Node;

/// Names that were read.
final class Names {

    private Names() {}

    /// @throws DamageException a row of a name is not what was written
    static void check(long directory, byte @Nullable [] name, long cookie, long inode, long crc)
            throws DamageException {
        if (Checksum.of(directory, name, cookie, inode) != crc)
            throw new DamageException("a name in it has a wrong checksum");
    }

    /// Entries of a directory, by a query for them.
    static List<Node.Directory.Entry> entries(
            Session session, long directory, Sql sql, Object... values) throws SQLException {
        var entries = new ArrayList<Node.Directory.Entry>();
        session.each(row -> entries.add(entry(directory, row)), sql, values);
        return entries;
    }

    /// An entry of a directory from its name, its inode, that one's mode, its cookie and its
    /// checksum.
    private static Node.Directory.Entry entry(long directory, ResultSet row) throws SQLException {
        var bytes = row.getBytes(1);
        var name = name(bytes);
        long inode = row.getLong(2);
        long cookie = row.getLong(4);
        check(directory, bytes, cookie, inode, row.getLong(5));
        return new Node.Directory.Entry(name, inode, Mode.type(row.getInt(3)), cookie);
    }

    /// @throws DamageException it is none, and could lead a program astray
    private static String name(byte @Nullable [] bytes) throws DamageException {
        var name = bytes == null ? "" : LinuxString.decode(bytes);
        if (bytes == null
                || bytes.length == 0
                || bytes.length > 255
                || name.indexOf('/') >= 0
                || name.indexOf(0) >= 0
                || name.equals(".")
                || name.equals("..")) throw new DamageException("a name in it is none");
        return name;
    }
}
