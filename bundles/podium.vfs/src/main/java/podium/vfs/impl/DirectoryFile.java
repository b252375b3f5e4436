package podium.vfs.impl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;
import podium.vfs.FileWatcher;
import podium.vfs.Node;

/// An open directory. The offset is a cookie: 0 before `.`, 1 before `..`, then the backend's own
/// ones plus 2, so that entries can be found again after others have come and gone.
final class DirectoryFile extends PlacedFile {

    private static final int OWN = 2;
    private static final int HEADER = 19;

    /// At least these bytes has a record, so no more entries than this gives can fit.
    private static final int SMALLEST = 24;

    private static final int MOST_AT_ONCE = 1024;

    private long cookie;
    private int start;

    DirectoryFile(Entry entry, int flags) {
        super(entry, flags);
    }

    @Override
    public int read(ByteBuffer into) {
        return Errno.EISDIR.negated();
    }

    @Override
    public int read(ByteBuffer into, long position) {
        return Errno.EISDIR.negated();
    }

    @Override
    public int write(ByteBuffer from) {
        return Errno.EBADF.negated();
    }

    @Override
    public int write(ByteBuffer from, long position) {
        return Errno.EBADF.negated();
    }

    @Override
    public synchronized int readDirectory(ByteBuffer into) {
        if (entry.gone()) return Errno.ENOENT.negated();
        into.order(ByteOrder.LITTLE_ENDIAN);
        start = into.position();
        try {
            checkMounted();
            boolean room = true;
            if (cookie == 0) room = put(into, ".", inode, 1);
            if (room && cookie == 1) room = put(into, "..", above(), OWN);
            if (room) fill(into);
        } catch (ErrnoException e) {
            if (into.position() == start) return e.errno().negated();
        }
        int count = into.position() - start;
        if (count > 0) {
            if ((flags() & O_NOATIME) == 0) inode.accessed();
            entry.tell(FileWatcher.ACCESS);
        }
        return count;
    }

    private void fill(ByteBuffer into) {
        var directory = (DirectoryInode) inode;
        for (; ; ) {
            int limit = Math.clamp(into.remaining() / SMALLEST + 1, 1, MOST_AT_ONCE);
            List<Node.Entry> entries = directory.entries(cookie - OWN, limit);
            if (entries.isEmpty()) return;
            for (var one : entries)
                if (!put(into, one.name(), one.inode(), one.type(), one.cookie() + OWN)) return;
        }
    }

    private Inode above() {
        var at = entry;
        for (; ; ) {
            var parent = at.parent();
            if (parent != null) return parent.inode;
            var point = at.mount.point();
            if (point == null) return at.inode;
            at = point;
        }
    }

    private boolean put(ByteBuffer into, String name, Inode of, long next) {
        var attributes = of.attributes();
        return put(into, name, attributes.inode(), attributes.mode() & 0170000, next);
    }

    /// Puts a `linux_dirent64`.
    ///
    /// @return false when it does not fit
    /// @throws ErrnoException `EINVAL` when not even the first one fits
    private boolean put(ByteBuffer into, String name, long number, int type, long next) {
        var bytes = LinuxString.encode(name);
        int length = (HEADER + bytes.length + 1 + 7) & ~7;
        if (length > into.remaining()) {
            if (into.position() == start) throw Errno.EINVAL.exception();
            return false;
        }
        int end = into.position() + length;
        into.putLong(number).putLong(next).putShort((short) length).put((byte) (type >> 12));
        into.put(bytes);
        while (into.position() < end) into.put((byte) 0);
        cookie = next;
        return true;
    }

    @Override
    public synchronized long seek(long distance, int whence) {
        long target =
                switch (whence) {
                    case 0 -> distance;
                    case 1 -> cookie + distance;
                    default -> -1;
                };
        if (target < 0) return Errno.EINVAL.negated();
        return cookie = target;
    }

    @Override
    public void truncate(long size) {
        throw Errno.EINVAL.exception();
    }

    @Override
    public void allocate(int mode, long offset, long length) {
        throw Errno.EBADF.exception();
    }

    @Override
    public void sync(boolean dataOnly) {
        checkMounted();
        entry.mount.sync();
    }
}
