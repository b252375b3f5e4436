package podium.vfs.sqlite;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import podium.syscall.Errno;
import podium.vfs.Node;

/// A regular file. A read sees one committed state of it, a write is one change.
final class SqliteRegular extends SqliteNode implements Node.Regular {

    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 0x10;

    private int opens;

    SqliteRegular(Tree tree, long inode, Status status, long accessed) {
        super(tree, inode, status, accessed);
    }

    @Override
    public int read(ByteBuffer into, long position) {
        return tree.read(inode, session -> Content.read(session, Sql.READ, inode, into, position));
    }

    @Override
    public int write(ByteBuffer from, long position) {
        if (!from.hasRemaining()) return 0;
        return put(from, position);
    }

    @Override
    public long append(ByteBuffer from) {
        if (!from.hasRemaining()) return attributes().size();
        return change(from, change -> put(change, from, change.of(this).size, true));
    }

    private int put(ByteBuffer from, long position) {
        return (int) change(from, change -> put(change, from, position, false));
    }

    /// Leaves the buffer as it is when it fails.
    private long change(ByteBuffer from, Change.Work<Long> work) {
        int start = from.position();
        int limit = from.limit();
        boolean done = false;
        try {
            // A second attempt begins as the first.
            long result =
                    tree.change(
                            from.remaining(),
                            change -> {
                                from.limit(limit).position(start);
                                return work.on(change);
                            });
            done = true;
            return result;
        } finally {
            from.limit(limit);
            if (!done) from.position(start);
        }
    }

    /// @param end whether to tell the position behind it, instead of how much it was
    private long put(Change change, ByteBuffer from, long position, boolean end)
            throws SQLException {
        checkThere();
        int start = from.position();
        if (position > Long.MAX_VALUE - from.remaining()) {
            if (position == Long.MAX_VALUE) throw Errno.EFBIG.exception();
            from.limit(start + (int) (Long.MAX_VALUE - position));
        }
        new Content(change, this).write(from, position);
        int written = from.position() - start;
        if (written == 0) throw tree.pages.error().exception();
        var status = change.edit(this);
        status.size = Math.max(status.size, position + written);
        status.touch();
        return end ? position + written : written;
    }

    @Override
    public void truncate(long size) {
        tree.free(
                change -> {
                    checkThere();
                    var status = change.edit(this);
                    if (size < status.size) new Content(change, this).clear(size, Long.MAX_VALUE);
                    status.size = size;
                    status.touch();
                    return true;
                });
    }

    @Override
    public void allocate(int mode, long offset, long length) {
        if (length > Long.MAX_VALUE - offset) throw Errno.EFBIG.exception();
        long end = offset + length;
        switch (mode) {
            case 0, KEEP_SIZE -> reserve(mode, offset, end);
            case PUNCH_HOLE | KEEP_SIZE, ZERO_RANGE, ZERO_RANGE | KEEP_SIZE ->
                    tree.free(
                            change -> {
                                checkThere();
                                new Content(change, this).clear(offset, end);
                                return grow(change, mode, end);
                            });
            default -> throw Errno.EOPNOTSUPP.exception();
        }
    }

    private void reserve(int mode, long offset, long end) {
        if (end == Long.MAX_VALUE) throw Errno.EFBIG.exception();
        long left = tree.left();
        tree.change(
                0,
                change -> {
                    checkThere();
                    new Content(change, this).reserve(offset, end, left);
                    return grow(change, mode, end);
                });
    }

    private boolean grow(Change change, int mode, long end) {
        var status = change.edit(this);
        if ((mode & KEEP_SIZE) == 0) status.size = Math.max(status.size, end);
        status.touch();
        return true;
    }

    @Override
    public long seek(long position, boolean data) {
        return tree.read(inode, session -> Content.seek(session, inode, position, data));
    }

    @Override
    public void sync(boolean dataOnly) {
        tree.sync(lastChange());
    }

    @Override
    public synchronized void opened() {
        opens++;
    }

    synchronized boolean isOpen() {
        return opens > 0;
    }

    @Override
    public void released() {
        synchronized (this) {
            opens--;
        }
        freeIfForgotten();
    }

    /// A tree that was closed, or cannot be written any more, frees it when it is mounted next.
    void freeIfForgotten() {
        if (status().links > 0 || isGone() || isOpen()) return;
        tree.tryFree(
                change -> {
                    if (change.of(this).links == 0 && !isGone() && !isOpen()) change.free(this);
                    return true;
                });
    }

    @Override
    void unlinked(Change change) throws SQLException {
        if (!isOpen()) change.free(this);
    }
}
