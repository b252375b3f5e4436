package podium.vfs.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.vfs.store.Disk;
import podium.vfs.store.DiskFile;
import podium.vfs.store.HostDiskFile;
import podium.vfs.store.NoSpaceException;

/// The disk of a store whose files are in a bucket, and in a cache as far as they were written or
/// read here. Its monitor guards the table of files, and what of them outlives a crash.
final class ObjectDisk implements Disk {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectDisk.class);

    /// Bytes after which it is looked whether the cache has grown too large.
    private static final long STEP = 4 << 20;

    private final Bucket bucket;
    private final Cache cache;
    private final long limit;
    private final Fetcher fetcher;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, CachedFile> files = new TreeMap<>();
    private Settler settler = Settler.NONE;
    private boolean changed;
    private boolean closed;
    private long grown;

    /// Brings what is in the cache to the bucket.
    interface Settler extends AutoCloseable {

        /// Of what is only read.
        Settler NONE =
                new Settler() {
                    @Override
                    public void settle() {}

                    @Override
                    public void rewrite(Set<ObjectId> objects) {}

                    @Override
                    public void close() {}
                };

        /// As [Disk#settle].
        void settle() throws IOException;

        /// Writes what lies in some objects to others.
        void rewrite(Set<ObjectId> objects) throws IOException;

        @Override
        void close();
    }

    /// @param bucket closed with this, as the cache
    /// @param limit bytes that the cache should take
    ObjectDisk(Bucket bucket, Cache cache, long limit) {
        this.bucket = bucket;
        this.cache = cache;
        this.limit = limit;
        fetcher = new Fetcher(bucket);
    }

    /// Has the bucket's files, and those that only the cache has.
    ///
    /// @throws IOException in one line: the cache lacks what it should have
    synchronized void load(Map<String, RemoteFile> remote) throws IOException {
        var presence = Presence.load(cache);
        for (var local : cache.list().values()) {
            var known = remote.get(local.name());
            if (known == null || known.id() != local.id())
                known = new RemoteFile(local.id(), 0, List.of());
            if (local.size() < known.size())
                throw new IOException(
                        ("the cache %s is damaged: %s is shorter than the bucket has it; remove"
                                        + " the cache, and with it what never reached the bucket")
                                .formatted(cache.directory, local.name()));
            var file = file(local.name(), known, local.size());
            file.present(presence.getOrDefault(known.id(), new BitSet()));
            if (local.size() > known.size()) force(file);
            files.put(local.name(), file);
        }
    }

    private static void force(CachedFile file) throws IOException {
        file.enter();
        try {
            file.force();
        } finally {
            file.leave();
        }
    }

    private CachedFile file(String name, RemoteFile remote, long size) {
        var path = cache.path(name, remote.id());
        return new CachedFile(path, cache.store, fetcher, remote, size);
    }

    /// From now on changes are brought to the bucket.
    void settleBy(Settler by) {
        settler = by;
    }

    @Override
    public String name() {
        return bucket.name();
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        var file = files.get(name);
        if (file == null) throw new NoSuchFileException(name);
        return new Handle(name, file);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        try {
            return make(name);
        } catch (IOException e) {
            throw HostDiskFile.known(e, cache.store, 4096);
        }
    }

    private synchronized DiskFile make(String name) throws IOException {
        var old = files.remove(name);
        if (old != null) old.delete();
        var file = file(name, new RemoteFile(id(), 0, List.of()), 0);
        file.make();
        files.put(name, file);
        changed = true;
        return new Handle(name, file);
    }

    private long id() {
        return random.nextLong();
    }

    @Override
    public synchronized List<String> list() {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        var file = files.remove(name);
        if (file == null) throw new NoSuchFileException(name);
        file.delete();
        changed = true;
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        var file = files.get(from);
        if (file == null) throw new NoSuchFileException(from);
        var old = files.remove(to);
        if (old != null) old.delete();
        file.move(cache.path(to, file.id()));
        files.remove(from);
        files.put(to, file);
        changed = true;
    }

    @Override
    public void force() throws IOException {
        cache.force();
    }

    @Override
    public void settle() throws IOException {
        settler.settle();
    }

    @Override
    public long usable() throws IOException {
        long free = cache.store.getUsableSpace();
        synchronized (this) {
            for (var file : files.values()) if (file.isDroppable()) free += file.held();
        }
        return free;
    }

    /// What is damaged in the bucket is written again: as the cache has it, or else what is left of
    /// it.
    void replace(Collection<Piece> pieces) throws IOException {
        fetcher.lose(pieces);
        var objects = new HashSet<ObjectId>();
        for (var piece : pieces) objects.add(piece.object());
        settler.rewrite(objects);
    }

    /// What was durable at one moment.
    ///
    record Cut(Map<String, Part> files) {}

    /// The beginning of a file.
    record Part(long id, long size) {}

    /// What is durable now: a state that a crash might have left, of which the store makes sense.
    Cut cut() throws IOException {
        boolean names;
        var now = new HashMap<String, Part>();
        synchronized (this) {
            names = changed;
            changed = false;
            for (var entry : files.entrySet()) {
                var file = entry.getValue();
                if (file.forced > 0) now.put(entry.getKey(), new Part(file.id(), file.forced));
            }
        }
        boolean done = false;
        try {
            // The bucket is never ahead of the cache, whatever a crash does to that.
            if (names) cache.force();
            done = true;
        } finally {
            if (!done)
                synchronized (this) {
                    changed = true;
                }
        }
        return new Cut(now);
    }

    /// The files that are in the bucket, as they are there now.
    synchronized void uploaded(Map<String, RemoteFile> remote) {
        for (var file : files.entrySet()) {
            var known = remote.get(file.getKey());
            if (known == null || known.id() != file.getValue().id()) continue;
            file.getValue().uploaded(known);
        }
    }

    /// The file that has a name, open until [CachedFile#leave].
    ///
    /// @return null: it is another one by now, or none
    synchronized @Nullable CachedFile enter(String name, long id) throws IOException {
        var file = files.get(name);
        if (file == null || file.id() != id) return null;
        file.enter();
        return file;
    }

    /// Bytes that are not in the bucket.
    synchronized long waiting() {
        long waiting = 0;
        for (var file : files.values()) waiting += file.size() - file.remote().size();
        return waiting;
    }

    private void grow(long bytes) throws IOException {
        synchronized (this) {
            grown += bytes;
            if (grown < Math.min(STEP, limit / 4)) return;
            grown = 0;
        }
        shrink(limit);
    }

    /// Drops what is in the bucket, and was not used for the longest time, until the cache is no
    /// larger than something.
    ///
    /// @return whether anything was dropped
    boolean shrink(long most) throws IOException {
        List<CachedFile> all;
        synchronized (this) {
            all = new ArrayList<>(files.values());
        }
        long held = all.stream().mapToLong(CachedFile::held).sum();
        if (held <= most) return false;
        all.removeIf(file -> !file.isDroppable());
        all.sort(Comparator.comparingLong(CachedFile::used));
        boolean dropped = false;
        for (var file : all) {
            if (held <= most) break;
            long part = file.held();
            Presence.forget(cache);
            if (!file.drop()) continue;
            held -= part;
            dropped = true;
        }
        return dropped;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        try (bucket;
                cache) {
            settler.close();
            keep();
        } catch (IOException e) {
            LOG.warn("{}: what was read is not kept in the cache: {}", name(), e.toString());
        }
    }

    private synchronized void keep() throws IOException {
        for (var file : files.values()) if (file.held() > 0) force(file);
        Presence.save(cache, files.values());
    }

    /// A file as the store has it open.
    private final class Handle implements DiskFile {

        private final String name;
        private final CachedFile file;
        private boolean ended;

        Handle(String name, CachedFile file) throws IOException {
            this.name = name;
            this.file = file;
            file.enter();
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            long fetched = file.read(into, position);
            if (fetched > 0) grow(fetched);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            int start = from.position();
            forkBefore(position);
            long before = file.size();
            try {
                file.write(from, position);
            } catch (NoSpaceException e) {
                if (!shrink(0)) throw e;
                file.write(from.position(start), position);
            }
            grow(file.size() - before);
        }

        /// What is durable may be in the bucket, or on its way there: what is written over it is
        /// another file's.
        private void forkBefore(long position) throws IOException {
            synchronized (ObjectDisk.this) {
                if (position >= file.forced) return;
                long id = id();
                file.fork(id, cache.path(name, id));
                file.forced = position;
            }
            cache.force();
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void force() throws IOException {
            long now = file.size();
            file.force();
            synchronized (ObjectDisk.this) {
                file.forced = Math.max(file.forced, now);
            }
        }

        @Override
        public void close() throws IOException {
            synchronized (this) {
                if (ended) return;
                ended = true;
            }
            file.leave();
        }
    }
}
