package podium.vfs.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps the bucket in order: makes checkpoints, in which content of many small objects, and of
/// packs that are mostly waste, moves to new ones; and removes objects that nothing refers to, once
/// an entry says so. Used by one thread at a time.
final class Collector {

    /// The most bytes of packs that one checkpoint moves.
    private static final long MOST = 64 << 20;

    private final Bucket bucket;
    private final ObjectDisk disk;
    private final Pace pace;

    /// The checkpoint whose waste was removed, and whether that of earlier writers was.
    private long tidied = -1;

    private boolean swept;

    /// Packs that were there at the last checkpoint.
    private Set<ObjectId> before = Set.of();

    Collector(Bucket bucket, ObjectDisk disk, Pace pace) {
        this.bucket = bucket;
        this.disk = disk;
        this.pace = pace;
    }

    boolean isDue(Remote remote) {
        var last = remote.last();
        return last.sequence() - last.checkpoint() >= pace.entries();
    }

    /// The entry for it, whose content is in the bucket.
    ///
    /// @return null: the cache has removed files that the bucket still has; later, then
    @Nullable Entry checkpoint(Remote remote, Packer packer) throws IOException {
        return checkpoint(remote, packer, Set.of());
    }

    /// @param lost objects to give up
    @Nullable Entry checkpoint(Remote remote, Packer packer, Set<ObjectId> lost)
            throws IOException {
        var moving = moving(remote);
        moving.addAll(lost);
        var additions = new HashMap<String, Entry.Addition>();
        for (var entry : remote.files().entrySet()) {
            var file = entry.getValue();
            boolean moves =
                    file.pieces().stream().anyMatch(piece -> moving.contains(piece.object()));
            var pieces = file.pieces();
            if (moves) {
                var here = disk.enter(entry.getKey(), file.id());
                if (here == null) return null;
                try {
                    pieces = move(file, here, moving, lost, packer);
                } finally {
                    here.leave();
                }
            }
            additions.put(entry.getKey(), new Entry.Addition(file.id(), 0, pieces));
        }
        var packs = new HashMap<>(packer.finish());
        for (var addition : additions.values())
            for (var piece : addition.pieces()) {
                var size = remote.packs().get(piece.object());
                if (size != null) packs.put(piece.object(), size);
            }
        var last = remote.last();
        before = remote.packs().keySet();
        return last.next(last.sequence() + 1, false, packs, additions, List.of());
    }

    private Set<ObjectId> moving(Remote remote) {
        var moving = new HashSet<ObjectId>();
        long left = MOST;
        for (var use : remote.used().entrySet()) {
            var object = use.getKey();
            long used = use.getValue();
            if (object.isEntry()) {
                moving.add(object);
                continue;
            }
            int size = remote.packs().getOrDefault(object, 0);
            boolean worth = size < pace.small() || used < size / 2;
            if (!worth || used > left) continue;
            left -= used;
            moving.add(object);
        }
        return moving;
    }

    private static List<Piece> move(
            RemoteFile file,
            CachedFile here,
            Set<ObjectId> moving,
            Set<ObjectId> lost,
            Packer packer)
            throws IOException {
        var pieces = new ArrayList<Piece>();
        long at = 0;
        long start = -1;
        for (var piece : file.pieces()) {
            if (moving.contains(piece.object())) {
                if (!lost.contains(piece.object())) check(here, piece, at);
                if (start < 0) start = at;
            } else {
                if (start >= 0) pieces.addAll(packer.add(here::read, start, at));
                start = -1;
                pieces.add(piece);
            }
            at += piece.length();
        }
        if (start >= 0) pieces.addAll(packer.add(here::read, start, at));
        return pieces;
    }

    /// What is damaged is not written again as if it were right.
    private static void check(CachedFile here, Piece piece, long at) throws IOException {
        var bytes = ByteBuffer.allocate(piece.length());
        here.read(bytes, at);
        if (EntryCodec.checksum(bytes.array(), 0, piece.length()) != piece.crc())
            throw EntryCodec.damaged(piece.object().key(), "a checksum is wrong");
    }

    /// Removes what the last checkpoint made superfluous, and what earlier writers and failures
    /// have left. Nobody can refer to it any more: who was taken over makes no more entries.
    ///
    /// @param loose packs of this writer that may be such; emptied
    void tidy(Remote remote, List<ObjectId> loose) throws BucketException {
        long checkpoint = remote.last().checkpoint();
        if (tidied == checkpoint && swept) return;
        var keys = new ArrayList<String>();
        for (var item : bucket.list(ObjectId.LOG)) {
            long sequence = ObjectId.sequence(item.key());
            if (sequence > 0 && sequence < checkpoint) keys.add(item.key());
        }
        var unused = new HashSet<>(before);
        unused.addAll(loose);
        unused.removeAll(remote.packs().keySet());
        for (var pack : unused) keys.add(pack.key());
        if (!swept) sweep(remote, keys);
        bucket.delete(keys);
        loose.clear();
        before = Set.of();
        tidied = checkpoint;
        swept = true;
    }

    private void sweep(Remote remote, List<String> keys) throws BucketException {
        var used = new HashSet<String>();
        for (var pack : remote.packs().keySet()) used.add(pack.key());
        for (var item : bucket.list(ObjectId.PACKS)) {
            long epoch = ObjectId.epoch(item.key());
            boolean earlier = epoch > 0 && epoch < remote.last().epoch();
            if (earlier && !used.contains(item.key())) keys.add(item.key());
        }
    }
}
