package podium.vfs.object;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.ErrnoException;
import podium.vfs.backend.Ticker;

/// Brings what is durable in the cache to the bucket, all of it at once each time: content first,
/// then an entry of the log, which makes it so.
final class Replica implements ObjectDisk.Settler {

    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    private final Bucket bucket;
    private final Log log;
    private final Cache cache;
    private final ObjectDisk disk;
    private final Pace pace;
    private final boolean local;

    /// Held by who changes the bucket.
    private final ReentrantLock lock = new ReentrantLock(true);

    private Remote remote;
    private int packs;

    /// Packs that no entry tells of, or one whose making is in doubt.
    private final List<ObjectId> loose = new ArrayList<>();

    /// Whether the next entry may be there already: no answer has come.
    private boolean doubt;

    /// Whether the bucket is kept in order. Not when something there is damaged.
    private boolean collecting = true;

    private long lastEntry = System.nanoTime();
    private long lastUpload = System.nanoTime();
    private volatile @Nullable BucketException trouble;
    private volatile @Nullable FencedException fenced;
    private final Collector collector;
    private @Nullable Ticker ticker;

    /// @param remote as of the entry by which this took over
    /// @param local whether a sync promises no more than the cache
    Replica(Bucket bucket, Cache cache, ObjectDisk disk, Pace pace, boolean local, Remote remote) {
        this.bucket = bucket;
        this.cache = cache;
        this.disk = disk;
        this.pace = pace;
        this.local = local;
        this.remote = remote;
        log = new Log(bucket);
        collector = new Collector(bucket, disk, pace);
    }

    /// Works in the background from now on.
    void start() {
        if (pace.tick() > 0)
            ticker = Ticker.start("object " + disk.name(), pace.tick(), this::tick);
    }

    @Override
    public void settle() throws IOException {
        var end = fenced;
        if (end != null) throw end;
        if (local) return;
        // Nobody has to find out again; the ticker does.
        var known = trouble;
        if (known != null && ticker != null) throw known.kind().errno.exception();
        upload();
    }

    /// Brings everything to the bucket that is durable now.
    ///
    /// @throws ErrnoException not now
    /// @throws IOException never again
    void upload() throws IOException {
        locked(this::uploadAll);
    }

    private interface Step {
        void run() throws IOException;
    }

    /// Does what changes the bucket, and tells what comes of it, once.
    private void locked(Step step) throws IOException {
        lock.lock();
        try {
            var end = fenced;
            if (end != null) throw end;
            step.run();
            if (trouble != null) LOG.warn("{}: goes on as before", disk.name());
            trouble = null;
        } catch (FencedException e) {
            fenced = e;
            throw e;
        } catch (BucketException e) {
            var known = trouble;
            if (known == null || known.kind() != e.kind())
                LOG.error(
                        "{}: {}; {} bytes wait in the cache {}",
                        disk.name(),
                        e.getMessage(),
                        disk.waiting(),
                        cache.directory);
            trouble = e;
            throw e.kind().errno.exception();
        } finally {
            lock.unlock();
        }
    }

    private void uploadAll() throws IOException {
        var cut = disk.cut();
        for (var now = changes(cut); !now.isEmpty(); now = changes(cut))
            // Files go while it is done: then there is less to do.
            if (!commit(now)) cut = disk.cut();
        lastUpload = System.nanoTime();
    }

    /// What an entry has to say.
    private record Changes(Map<String, Range> ranges, List<String> removed) {

        boolean isEmpty() {
            return ranges.isEmpty() && removed.isEmpty();
        }

        long bytes() {
            return ranges.values().stream().mapToLong(range -> range.to - range.from).sum();
        }
    }

    private record Range(long id, long from, long to) {}

    private Changes changes(ObjectDisk.Cut cut) {
        var ranges = new HashMap<String, Range>();
        for (var part : cut.files().entrySet()) {
            var now = part.getValue();
            var known = remote.files().get(part.getKey());
            long from = known != null && known.id() == now.id() ? known.size() : 0;
            if (from < now.size()) ranges.put(part.getKey(), new Range(now.id(), from, now.size()));
        }
        var removed = new ArrayList<>(remote.files().keySet());
        removed.removeAll(cut.files().keySet());
        return new Changes(ranges, removed);
    }

    /// @return false: one of the files is no more, and nothing was done
    private boolean commit(Changes changes) throws IOException {
        var entered = new HashMap<String, Opened>();
        try {
            for (var range : changes.ranges().entrySet()) {
                var file = disk.enter(range.getKey(), range.getValue().id());
                if (file == null) return false;
                entered.put(range.getKey(), new Opened(file, range.getValue()));
            }
            commit(changes.removed(), changes.bytes(), entered);
            return true;
        } finally {
            for (var opened : entered.values()) opened.file().leave();
        }
    }

