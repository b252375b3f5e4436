package podium.vfs.impl;

import java.nio.ByteBuffer;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileWatcher;

/// An open regular file. Its monitor guards the offset, so that transfers at the offset are atomic.
final class RegularFile extends PlacedFile {

    private static final int SEEK_SET = 0;
    private static final int SEEK_CUR = 1;
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    /// The reads of which one looks whether the access time has become a day old: the clock costs
    /// as much as a short read.
    private static final int LOOK = 64;

    /// Who opened it. Linux asks who writes, which is hardly ever somebody else.
    private final Credentials opener;

    private long offset;

    /// About how many reads there were.
    private int reads;

    /// Whether the inode counts it as one that may write.
    private boolean writes;

    /// @throws ErrnoException as [PlacedFile], or the backend cannot write it
    RegularFile(Credentials opener, Entry entry, int flags) {
        super(entry, flags);
        this.opener = opener;
        if (!writable()) return;
        try {
            node().openedForWriting();
            writes = true;
        } catch (ErrnoException e) {
            release();
            throw e;
        }
    }

    private RegularInode node() {
        checkMounted();
        return (RegularInode) inode;
    }

    /// The same, for a change of the content.
    private RegularInode changed() {
        var node = node();
        node.endSetIds(opener);
        return node;
    }

    @Override
    protected void closed() {
        if (writes) ((RegularInode) inode).closedForWriting();
        super.closed();
    }

    @Override
    public int read(ByteBuffer into) {
        if (!readable()) return Errno.EBADF.negated();
        try {
            int count;
            synchronized (this) {
                count = node().read(into, checked(offset, into));
                offset += count;
            }
            wasRead();
            return count;
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    @Override
    public int read(ByteBuffer into, long position) {
        if (!readable()) return Errno.EBADF.negated();
        try {
            int count = node().read(into, checked(position, into));
            wasRead();
            return count;
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    /// Linux refuses a transfer that would end behind the greatest offset.
    private static long checked(long position, ByteBuffer buffer) {
        if (buffer.remaining() > Long.MAX_VALUE - position) throw Errno.EINVAL.exception();
        return position;
    }

    private void wasRead() {
        if ((inode.isAccessUnknown() || reads++ % LOOK == 0) && (flags() & O_NOATIME) == 0)
            inode.accessed();
        entry.tell(FileWatcher.ACCESS);
    }

    @Override
    public int write(ByteBuffer from) {
        if (!writable()) return Errno.EBADF.negated();
        try {
            int count;
            synchronized (this) {
                if ((flags() & O_APPEND) != 0) {
                    int before = from.remaining();
                    offset = changed().append(from);
                    count = before - from.remaining();
                } else {
                    count = changed().write(from, checked(offset, from));
                    offset += count;
                }
            }
            wasWritten();
            return count;
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    @Override
    public int write(ByteBuffer from, long position) {
        if (!writable()) return Errno.EBADF.negated();
        try {
            int count;
            // As Linux does it, against POSIX: O_APPEND is stronger than the position (pwrite(2)).
            if ((flags() & O_APPEND) != 0) {
                int before = from.remaining();
                changed().append(from);
                count = before - from.remaining();
            } else count = changed().write(from, checked(position, from));
            wasWritten();
            return count;
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    private void wasWritten() {
        inode.modified();
        if ((flags() & O_DSYNC) != 0) node().sync((flags() & O_SYNC) != O_SYNC);
        entry.tell(FileWatcher.MODIFY);
    }

    @Override
    public long seek(long distance, int whence) {
        try {
            synchronized (this) {
                long target = target(distance, whence);
                if (target >= 0) offset = target;
                return target;
            }
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    private long target(long distance, int whence) {
        long base =
                switch (whence) {
                    case SEEK_SET -> 0;
                    case SEEK_CUR -> offset;
                    case SEEK_END -> node().attributes().size();
                    case SEEK_DATA, SEEK_HOLE -> {
                        if (distance < 0) throw Errno.ENXIO.exception();
                        yield node().seek(distance, whence == SEEK_DATA) - distance;
                    }
                    default -> throw Errno.EINVAL.exception();
                };
        long target = base + distance;
        return target >= 0 ? target : Errno.EINVAL.negated();
    }

    @Override
    public void truncate(long size) {
        if (!writable() || size < 0) throw Errno.EINVAL.exception();
        checkMounted();
        Changes.resize(opener, entry, size);
    }

    @Override
    public void allocate(int mode, long position, long length) {
        if (!writable()) throw Errno.EBADF.exception();
        if (position < 0 || length <= 0) throw Errno.EINVAL.exception();
        if (length > Long.MAX_VALUE - position) throw Errno.EFBIG.exception();
        changed().allocate(mode, position, length);
        inode.modified();
        entry.tell(FileWatcher.MODIFY);
    }

    @Override
    public void sync(boolean dataOnly) {
        node().sync(dataOnly);
    }
}
