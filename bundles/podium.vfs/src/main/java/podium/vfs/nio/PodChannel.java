package podium.vfs.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.vfs.FileLocks;
import podium.vfs.FileLocks.Lock;

/// An open file description of a pod, held by the host.
final class PodChannel extends FileChannel {

    private static final int SET = 0;
    private static final int CURRENT = 1;
    private static final int END = 2;
    private static final int BUFFER = 1 << 16;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final PodFileSystem fileSystem;
    private final OpenFile file;

    private final int number = NUMBERS.getAndIncrement();

    /// Threads that wait for the file to become ready; woken when the channel is closed. Null as
    /// long as none ever had to, as with all regular files.
    private volatile @Nullable Set<Thread> waiting;

    /// Locks held. Guarded by itself, which guards the making of [#waiting], too.
    private final List<FileLock> locks = new ArrayList<>(0);

    /// @param file whose use is taken over
    PodChannel(PodFileSystem fileSystem, OpenFile file) {
        this.fileSystem = fileSystem;
        this.file = file;
    }

    /// Instead of an object's own one, which the JVM makes slowly, and every open file is asked
    /// for.
    @Override
    public int hashCode() {
        return number;
    }

    /// A transfer: what the system call returns.
    private interface Transfer {
        long run() throws IOException;
    }

    /// Makes a transfer, waiting until the file is ready for it.
    private long transfer(int events, Transfer transfer) throws IOException {
        if (!isOpen() || !file.retain()) throw new ClosedChannelException();
        try {
            for (; ; ) {
                long result = transfer.run();
                if (result != Errno.EAGAIN.negated()) return Failures.checked(fileSystem, result);
                await(file, events);
            }
        } catch (ErrnoException e) {
            return Failures.checked(fileSystem, e.errno().negated());
        } finally {
            file.release();
        }
    }

    /// Waits, until the channel is closed at the latest.
    private void await(Pollable pollable, int events) throws IOException {
        var thread = Thread.currentThread();
        Pollable.Watcher watcher = _ -> LockSupport.unpark(thread);
        int wanted = events | Pollable.ERR | Pollable.HUP;
        boolean ready = false;
        begin();
        var all = waiting();
        all.add(thread);
        pollable.watch(watcher);
        try {
            while (isOpen() && !(ready = (pollable.readiness() & wanted) != 0))
                LockSupport.park(this);
        } finally {
            pollable.unwatch(watcher);
            all.remove(thread);
            end(ready);
        }
        if (!ready) throw new AsynchronousCloseException();
    }

    private Set<Thread> waiting() {
        var known = waiting;
        if (known != null) return known;
        synchronized (locks) {
            if (waiting == null) waiting = ConcurrentHashMap.newKeySet();
            return waiting;
        }
    }

    private void checkReadable() throws IOException {
        if (!isOpen()) throw new ClosedChannelException();
        if (!file.readable()) throw new NonReadableChannelException();
    }

    private void checkWritable() throws IOException {
        if (!isOpen()) throw new ClosedChannelException();
        if (!file.writable()) throw new NonWritableChannelException();
    }