    private record Opened(CachedFile file, Range range) {}

    private void commit(List<String> removed, long bytes, Map<String, Opened> files)
            throws IOException {
        var content = new ByteArrayOutputStream();
        var additions = new HashMap<String, Entry.Addition>();
        Map<ObjectId, Integer> added = Map.of();
        try (var packer = bytes > pace.small() ? packer() : null) {
            for (var file : files.entrySet()) {
                var range = file.getValue().range();
                var from = file.getValue().file();
                var pieces =
                        packer == null
                                ? inline(from, range, content)
                                : packer.add(from::read, range.from(), range.to());
                additions.put(file.getKey(), new Entry.Addition(range.id(), range.from(), pieces));
                // What takes long is no reason to be taken for dead.
                if (packer != null && !doubt) beat();
            }
            if (packer != null) added = packer.finish();
        }
        append(added, additions, removed, false, content.toByteArray());
    }

    private static List<Piece> inline(CachedFile file, Range range, ByteArrayOutputStream content)
            throws IOException {
        int length = (int) (range.to() - range.from());
        var bytes = new byte[length];
        file.read(ByteBuffer.wrap(bytes), range.from());
        int crc = EntryCodec.checksum(bytes, 0, length);
        var piece = new Piece(ObjectId.entry(0), content.size(), length, crc);
        content.writeBytes(bytes);
        return List.of(piece);
    }

    private Packer packer() {
        return new Packer(bucket, this::pack);
    }

    private ObjectId pack() {
        var id = new ObjectId(remote.last().epoch(), packs++);
        loose.add(id);
        return id;
    }

    private void append(
            Map<ObjectId, Integer> added,
            Map<String, Entry.Addition> additions,
            List<String> removed,
            boolean release,
            byte[] content)
            throws IOException {
        var last = remote.last();
        append(last.next(last.checkpoint(), release, added, additions, removed), content);
    }

    private void append(Entry entry, byte[] content) throws IOException {
        doubt = true;
        remote = log.append(remote, entry, content);
        doubt = false;
        lastEntry = System.nanoTime();
        disk.uploaded(remote.files());
        cache.mark(new Cache.Mark(remote.last().sequence(), Cache.digest(remote.files())));
    }

    /// Does what is due.
    void tick() {
        try {
            if (fenced != null) return;
            long waiting = disk.waiting();
            boolean late = since(lastUpload) >= pace.upload();
            if (trouble != null || waiting > pace.waiting() || late) upload();
            locked(this::beat);
            collect();
        } catch (ErrnoException | FencedException e) {
            // Was told, or is, to whoever writes next.
            LOG.debug("{}: {}", disk.name(), e.toString());
        } catch (IOException e) {
            LOG.error("{}: the cache fails: {}", disk.name(), e.toString());
        }
    }

    private void beat() throws IOException {
        if (since(lastEntry) >= pace.heartbeat())
            append(Map.of(), Map.of(), List.of(), false, new byte[0]);
    }

    private static long since(long time) {
        return (System.nanoTime() - time) / 1_000_000;
    }

    @Override
    public void rewrite(Set<ObjectId> objects) throws IOException {
        locked(
                () -> {
                    uploadAll();
                    try (var packer = packer()) {
                        var entry = collector.checkpoint(remote, packer, objects);
                        if (entry != null) append(entry, new byte[0]);
                    }
                });
    }

    /// Makes a checkpoint if it is time for one, and removes what nothing refers to.
    void collect() throws IOException {
        locked(
                () -> {
                    if (!collecting || doubt) return;
                    collector.tidy(remote, loose);
                    if (!collector.isDue(remote)) return;
                    uploadAll();
                    checkpoint();
                    collector.tidy(remote, loose);
                });
    }

    private void checkpoint() throws IOException {
        Entry entry;
        try (var packer = packer()) {
            entry = collector.checkpoint(remote, packer);
        } catch (BucketException e) {
            if (!e.isLoss()) throw e;
            collecting = false;
            LOG.error(
                    "{}: {}; the log grows from now on; podium fs check tells what is damaged",
                    disk.name(),
                    e.getMessage());
            return;
        }
        if (entry != null) append(entry, new byte[0]);
    }

    /// Uploads everything, and lets others have it.
    @Override
    public void close() {
        if (ticker != null) ticker.close();
        if (fenced != null) return;
        try {
            locked(
                    () -> {
                        uploadAll();
                        while (!remote.last().released())
                            append(Map.of(), Map.of(), List.of(), true, new byte[0]);
                    });
        } catch (ErrnoException | IOException e) {
            LOG.error(
                    "{}: {} bytes did not reach the bucket; they are in the cache {}: mount it"
                            + " again with that",
                    disk.name(),
                    disk.waiting(),
                    cache.directory);
        }
    }
}
