package podium.vfs.object;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a bucket and a cache together: what the cache is ahead, if nobody else has written since;
/// else what the bucket has.
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final Bucket bucket;
    private final Cache cache;
    private final Pace pace;
    private final boolean local;
    private final Log log;

    /// @param local whether a sync will promise no more than the cache
    Opening(Bucket bucket, Cache cache, Pace pace, boolean local) {
        this.bucket = bucket;
        this.cache = cache;
        this.pace = pace;
        this.local = local;
        log = new Log(bucket);
    }

    /// Opens what is only read. The bucket stays as it is.
    ///
    /// @return closes bucket and cache; the caller does when this fails
    ObjectDisk read(long limit) throws IOException {
        var end = log.read();
        if (end == null) throw new IOException("it holds no tree, and may not be written");
        var remote = end.remote();
        var identity = identity(remote.last());
        if (identity == null || !isOwn(remote.last(), identity)) adopt(remote, identity);
        var disk = new ObjectDisk(bucket, cache, limit);
        disk.load(remote.files());
        return disk;
    }

    /// Takes the tree over, and makes it if there is none.
    ///
    /// @return closes bucket and cache; the caller does when this fails
    ObjectDisk write(long limit) throws IOException {
        var end = log.read();
        var owner = end == null ? begin() : takeOver(end);
        var disk = new ObjectDisk(bucket, cache, limit);
        disk.load(owner.files());
        var replica = new Replica(bucket, cache, disk, pace, local, owner);
        upload(replica);
        cache.identify(new Cache.Identity(owner.last().tree(), owner.last().writer(), local));
        replica.start();
        disk.settleBy(replica);
        return disk;
    }

    /// What a crash has left in the cache.
    private void upload(Replica replica) throws IOException {
        try {
            replica.upload();
        } catch (podium.syscall.ErrnoException e) {
            throw new IOException(
                    "what the cache has cannot be brought to the bucket: " + e.errno().text(), e);
        }
    }

    private Remote begin() throws IOException {
        if (!bucket.list(ObjectId.PACKS).isEmpty())
            throw new IOException("its log is missing, and there is content; use a backup");
        var identity = cache.identity();
        if (identity != null && !cache.list().isEmpty())
            throw new IOException(
                    "the bucket holds no tree, but the cache %s has one; name another cache"
                            .formatted(cache.directory));
        var writer = identity == null ? UUID.randomUUID() : identity.writer();
        var first = Log.first(writer, session(), host());
        cache.identify(new Cache.Identity(first.tree(), writer, false));
        return append(null, first);
    }

    private Remote takeOver(Log.End end) throws IOException {
        checkUse(end);
        var last = end.remote().last();
        var identity = identity(last);
        if (identity == null || !isOwn(last, identity)) identity = adopt(end.remote(), identity);
        return append(end.remote(), Log.takeOver(last, identity.writer(), session(), host()));
    }

    private static long session() {
        return new SecureRandom().nextLong();
    }

    /// Who this is, for people.
    private static String host() {
        var host = "a host";
        try {
            host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            LOG.debug("this host has no name: {}", e.toString());
        }
        return "%s, process %d".formatted(host, ProcessHandle.current().pid());
    }

    /// @throws IOException somebody else seems to write
    private void checkUse(Log.End end) throws IOException {
        var last = end.remote().last();
        var identity = cache.identity();
        boolean own = identity != null && identity.writer().equals(last.writer());
        if (own || last.released() || end.age() >= pace.lease()) return;
        throw new IOException(
                ("it is mounted by %s, heard of %d seconds ago; unmount it there, or, if that is"
                                + " dead, wait until %d seconds have passed")
                        .formatted(last.host(), end.age(), pace.lease()));
    }

    /// @return null: the cache is new
    private Cache.@Nullable Identity identity(Entry last) throws IOException {
        var identity = cache.identity();
        if (identity == null || identity.tree().equals(last.tree())) return identity;
        if (cache.list().isEmpty()) return null;
        throw new IOException(
                "the cache %s is another tree's; name another one".formatted(cache.directory));
    }

    /// Whether the cache has what the bucket has, and perhaps more.
    private boolean isOwn(Entry last, Cache.Identity identity) throws IOException {
        var mark = cache.mark();
        boolean read = mark != null && mark.sequence() == last.sequence();
        return read || identity.writer().equals(last.writer());
    }

    /// Makes the cache one of what the bucket has now.
    private Cache.Identity adopt(Remote remote, Cache.@Nullable Identity identity)
            throws IOException {
        var files = cache.list();
        if (identity != null) checkNothingLost(identity, remote.last(), files);
        var writer = identity == null ? UUID.randomUUID() : identity.writer();
        var now = new Cache.Identity(remote.last().tree(), writer, false);
        // From here on nothing in the cache is a promise, in whatever state it is left.
        if (identity != null) cache.identify(now);
        var kept = new HashSet<Long>();
        for (var file : files.values()) {
            var known = remote.files().get(file.name());
            boolean same = known != null && known.id() == file.id() && known.size() == file.size();
            if (same) kept.add(file.id());
        }
        Presence.keep(cache, kept);
        for (var file : files.values())
            if (!kept.contains(file.id())) Files.delete(cache.path(file.name(), file.id()));
        for (var file : remote.files().entrySet()) {
            var known = file.getValue();
            if (kept.contains(known.id())) continue;
            var path = cache.path(file.getKey(), known.id());
            new CachedFile(path, cache.store, new Fetcher(bucket), known, known.size()).make();
        }
        cache.force();
        cache.mark(new Cache.Mark(remote.last().sequence(), Cache.digest(remote.files())));
        cache.identify(now);
        return now;
    }

    private void checkNothingLost(
            Cache.Identity identity, Entry last, Map<String, Cache.Local> files)
            throws IOException {
        var here = new TreeMap<String, RemoteFile>();
        for (var file : files.values())
            here.put(file.name(), new RemoteFile(file.id(), file.size(), java.util.List.of()));
        var mark = cache.mark();
        if (mark != null && mark.digest() == Cache.digest(here)) return;
        if (!identity.local()) {
            LOG.warn(
                    "{}: {} has written since: what nobody synced here is given up",
                    bucket.name(),
                    last.host());
            return;
        }
        throw new IOException(
                ("the cache %s has changes that never reached the bucket, and %s has written"
                                + " since; remove the cache to give them up, or name another one")
                        .formatted(cache.directory, last.host()));
    }

    private Remote append(@Nullable Remote remote, Entry entry) throws IOException {
        try {
            var owner = log.append(remote, entry, new byte[0]);
            log.checkConditions(owner, EntryCodec.encode(entry, new byte[0]));
            cache.mark(new Cache.Mark(owner.last().sequence(), Cache.digest(owner.files())));
            return owner;
        } catch (FencedException e) {
            throw new IOException("somebody else has mounted it at this moment", e);
        }
    }
}
