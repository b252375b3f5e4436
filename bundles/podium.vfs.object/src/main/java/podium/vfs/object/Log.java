package podium.vfs.object;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The log of a tree: what is in the bucket, and who may change it. Its entries' keys count up, and
/// each can be made once. So whoever makes the next one knows that nobody else has changed
/// anything, and who took over has ended everybody before by making an entry.
final class Log {

    /// What of an entry is read at first: more than most have.
    private static final int FIRST = 128 << 10;

    /// How often what was listed may be gone already when it is read.
    private static final int ATTEMPTS = 5;

    private final Bucket bucket;

    Log(Bucket bucket) {
        this.bucket = bucket;
    }

    /// What was found.
    ///
    /// @param remote as of the last entry
    /// @param age of that, in seconds
    record End(Remote remote, long age) {}

    private record Found(Entry entry, long age) {}

    /// Reads it from the last checkpoint on.
    ///
    /// @return null: there is none
    /// @throws BucketException it is damaged, or cannot be read
    @Nullable End read() throws BucketException {
        for (int attempt = 1; ; attempt++) {
            long last = last();
            if (last < 0) return null;
            try {
                return read(last);
            } catch (BucketException e) {
                // Somebody may have made a checkpoint meanwhile and removed what is before.
                boolean moved = e.kind() == BucketException.Kind.MISSING && last() != last;
                if (!moved || attempt == ATTEMPTS) throw e;
            }
        }
    }

    private long last() throws BucketException {
        long last = -1;
        for (var item : bucket.list(ObjectId.LOG))
            last = Math.max(last, ObjectId.sequence(item.key()));
        return last;
    }

    private End read(long last) throws BucketException {
        var found = entry(last);
        var entries = new ArrayDeque<Entry>();
        entries.add(found.entry());
        long checkpoint = found.entry().checkpoint();
        for (long at = last - 1; at >= checkpoint; at--) {
            var entry = entry(at).entry();
            boolean fits =
                    entry.checkpoint() == checkpoint && entry.tree().equals(found.entry().tree());
            if (!fits) throw EntryCodec.damaged(ObjectId.entry(at).key(), "it is out of place");
            entries.addFirst(entry);
        }
        var remote = Remote.of(entries.removeFirst());
        for (var entry : entries) remote = remote.with(entry);
        return new End(remote, found.age());
    }

    private Found entry(long sequence) throws BucketException {
        var key = ObjectId.entry(sequence).key();
        var part = bucket.read(key, 0, FIRST);
        var bytes = part.bytes();
        int length = EntryCodec.length(key, bytes);
        if (length > part.size()) throw EntryCodec.damaged(key, "it is cut off");
        if (length > bytes.length) {
            var rest = bucket.read(key, bytes.length, length - bytes.length).bytes();
            int start = bytes.length;
            bytes = Arrays.copyOf(bytes, start + rest.length);
            System.arraycopy(rest, 0, bytes, start, rest.length);
        }
        return new Found(EntryCodec.decode(key, bytes, part.size()), part.age());
    }

    /// Adds an entry.
    ///
    /// @param before what it follows; null: nothing
    /// @return as of the entry, or as of one by the same session whose making was in doubt: then
    ///     this one was not made
    /// @throws FencedException somebody else has made one
    Remote append(@Nullable Remote before, Entry entry, byte[] content) throws IOException {
        var key = ObjectId.entry(entry.sequence()).key();
        var bytes = EntryCodec.encode(entry, content);
        // What does not fit is found before it is there.
        var after = next(before, EntryCodec.decode(key, bytes, bytes.length));
        if (bucket.create(key, bytes)) return after;
        var made = entry(entry.sequence()).entry();
        if (made.session() != entry.session()) throw new FencedException(made.host());
        return next(before, made);
    }

    private static Remote next(@Nullable Remote before, Entry entry) throws BucketException {
        return before == null ? Remote.of(entry) : before.with(entry);
    }

    /// Whether the server keeps an object that is there when it is made again on condition that it
    /// is not. Nothing else here would be safe.
    ///
    /// @throws BucketException it does not
    void checkConditions(Remote made, byte[] bytes) throws BucketException {
        if (!bucket.create(ObjectId.entry(made.last().sequence()).key(), bytes)) return;
        throw new BucketException(
                BucketException.Kind.REFUSED,
                "the server ignores If-None-Match, and two writers would destroy the tree; use one"
                        + " that has conditional writes");
    }

    /// The first entry of a new tree, which holds nothing.
    static Entry first(UUID writer, long session, String host) {
        return new Entry(
                UUID.randomUUID(),
                1,
                1,
                writer,
                session,
                host,
                1,
                false,
                Map.of(),
                Map.of(),
                List.of());
    }

    /// The entry by which somebody takes over.
    static Entry takeOver(Entry last, UUID writer, long session, String host) {
        long next = last.sequence() + 1;
        return new Entry(
                last.tree(),
                next,
                next,
                writer,
                session,
                host,
                last.checkpoint(),
                false,
                Map.of(),
                Map.of(),
                List.of());
    }
}
