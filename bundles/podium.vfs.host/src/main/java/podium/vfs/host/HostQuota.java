package podium.vfs.host;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem.Statistics;
import podium.vfs.Node;
import podium.vfs.backend.Quota;

/// What guests may use below a directory of the host, and what is used: what was there when it was
/// mounted, and what has come and gone since by their calls. Counted are inodes, and the space that
/// the host has given to regular files. Thread-safe.
///
/// @param bytes in whole blocks of the host's
record HostQuota(Quota bytes, Quota inodes) {

    /// What a file takes on the disk at once, wherever it grows.
    private static final long BLOCK = 4096;

    private static final int SECTOR = 512;
    private static final int AT_ONCE = 1024;

    /// Counts what is there.
    void count(HostFileSystem fs) {
        inodes.count(1);
        var linked = new HashSet<Status.Id>();
        var left = new ArrayDeque<HostDirectory>();
        left.add(fs.root());
        while (!left.isEmpty()) {
            var directory = left.pop();
            long cookie = 0;
            for (var some = entries(directory, cookie);
                    !some.isEmpty();
                    some = entries(directory, cookie))
                for (var entry : some) {
                    cookie = entry.cookie();
                    var status = directory.status(Place.bytes(entry.name()));
                    if (status == null || !fs.shows(status)) continue;
                    boolean again = status.links() > 1 && !linked.add(status.id());
                    if (again && !status.directory()) continue;
                    inodes.count(1);
                    bytes.count(taken(status));
                    var place = new Place(directory, entry.name());
                    if (status.directory()) left.push((HostDirectory) fs.node(status, place));
                }
        }
    }

    /// Of a directory that Podium's user may not read, nobody in the pod adds anything.
    private static List<Node.Entry> entries(HostDirectory at, long cookie) {
        try {
            return at.entries(cookie, AT_ONCE);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES) return List.of();
            throw e;
        }
    }

    private static long taken(Status status) {
        return status.regular() ? status.blocks() * SECTOR : 0;
    }

    /// An inode exists no longer.
    void freed(Status status) {
        inodes.give(1);
        bytes.give(taken(status));
    }

    /// How many bytes can be written.
    ///
    /// @return as many as there is room for, at least 1
    /// @throws ErrnoException `EDQUOT`
    int room(int file, long position, int wanted) {
        var status = Linux.stat(file);
        if (growth(file, status, position, position + wanted) <= bytes.left()) return wanted;
        // As far as whole blocks of what is left go, without those that are there.
        long end = (position & -BLOCK) + (bytes.left() & -BLOCK);
        long count = Math.min(wanted, end - position);
        if (count > 0 && growth(file, status, position, end) <= bytes.left()) return (int) count;
        count = Math.min(wanted, BLOCK - position % BLOCK);
        if (growth(file, status, position, position + count) <= bytes.left()) return (int) count;
        throw bytes.error().exception();
    }

    /// Does what may make a file grow in a range, if there is room for that.
    ///
    /// @param file locked by the caller
    /// @throws ErrnoException `EDQUOT`, before anything is done
    void spend(int file, long from, long to, Runnable work) {
        var before = Linux.stat(file);
        long most = growth(file, before, from, to);
        bytes.take(most);
        try {
            work.run();
        } finally {
            bytes.give(most - taken(Linux.stat(file)) + taken(before));
        }
    }

    /// The most that writing a range adds to a file.
    private static long growth(int file, Status status, long from, long to) {
        if (from >= to) return 0;
        long first = from & -BLOCK;
        long behind = up(to);
        long end = up(status.size());
        long beyond = taken(status) - end;
        // Without holes, what it has more than its size is promised behind its end.
        if (beyond >= 0) return Math.max(0, behind - Math.max(first, end) - beyond);
        return Math.max(0, behind - Math.max(first, end))
                + holes(file, first, Math.min(behind, end));
    }

    private static long up(long position) {
        return position > Long.MAX_VALUE - BLOCK ? Long.MAX_VALUE : position + BLOCK - 1 & -BLOCK;
    }

    private static long holes(int file, long from, long to) {
        long holes = 0;
        for (long at = from; at < to; ) {
            long hole = Contents.next(file, at, false, to);
            long data = Contents.next(file, hole, true, to);
            holes += data - hole;
            at = data;
        }
        return holes;
    }

    /// statfs(2) of what may be used.
    Statistics within(Statistics host) {
        long used = bytes.used() / host.blockSize();
        long free = Math.min(host.free(), bytes.left() / host.blockSize());
        long freeFiles = Math.min(host.freeFiles(), inodes.left());
        return new Statistics(
                host.magic(),
                host.blockSize(),
                Math.min(host.blocks(), Math.max(used, 0) + free),
                free,
                Math.min(host.files(), Math.max(inodes.used(), 0) + freeFiles),
                freeFiles);
    }
}
