package podium.vfs.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;
import podium.vfs.Attributes;
import podium.vfs.Mode;
import podium.vfs.backend.ExtendedAttributes;

/// An inode's attributes, as its row has them. A change works on a [#copy] of its own; one that is
/// published never changes again. Access times, which are worth no change, are the node's.
final class Status {

    int mode;
    int uid;
    int gid;
    int links;

    /// Bytes; of a directory, 32 a name.
    long size;

    /// Pages that content takes, or has been promised.
    long pages;

    /// Whether pages may be promised that are not written.
    boolean reserves;

    long device;
    long modified;
    long changed;
    long born;

    /// A directory's last cookie.
    long cookie;

    /// A link's text.
    @Nullable String target;

    ExtendedAttributes extended = ExtendedAttributes.NONE;

    /// Of a row that was read.
    ///
    /// @throws DamageException it makes no sense
    static Status of(ResultSet row) throws SQLException {
        if (!Table.INODE.isSound(row))
            throw new DamageException("its attributes have a wrong checksum");
        var status = new Status();
        status.mode = row.getInt("mode");
        status.uid = row.getInt("uid");
        status.gid = row.getInt("gid");
        status.links = row.getInt("links");
        status.size = row.getLong("size");
        status.pages = row.getLong("pages");
        status.reserves = row.getLong("reserves") != 0;
        status.device = row.getLong("device");
        status.modified = row.getLong("modified");
        status.changed = row.getLong("changed");
        status.born = row.getLong("born");
        status.cookie = row.getLong("cookie");
        var target = row.getBytes("target");
        if (target != null) status.target = LinuxString.decode(target);
        var extended = row.getBytes("extended");
        if (extended != null) status.extended = decode(extended);
        boolean link = Mode.type(status.mode) == Mode.LINK;
        if (status.size < 0 || status.pages < 0 || link != (target != null))
            throw new DamageException("its attributes make no sense");
        return status;
    }

    /// @throws DamageException they make no sense
    static ExtendedAttributes decode(byte[] extended) throws DamageException {
        try {
            return ExtendedAttributes.decode(extended);
        } catch (IllegalArgumentException e) {
            throw new DamageException("its extended attributes make no sense");
        }
    }

    /// The checksum of its row.
    long checksum(long accessed) {
        return Checksum.of(
                mode,
                uid,
                gid,
                links,
                size,
                pages,
                reserves ? 1 : 0,
                device,
                accessed,
                modified,
                changed,
                born,
                cookie,
                target == null ? null : LinuxString.encode(target),
                encoded());
    }

    /// The extended attributes as a row has them.
    byte @Nullable [] encoded() {
        return extended.isEmpty() ? null : extended.encode();
    }

    /// Pages that it takes of the quota.
    long taken() {
        return pages + extended.pages();
    }

    /// Of a new inode.
    static Status of(int mode, int uid, int gid, long now) {
        var status = new Status();
        status.mode = mode;
        status.uid = uid;
        status.gid = gid;
        status.links = Mode.type(mode) == Mode.DIRECTORY ? 2 : 1;
        status.modified = status.changed = status.born = now;
        return status;
    }

    /// Writes a row of it, of an inode that was never read.
    ///
    /// @param last the number of the last snapshot, which does not have it
    /// @return its number
    long add(Session session, long last) throws SQLException {
        return session.number(
                0,
                Sql.ADD_INODE,
                mode,
                uid,
                gid,
                links,
                size,
                device,
                born,
                born,
                born,
                born,
                target == null ? null : LinuxString.encode(target),
                checksum(born),
                last);
    }

    Status copy() {
        var copy = new Status();
        copy.mode = mode;
        copy.uid = uid;
        copy.gid = gid;
        copy.links = links;
        copy.size = size;
        copy.pages = pages;
        copy.reserves = reserves;
        copy.device = device;
        copy.modified = modified;
        copy.changed = changed;
        copy.born = born;
        copy.cookie = cookie;
        copy.target = target;
        copy.extended = extended;
        return copy;
    }

    Attributes attributes(long inode, long accessed) {
        return new Attributes(
                inode,
                mode,
                links,
                uid,
                gid,
                device,
                size,
                pages * (Chunk.PAGE / 512),
                accessed,
                modified,
                changed,
                born);
    }

    /// Contents or entries have changed.
    void touch() {
        modified = changed = Tree.now();
    }
}
