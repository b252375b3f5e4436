package podium.vfs.host;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Node;

/// A regular file. While a guest has it open, it is open on the host.
final class HostRegular extends HostNode implements Node.Regular {

    /// FALLOC_FL_* (linux/falloc.h): the modes that move no data.
    private static final int KEEP_SIZE = 1;

    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 0x10;

    /// Reads share it, so that each sees all of a write or nothing.
    private final ReentrantReadWriteLock transfers = new ReentrantReadWriteLock();

    private int opens;
    private @Nullable Descriptor descriptor;

    HostRegular(HostFileSystem fs, Status first) {
        super(fs, first);
    }

    /// It was just made with this descriptor, which may write whatever its mode is: the first who
    /// opens it gets that.
    synchronized void made(Descriptor fresh) {
        descriptor = fs.descriptors.keep(fresh);
        fresh.close();
    }

    /// It was made without a name, and lives by this descriptor alone.
    synchronized void madeUnnamed(Descriptor fresh) {
        descriptor = fs.descriptors.stay(fresh);
        fresh.close();
    }

    @Override
    synchronized @Nullable Descriptor open() {
        var known = descriptor;
        if (known == null) return null;
        var used = known.use();
        if (used != null) return used;
        // Closed to make room, unless somebody has the file open.
        if (opens > 0) throw Errno.EIO.exception();
        descriptor = null;
        return null;
    }

    @Override
    public synchronized void opened() {
        if (opens == 0) {
            var known = open();
            if (known != null && !fs.descriptors.pin(known)) {
                known.close();
                known = null;
            }
            if (known == null) known = fs.descriptors.stay(fresh(false));
            descriptor = known;
            known.close();
        }
        opens++;
    }

    @Override
    public synchronized void released() {
        if (--opens > 0) return;
        var known = descriptor;
        descriptor = null;
        if (known == null) return;
        try (var used = known.use()) {
            if (used == null) return;
            var status = Linux.stat(used.number());
            if (status.links() == 0) freed(status);
        } finally {
            fs.descriptors.end(known);
        }
    }

    @Override
    synchronized void watched(boolean watched) {
        if (!watched || opens > 0 || descriptor == null) return;
        fs.descriptors.end(descriptor);
        descriptor = null;
    }

    /// While it is open it stays, and [#released] sees to the rest.
    @Override
    synchronized void unlinked(Status status) {
        if (opens > 0) return;
        if (descriptor != null) fs.descriptors.end(descriptor);
        descriptor = null;
        freed(status);
    }

    @Override
    public void openedForWriting() {
        fs.checkWritable();
        content(true).close();
    }

    /// Opens its content, in use by the caller: for reading alone unless it is to be written, since
    /// the host's watchers hear of the difference.
    private Descriptor fresh(boolean write) {
        try (var reached = reach()) {
            if (write) return reopened(reached, Linux.O_RDWR);
            try {
                return reopened(reached, Linux.O_RDONLY);
            } catch (ErrnoException e) {
                if (fs.readOnly || e.errno() != Errno.EACCES) throw e;
                return reopened(reached, Linux.O_WRONLY);
            }
        }
    }

    private Descriptor reopened(Descriptor reached, int flags) {
        return fs.descriptors.open(
                flags != Linux.O_RDONLY, () -> Linux.reopen(reached.number(), flags));
    }

    /// Its content for one use.
    private Descriptor content(boolean write) {
        var open = open();
        if (open == null) return fresh(write).passing();
        if (!write || open.writable()) return open;
        open.close();
        return upgraded();
    }

    /// Opens for writing what was open for reading alone.
    private synchronized Descriptor upgraded() {
        var old = opens == 0 ? null : open();
        if (old == null) return fresh(true).passing();
        try (old) {
            if (old.writable()) return content(true);
            var better = fs.descriptors.stay(reopened(old, Linux.O_RDWR));
            fs.descriptors.end(old);
            descriptor = better;
            return better;
        }
    }

    @Override
    public int read(ByteBuffer into, long position) {
        fs.pause.await();
        int limit = into.limit();
        into.limit(into.position() + (int) Math.min(into.remaining(), Long.MAX_VALUE - position));
        transfers.readLock().lock();
        try (var content = content(false)) {
            return Contents.read(content.number(), into, position);
        } finally {
            transfers.readLock().unlock();
            into.limit(limit);
        }
    }

