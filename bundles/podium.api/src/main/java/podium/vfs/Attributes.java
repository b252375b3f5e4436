package podium.vfs;

/// What stat(2) tells of an inode. Times are nanoseconds since the epoch, UTC.
///
/// @param inode unique and stable within its file system
/// @param mode file type and permission bits (inode(7)), see [Mode]
/// @param links number of names
/// @param device for devices: major and minor as makedev(3) packs them, else 0
/// @param size in bytes; of a symbolic link, the target's length in bytes
/// @param blocks of 512 bytes really held, so that sparse files show
/// @param accessed atime
/// @param modified mtime
/// @param changed ctime
/// @param born creation time
public record Attributes(
        long inode,
        int mode,
        int links,
        int uid,
        int gid,
        long device,
        long size,
        long blocks,
        long accessed,
        long modified,
        long changed,
        long born) {

    /// Of something that is no file in a tree, such as a pipe: one link, no size, all times the
    /// same.
    public static Attributes of(long inode, int mode, int uid, int gid, long time) {
        return new Attributes(inode, mode, 1, uid, gid, 0, 0, 0, time, time, time, time);
    }

    public boolean isDirectory() {
        return Mode.type(mode) == Mode.DIRECTORY;
    }

    public boolean isRegular() {
        return Mode.type(mode) == Mode.REGULAR;
    }

    public boolean isLink() {
        return Mode.type(mode) == Mode.LINK;
    }
}