    private static int read(long count, boolean room) {
        return count == 0 && room ? -1 : (int) count;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        checkReadable();
        boolean room = into.hasRemaining();
        return read(transfer(Pollable.IN, () -> file.read(into)), room);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        if (position < 0) throw new IllegalArgumentException("negative position");
        checkReadable();
        boolean room = into.hasRemaining();
        return read(transfer(Pollable.IN, () -> file.read(into, position)), room);
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        checkReadable();
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            if (!into[i].hasRemaining()) continue;
            int count = read(into[i]);
            if (count < 0) return total == 0 ? -1 : total;
            total += count;
            if (into[i].hasRemaining()) break;
        }
        return total;
    }

    /// Writes all of it, as a file channel does.
    @Override
    public int write(ByteBuffer from) throws IOException {
        checkWritable();
        int before = from.remaining();
        while (from.hasRemaining()) {
            var unused = transfer(Pollable.OUT, () -> file.write(from));
        }
        return before;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
        if (position < 0) throw new IllegalArgumentException("negative position");
        checkWritable();
        int start = from.position();
        while (from.hasRemaining()) {
            long at = position + from.position() - start;
            var unused = transfer(Pollable.OUT, () -> file.write(from, at));
        }
        return from.position() - start;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        checkWritable();
        long total = 0;
        for (int i = offset; i < offset + length; i++) total += write(from[i]);
        return total;
    }

    @Override
    public long position() throws IOException {
        // A channel that appends is at the end, as the JDK has it.
        boolean appends = (file.flags() & OpenFile.O_APPEND) != 0;
        return transfer(0, () -> file.seek(0, appends ? END : CURRENT));
    }

    @Override
    public FileChannel position(long position) throws IOException {
        if (position < 0) throw new IllegalArgumentException("negative position");
        var unused = transfer(0, () -> file.seek(position, SET));
        return this;
    }

    @Override
    public long size() throws IOException {
        return transfer(0, () -> file.attributes().size());
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        if (size < 0) throw new IllegalArgumentException("negative size");
        checkWritable();
        var unused =
                transfer(
                        0,
                        () -> {
                            if (size < file.attributes().size()) file.truncate(size);
                            if (file.seek(0, CURRENT) > size) file.seek(size, SET);
                            return 0;
                        });
        return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        var unused =
                transfer(
                        0,
                        () -> {
                            file.sync(!metadata);
                            return 0;
                        });
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
            throws IOException {
        if (position < 0 || count < 0) throw new IllegalArgumentException("negative");
        checkReadable();
        var buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(count, 1)));
        long done = 0;
        while (done < count) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
            if (read(buffer, position + done) <= 0) break;
            buffer.flip();
            int wanted = buffer.remaining();
            int written = target.write(buffer);
            done += written;
            if (written < wanted) break;
        }
        return done;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count)
            throws IOException {
        if (position < 0 || count < 0) throw new IllegalArgumentException("negative");
        checkWritable();
        if (position > size()) return 0;
        var buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(count, 1)));
        long done = 0;
        while (done < count) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
            if (source.read(buffer) <= 0) break;
            done += write(buffer.flip(), position + done);
        }
        return done;
    }

    /// There is no memory of a pod's file to look at.
    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException("a pod's file cannot be mapped");
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        for (; ; ) {
            var lock = tryLock(position, size, shared);
            if (lock != null) return lock;
            var locks = locks();
            await(locks.freed(wish(position, size, type(shared))), Pollable.IN);
        }
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
        if (shared) checkReadable();
        else checkWritable();
        var lock = new Held(position, size, shared);
        synchronized (locks) {
            for (var other : locks)
                if (other.overlaps(position, lock.size())) throw new OverlappingFileLockException();
            if (!locks().set(wish(position, size, type(shared)))) return null;
            locks.add(lock);
        }
        return lock;
    }

    private FileLocks locks() throws IOException {
        var known = file.locks();
        if (known == null) throw new IOException("it cannot be locked");
        return known;
    }

    private static FileLocks.Type type(boolean shared) {
        return shared ? FileLocks.Type.READ : FileLocks.Type.WRITE;
    }

    private Lock wish(long position, long size, FileLocks.Type type) {
        boolean open = size == 0 || size > Long.MAX_VALUE - position;
        long last = open ? Long.MAX_VALUE : position + size - 1;
        return new Lock(FileLocks.Kind.RECORD, type, file, -1, position, last);
    }

    /// A lock of this channel.
    private final class Held extends FileLock {

        private volatile boolean released;

        Held(long position, long size, boolean shared) {
            super(PodChannel.this, position, size, shared);
        }

        @Override
        public boolean isValid() {
            return !released && PodChannel.this.isOpen();
        }

        @Override
        public void release() throws IOException {
            if (!PodChannel.this.isOpen()) throw new ClosedChannelException();
            synchronized (locks) {
                if (released) return;
                released = true;
                locks.remove(this);
                locks().set(wish(position(), size(), FileLocks.Type.UNLOCK));
            }
        }
    }

    @Override
    protected void implCloseChannel() {
        fileSystem.closed(this);
        var all = waiting;
        if (all != null) for (var thread : all) LockSupport.unpark(thread);
        // Its locks end with the last use.
        file.release();
    }
}
