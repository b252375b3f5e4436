package podium.vfs.memory;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.backend.Frozen;

/// A regular file. Its own monitor makes reads and writes atomic.
final class MemoryRegular extends MemoryNode implements Node.Regular {

    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 0x10;

    private final Chunks chunks;
    private long size;
    private int opens;

    /// Where the content still is, until it is first changed.
    private @Nullable Regular base;

    MemoryRegular(
            MemoryFileSystem fs,
            int mode,
            int uid,
            int gid,
            @Nullable Regular base,
            boolean counted) {
        super(fs, Mode.REGULAR, mode, uid, gid, counted);
        chunks = new Chunks(fs.bytes);
        this.base = base;
        if (base != null) size = base.attributes().size();
    }

    MemoryRegular(MemoryFileSystem fs, Frozen was, boolean counted) {
        super(fs, was, counted);
        chunks = new Chunks(fs.bytes);
    }

    @Override
    Frozen frozenNow() {
        var origin = base;
        return Frozen.regular(
                attributes(),
                origin != null ? new BaseContent(origin) : new FrozenContent(chunks.freeze()));
    }

    @Override
    void restore(Frozen was, Map<Long, MemoryNode> nodes) {
        fs.orphans.remove(this);
        size = was.attributes().size();
        switch (was.content()) {
            case BaseContent content -> {
                chunks.clear();
                base = content.base();
            }
            case FrozenContent content -> {
                base = null;
                chunks.thaw(content.chunks());
            }
            case null, default -> throw new IllegalStateException("not ours");
        }
    }

    @Override
    public synchronized int read(ByteBuffer into, long position) {
        if (position >= size) return 0;
        if (base != null) return base.read(into, position);
        int count = (int) Math.min(into.remaining(), size - position);
        int limit = into.limit();
        into.limit(into.position() + count);
        chunks.read(into, position);
        into.limit(limit);
        return count;
    }

    @Override
    public synchronized int write(ByteBuffer from, long position) {
        int count = from.remaining();
        if (count == 0) return 0;
        takeOver(Long.MAX_VALUE);
        int limit = from.limit();
        if (position > Long.MAX_VALUE - count) {
            if (position == Long.MAX_VALUE) throw Errno.EFBIG.exception();
            from.limit(from.position() + (int) (Long.MAX_VALUE - position));
        }
        int written = chunks.write(from, position);
        from.limit(limit);
        if (written == 0) throw fs.bytes.error().exception();
        size = Math.max(size, position + written);
        touched(MemoryFileSystem.now());
        return written;
    }

    @Override
    public synchronized long append(ByteBuffer from) {
        return size + write(from, size);
    }

    @Override
    public synchronized void truncate(long size) {
        takeOver(size);
        if (size < this.size) chunks.clear(size, Long.MAX_VALUE);
        this.size = size;
        touched(MemoryFileSystem.now());
    }

    @Override
    public synchronized void allocate(int mode, long offset, long length) {
        if (length > Long.MAX_VALUE - offset) throw Errno.EFBIG.exception();
        long end = offset + length;
        switch (mode) {
            case 0, KEEP_SIZE -> reserve(offset, end);
            case PUNCH_HOLE | KEEP_SIZE, ZERO_RANGE, ZERO_RANGE | KEEP_SIZE -> {
                takeOver(Long.MAX_VALUE);
                chunks.clear(offset, end);
            }
            default -> throw Errno.EOPNOTSUPP.exception();
        }
        if ((mode & KEEP_SIZE) == 0) size = Math.max(size, end);
        touched(MemoryFileSystem.now());
    }

    private void reserve(long from, long to) {
        takeOver(Long.MAX_VALUE);
        // Refuse at once what can never be had, before memory is taken for it.
        if (to - from > fs.bytes.limit || !chunks.reserve(from, to))
            throw fs.bytes.error().exception();
    }

    @Override
    public synchronized long seek(long position, boolean data) {
        if (position >= size) throw Errno.ENXIO.exception();
        if (base != null) return base.seek(position, data);
        if (!data) return Math.min(size, chunks.nextHole(position));
        long found = chunks.nextData(position);
        if (found < 0 || found >= size) throw Errno.ENXIO.exception();
        return found;
    }

    @Override
    public synchronized @Nullable String sha256() {
        return base == null ? null : base.sha256();
    }

    @Override
    public void sync(boolean dataOnly) {}

    @Override
    public synchronized void opened() {
        opens++;
    }

    @Override
    public synchronized void released() {
        opens--;
        freeIfForgotten();
    }

    /// A name was added; a file that never had one may get its first while it is open.
    synchronized void linked(long now) {
        if (links == 0 && opens == 0) throw Errno.ENOENT.exception();
        fs.orphans.remove(this);
        changeLinks(1, now);
    }

    @Override
    void unlinked() {
        freeIfForgotten();
    }

    private void freeIfForgotten() {
        if (links > 0) return;
        if (opens > 0) {
            fs.orphans.add(this);
            return;
        }
        fs.orphans.remove(this);
        chunks.clear();
        base = null;
        size = 0;
        gone();
    }

    @Override
    long size() {
        return size;
    }

    @Override
    long blocks() {
        return base != null ? base.attributes().blocks() : (chunks.held() + 511) / 512;
    }

    /// Copies the first bytes of the base's content, before the file changes.
    private void takeOver(long most) {
        var origin = base;
        if (origin == null) return;
        long end = Math.min(size, most);
        var buffer = ByteBuffer.allocate((int) Math.min(end, Chunks.SIZE));
        for (long at = data(origin, 0, end); at < end; at = data(origin, at, end)) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int count = origin.read(buffer, at);
            if (count == 0) break;
            if (chunks.write(buffer.flip(), at) < count) {
                chunks.clear();
                throw fs.bytes.error().exception();
            }
            at += count;
        }
        base = null;
    }

    /// Where the base's next data is: its holes stay holes.
    private static long data(Regular origin, long at, long end) {
        if (at >= end) return end;
        try {
            return origin.seek(at, true);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENXIO) return end;
            throw e;
        }
    }
}