    @Override
    public int write(ByteBuffer from, long position) {
        fs.checkWritable();
        if (!from.hasRemaining()) return 0;
        if (position == Long.MAX_VALUE) throw Errno.EFBIG.exception();
        int start = from.position();
        int limit = from.limit();
        from.limit(start + (int) Math.min(from.remaining(), Long.MAX_VALUE - position));
        transfers.writeLock().lock();
        try (var content = content(true)) {
            limit(content, from, position);
            spend(
                    content,
                    position,
                    from.remaining(),
                    () -> {
                        while (from.hasRemaining())
                            Linux.pwrite(
                                    content.number(), from, position + from.position() - start);
                    });
        } catch (ErrnoException e) {
            if (from.position() == start) throw e;
        } finally {
            transfers.writeLock().unlock();
            from.limit(limit);
        }
        return from.position() - start;
    }

    @Override
    public long append(ByteBuffer from) {
        fs.checkWritable();
        int start = from.position();
        int limit = from.limit();
        transfers.writeLock().lock();
        try (var content = content(true)) {
            long size = Linux.stat(content.number()).size();
            if (!from.hasRemaining()) return size;
            limit(content, from, size);
            try {
                spend(
                        content,
                        size,
                        from.remaining(),
                        () -> {
                            while (from.hasRemaining()) Linux.append(content.number(), from);
                        });
            } catch (ErrnoException e) {
                if (from.position() == start) throw e;
            }
            return Linux.offset(content.number());
        } finally {
            transfers.writeLock().unlock();
            from.limit(limit);
        }
    }

    /// Leaves of a buffer what there is room for.
    private void limit(Descriptor content, ByteBuffer from, long position) {
        var quota = fs.quota;
        if (quota == null) return;
        from.limit(from.position() + quota.room(content.number(), position, from.remaining()));
    }

    /// Does what may make it grow in a range. The lock for transfers is held.
    private void spend(Descriptor content, long position, long length, Runnable work) {
        var quota = fs.quota;
        if (quota == null) work.run();
        else quota.spend(content.number(), position, position + length, work);
    }

    /// Has its content replaced, whatever that takes of a quota: a reader sees the one or the
    /// other.
    ///
    /// @param work is given a descriptor to write to
    void replace(IntConsumer work) {
        transfers.writeLock().lock();
        try (var content = content(true)) {
            spend(content, 0, 0, () -> work.accept(content.number()));
        } finally {
            transfers.writeLock().unlock();
        }
    }

    /// Opens its content once more, with an offset of its own, for one use.
    Descriptor openedApart() {
        try (var reached = reach()) {
            return reopened(reached, Linux.O_RDONLY).passing();
        }
    }

    @Override
    public void truncate(long size) {
        fs.checkWritable();
        transfers.writeLock().lock();
        try (var content = content(true)) {
            spend(
                    content,
                    size,
                    0,
                    () -> {
                        Linux.ftruncate(content.number(), size);
                    });
        } finally {
            transfers.writeLock().unlock();
        }
    }

    @Override
    public void allocate(int mode, long offset, long length) {
        fs.checkWritable();
        switch (mode) {
            case 0, KEEP_SIZE, PUNCH_HOLE | KEEP_SIZE, ZERO_RANGE, ZERO_RANGE | KEEP_SIZE -> {}
            default -> throw Errno.EOPNOTSUPP.exception();
        }
        transfers.writeLock().lock();
        try (var content = content(true)) {
            // Punching takes nothing.
            long most = (mode & PUNCH_HOLE) != 0 ? 0 : length;
            spend(
                    content,
                    offset,
                    most,
                    () -> {
                        Linux.fallocate(content.number(), mode, offset, length);
                    });
        } finally {
            transfers.writeLock().unlock();
        }
    }

    @Override
    public long seek(long position, boolean data) {
        fs.pause.await();
        // The descriptor's offset is append's, too.
        transfers.writeLock().lock();
        try (var content = content(false)) {
            return Linux.seek(content.number(), position, data);
        } finally {
            transfers.writeLock().unlock();
        }
    }

    @Override
    public void sync(boolean dataOnly) {
        if (fs.readOnly) return;
        try (var content = content(false)) {
            Linux.fsync(content.number(), dataOnly);
        }
    }
}
