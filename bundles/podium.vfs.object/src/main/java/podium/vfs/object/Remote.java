package podium.vfs.object;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What is in the bucket as of an entry of its log. Immutable.
///
/// @param last that entry
/// @param files of the store, by name
/// @param packs their sizes
record Remote(Entry last, Map<String, RemoteFile> files, Map<ObjectId, Integer> packs) {

    static Remote of(Entry checkpoint) throws BucketException {
        return new Remote(checkpoint, Map.of(), Map.of()).with(checkpoint);
    }

    /// As of the next entry.
    ///
    /// @throws BucketException that does not fit
    Remote with(Entry next) throws BucketException {
        var key = ObjectId.entry(next.sequence()).key();
        boolean whole = next.isCheckpoint();
        var nowPacks = whole ? new HashMap<ObjectId, Integer>() : new HashMap<>(packs);
        nowPacks.putAll(next.packs());
        var nowFiles = whole ? new HashMap<String, RemoteFile>() : new HashMap<>(files);
        for (var name : next.removed())
            if (nowFiles.remove(name) == null)
                throw EntryCodec.damaged(key, "it removes %s, which is not there".formatted(name));
        for (var file : next.files().entrySet()) {
            var added = file.getValue();
            var known = nowFiles.get(file.getKey());
            if (known == null || known.id() != added.id())
                known = new RemoteFile(added.id(), 0, java.util.List.of());
            if (known.size() != added.from())
                throw EntryCodec.damaged(key, "%s does not fit".formatted(file.getKey()));
            for (var piece : added.pieces()) {
                var size = nowPacks.get(piece.object());
                boolean inside =
                        piece.object().isEntry()
                                || (size != null && (long) piece.offset() + piece.length() <= size);
                if (!inside)
                    throw EntryCodec.damaged(key, "%s lies in no object".formatted(file.getKey()));
            }
            nowFiles.put(file.getKey(), known.with(added.pieces()));
        }
        return new Remote(next, Map.copyOf(nowFiles), Map.copyOf(nowPacks));
    }

    /// How many bytes of each object are in use.
    Map<ObjectId, Long> used() {
        var used = new HashMap<ObjectId, Long>();
        for (var file : files.values())
            for (var piece : file.pieces())
                used.merge(piece.object(), (long) piece.length(), Long::sum);
        return used;
    }

    /// Objects that content is read from.
    Set<ObjectId> objects() {
        return new HashSet<>(used().keySet());
    }
}
