package podium.vfs.object;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import podium.vfs.store.HostDiskFile;
import podium.vfs.store.NoSpaceException;

/// A file of the store's in the cache. What was written is there; of what came from the bucket
/// there are blocks that were read, and holes for the others.
final class CachedFile {

    static final int BLOCK = 64 << 10;

    /// What is fetched at once at least, and when it is read from end to end.
    private static final int LEAST = 256 << 10;

    private static final int AHEAD = 4 << 20;

    private volatile long id;
    private final FileStore store;
    private final Fetcher fetcher;

    /// Held by who uses the content; alone, by who drops it or moves it.
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private final ReentrantLock fetching = new ReentrantLock();
    private Path path;
    private @Nullable HostDiskFile local;
    private int users;
    private final BitSet present = new BitSet();

    /// Before it, what is [#present] is there; behind it, everything.
    private long borrowed;

    private volatile long size;
    private volatile RemoteFile remote;
    private volatile long used = System.nanoTime();

    /// Where the last fetch ended.
    private long ahead = -1;

    /// Bytes that outlive a crash. Guarded by the disk's monitor.
    long forced;

    /// @param remote as of the bucket, nothing of which is there
    CachedFile(Path path, FileStore store, Fetcher fetcher, RemoteFile remote, long size) {
        this.path = path;
        this.store = store;
        this.fetcher = fetcher;
        this.remote = remote;
        this.size = size;
        id = remote.id();
        borrowed = remote.size();
        forced = size;
    }

    /// Makes an empty file, or one that is all hole.
    void make() throws IOException {
        Files.deleteIfExists(path);
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
    }

    long id() {
        return id;
    }

    long size() {
        return size;
    }

    RemoteFile remote() {
        return remote;
    }

    /// More of it is in the bucket, or elsewhere there.
    void uploaded(RemoteFile now) {
        remote = now;
    }

    /// When it was used last.
    long used() {
        return used;
    }

    /// It is open from now on, until [#leave].
    synchronized void enter() throws IOException {
        users++;
        boolean done = false;
        try {
            local();
            done = true;
        } finally {
            if (!done) users--;
        }
    }

    synchronized void leave() throws IOException {
        if (--users == 0) shut();
    }

    private synchronized HostDiskFile local() throws IOException {
        var known = local;
        if (known == null) local = known = new HostDiskFile(path, store);
        return known;
    }

    private synchronized void shut() throws IOException {
        var known = local;
        local = null;
        if (known != null) known.close();
    }

    /// It has another path. Nobody uses it meanwhile.
    void move(Path to) throws IOException {
        use.writeLock().lock();
        try {
            synchronized (this) {
                shut();
                Files.move(path, to, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                path = to;
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    synchronized void delete() throws IOException {
        Files.delete(path);
    }

    /// Fills a buffer.
    ///
    /// @return how many bytes came from the bucket and are here now
    /// @throws IOException what is not there could not be fetched
    long read(ByteBuffer into, long position) throws IOException {
        used = System.nanoTime();
        use.readLock().lock();
        try {
            long end = position + into.remaining();
            if (end > size) throw new java.io.EOFException("it is too short");
            long fetched = fetch(position, end);
            local().read(into, position);
            return fetched;
        } catch (NoSpaceException e) {
            // No room for what is only borrowed is no reason not to read it.
            direct(into, position);
            return 0;
        } finally {
            use.readLock().unlock();
        }
    }

    private void direct(ByteBuffer into, long position) throws IOException {
        long border = borrowed();
        while (into.hasRemaining() && position < border) {
            int step = (int) Math.min(Math.min(into.remaining(), LEAST), border - position);
            into.put(fetcher.fetch(this, position, step));
            position += step;
        }
        local().read(into, position);
    }

    private synchronized long borrowed() {
        return borrowed;
    }

    private long fetch(long from, long to) throws IOException {
        if (missing(from, to) < 0) return 0;
        long fetched = 0;
        fetching.lock();
        try {
            for (long at = missing(from, to); at >= 0; at = missing(from, to)) {
                long end = missingEnd(at, at == ahead ? at + AHEAD : Math.max(to, at + LEAST));
                end = Math.min(end, at + AHEAD);
                fetchRun(at, end);
                fetched += end - at;
            }
            return fetched;
        } finally {
            fetching.unlock();
        }
    }

    private void fetchRun(long from, long to) throws IOException {
        var bytes = fetcher.fetch(this, from, (int) (to - from));
        local().write(ByteBuffer.wrap(bytes), from);
        synchronized (this) {
            present.set((int) (from / BLOCK), blocks(to));
        }
        ahead = to;
    }

    private static int blocks(long bytes) {
        return (int) ((bytes + BLOCK - 1) / BLOCK);
    }

    /// The beginning of the first block that is not there, or -1.
    private synchronized long missing(long from, long to) {
        if (from >= borrowed) return -1;
        long block = present.nextClearBit((int) (from / BLOCK));
        long start = block * BLOCK;
        return start < Math.min(to, borrowed) ? start : -1;
    }

    private synchronized long missingEnd(long from, long most) {
        int next = present.nextSetBit((int) (from / BLOCK));
        long end = next < 0 ? Long.MAX_VALUE : (long) next * BLOCK;
        long blocks = (long) blocks(most) * BLOCK;
        return Math.min(Math.min(end, blocks), borrowed);
    }

    void write(ByteBuffer from, long position) throws IOException {
        used = System.nanoTime();
        use.readLock().lock();
        try {
            long end = position + from.remaining();
            local().write(from, position);
            synchronized (this) {
                size = Math.max(size, end);
            }
        } finally {
            use.readLock().unlock();
        }
    }

    void force() throws IOException {
        local().force();
    }

    /// Bytes of it that lie on the host's disk, roughly.
    synchronized long held() {
        return (long) present.cardinality() * BLOCK + size - borrowed;
    }

    /// Whether it could be dropped: all of it is in the bucket, and some of it here.
    synchronized boolean isDroppable() {
        return size == remote.size() && held() > 0;
    }

    /// Lets go of what is in the bucket, if nobody is at it.
    boolean drop() throws IOException {
        if (!use.writeLock().tryLock()) return false;
        try {
            synchronized (this) {
                if (!isDroppable()) return false;
                try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                    file.setLength(0);
                    file.setLength(size);
                }
                present.clear();
                borrowed = size;
                return true;
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    /// Which blocks are there of what is in the bucket.
    synchronized BitSet presence() {
        var all = (BitSet) present.clone();
        int first = blocks(borrowed);
        all.set(first, Math.max(first, blocks(remote.size())));
        return all;
    }

    /// Takes note that blocks are there.
    synchronized void present(BitSet blocks) {
        present.or(blocks);
        present.clear(blocks(borrowed), Integer.MAX_VALUE);
    }

    /// What is written over is no longer what the bucket has: it is another file from now on, all
    /// of which is here, and durable.
    ///
    /// @param newId its own
    void fork(long newId, Path to) throws IOException {
        use.writeLock().lock();
        try {
            fetch(0, borrowed());
            force();
            synchronized (this) {
                move(to);
                id = newId;
                remote = new RemoteFile(newId, 0, java.util.List.of());
                borrowed = 0;
                present.clear();
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
