package podium.vfs.host;

import podium.vfs.Attributes;
import podium.vfs.Mode;

/// What statx(2) tells.
///
/// @param mount the mount it was reached through
/// @param id which inode of the host it is
/// @param device for devices: packed as makedev(3) does
/// @param born 0 where the host's file system does not know
record Status(
        long mount,
        Id id,
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

    /// An inode's identity on the host, for as long as it exists.
    record Id(long device, long inode) {}

    /// Reads a `struct statx`, which is the same on all machines.
    static Status of(Scratch from) {
        int links = from.getInt(16);
        return new Status(
                from.getLong(144),
                new Id(makedev(from.getInt(136), from.getInt(140)), from.getLong(32)),
                from.getInt(28) & 0xffff,
                links,
                from.getInt(20),
                from.getInt(24),
                makedev(from.getInt(128), from.getInt(132)),
                from.getLong(40),
                from.getLong(48),
                time(from, 64),
                time(from, 112),
                time(from, 96),
                time(from, 80));
    }

    private static long time(Scratch from, int offset) {
        return from.getLong(offset) * 1_000_000_000L + from.getInt(offset + 8);
    }

    private static long makedev(int major, int minor) {
        return (major & 0xffff_f000L) << 32
                | (major & 0xfffL) << 8
                | (minor & 0xffff_ff00L) << 12
                | (minor & 0xffL);
    }

    int type() {
        return Mode.type(mode);
    }

    boolean regular() {
        return type() == Mode.REGULAR;
    }

    boolean directory() {
        return type() == Mode.DIRECTORY;
    }

    /// Whether it is the inode that another status told of, not one that got its number later.
    boolean same(Status other) {
        return id.equals(other.id) && type() == other.type() && born == other.born;
    }

    /// The same with one name less, or with none for a directory.
    Status unlinked(long now) {
        int left = directory() ? 0 : Math.max(0, links - 1);
        return new Status(
                mount, id, mode, left, uid, gid, device, size, blocks, accessed, modified, now,
                born);
    }

    /// The same of another inode on the same device.
    Status as(long inode, long birth) {
        return new Status(
                mount,
                new Id(id.device(), inode),
                mode,
                links,
                uid,
                gid,
                device,
                size,
                blocks,
                accessed,
                modified,
                changed,
                birth);
    }

    /// As a pod sees it.
    Attributes attributes(long inode, int shownUid, int shownGid) {
        return new Attributes(
                inode,
                mode,
                links,
                shownUid,
                shownGid,
                device,
                size,
                blocks,
                accessed,
                modified,
                changed,
                born != 0 ? born : changed);
    }
}
