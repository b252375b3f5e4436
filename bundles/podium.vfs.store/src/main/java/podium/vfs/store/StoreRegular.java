package podium.vfs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import podium.syscall.Errno;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.backend.Frozen;

/// A regular file. Its own monitor makes reads and writes atomic.
final class StoreRegular extends StoreNode implements Node.Regular {

    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 0x10;

    final Content content;
    long size;
    private int opens;

    StoreRegular(Store store, long inode, long born) {
        super(store, inode, Mode.REGULAR, born);
        content = new Content(store, inode);
    }

    @Override
    Frozen frozenNow() {
        return Frozen.regular(attributes(), new FrozenContent(store, content.freeze()));
    }

    @Override
    boolean is(Frozen then) {
        return then.content() instanceof FrozenContent file
                && content.extents.is(file.content().extents);
    }

    @Override
    void restore(Frozen was) {
        if (!(was.content() instanceof FrozenContent then))
            throw new IllegalStateException("not ours");
        size = was.attributes().size();
        content.thaw(then.content());
    }

    @Override
    public int read(ByteBuffer into, long position) {
        store.checkOpen();
        synchronized (this) {
            if (position >= size) return 0;
            int count = (int) Math.min(into.remaining(), size - position);
            int limit = into.limit();
            int start = into.position();
            into.limit(start + count);
            boolean done = false;
            try {
                content.read(into, position);
                done = true;
            } catch (IOException e) {
                throw store.faults.unreadable(e, this);
            } finally {
                into.limit(limit);
                if (!done) into.position(start);
            }
            return count;
        }
    }

    @Override
    public int write(ByteBuffer from, long position) {
        if (!from.hasRemaining()) return 0;
        store.begin(false);
        try {
            synchronized (this) {
                return put(from, position);
            }
        } finally {
            store.end();
        }
    }

    @Override
    public long append(ByteBuffer from) {
        if (!from.hasRemaining()) return attributes().size();
        store.begin(false);
        try {
            synchronized (this) {
                return size + put(from, size);
            }
        } finally {
            store.end();
        }
    }

    private void checkRoom() {
        if (store.segments.isCrowded()) throw Errno.ENOSPC.exception();
    }

    private int put(ByteBuffer from, long position) {
        checkThere();
        checkRoom();
        int start = from.position();
        int limit = from.limit();
        if (position > Long.MAX_VALUE - from.remaining()) {
            if (position == Long.MAX_VALUE) throw Errno.EFBIG.exception();
            from.limit(start + (int) (Long.MAX_VALUE - position));
        }
        try {
            content.write(from, position);
        } catch (IOException e) {
            throw store.faults.unwritable(e, this);
        } finally {
            from.limit(limit);
        }
        int written = from.position() - start;
        if (written == 0) throw store.pages.error().exception();
        size = Math.max(size, position + written);
        touched();
        return written;
    }

    @Override
    public void truncate(long size) {
        store.begin(size <= attributes().size());
        try {
            synchronized (this) {
                checkThere();
                if (size < this.size) clear(size, Long.MAX_VALUE);
                this.size = size;
                touched();
            }
        } finally {
            store.end();
        }
    }

    private void clear(long from, long to) {
        try {
            content.clear(from, to);
        } catch (IOException e) {
            throw store.faults.unwritable(e, this);
        }
    }

    @Override
    public void allocate(int mode, long offset, long length) {
        if (length > Long.MAX_VALUE - offset) throw Errno.EFBIG.exception();
        long end = offset + length;
        store.begin(false);
        try {
            synchronized (this) {
                checkThere();
                switch (mode) {
                    case 0, KEEP_SIZE -> reserve(offset, end);
                    case PUNCH_HOLE | KEEP_SIZE, ZERO_RANGE, ZERO_RANGE | KEEP_SIZE ->
                            clear(offset, end);
                    default -> throw Errno.EOPNOTSUPP.exception();
                }
                if ((mode & KEEP_SIZE) == 0) size = Math.max(size, end);
                touched();
            }
        } finally {
            store.end();
        }
    }

    private void reserve(long from, long to) {
        if (to == Long.MAX_VALUE) throw Errno.EFBIG.exception();
        checkRoom();
        content.reserve(from, to);
    }

    @Override
    public synchronized long seek(long position, boolean data) {
        if (position >= size) throw Errno.ENXIO.exception();
        if (!data) return Math.min(size, content.nextHole(position));
        long found = content.nextData(position);
        if (found < 0 || found >= size) throw Errno.ENXIO.exception();
        return found;
    }

    @Override
    public void sync(boolean dataOnly) {
        store.commit(lastChange());
    }

    @Override
    public synchronized void opened() {
        opens++;
    }

    /// A store that was closed, or cannot be written any more, frees it when it is opened next.
    @Override
    public void released() {
        boolean begun = store.tryBegin();
        try {
            synchronized (this) {
                opens--;
                if (begun) freeIfForgotten();
            }
        } finally {
            if (begun) store.end();
        }
    }

    /// A name was added; a file that never had one may get its first while it is open.
    synchronized void linked() {
        if (links == 0 && opens == 0) throw Errno.ENOENT.exception();
        changeLinks(1);
    }

    @Override
    void unlinked() {
        freeIfForgotten();
    }

    private void freeIfForgotten() {
        if (links > 0 || opens > 0) return;
        content.drop();
        size = 0;
        store.stamp();
        free();
    }

    @Override
    long size() {
        return size;
    }

    @Override
    long special() {
        return size;
    }

    @Override
    long blocks() {
        return content.pages() * (Extent.PAGE / 512);
    }
}
