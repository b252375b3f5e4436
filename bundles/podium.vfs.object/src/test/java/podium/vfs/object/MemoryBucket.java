package podium.vfs.object;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A bucket in memory that remembers what was done to it, and fails when it is told to.
final class MemoryBucket implements Bucket {

    /// @param bytes null: removed
    record Change(String key, byte @Nullable [] bytes) {}

    /// Goes wrong before a call, or after what it does was done.
    interface Fault {
        void check(String call, String key, boolean done) throws BucketException;
    }

    private final TreeMap<String, byte[]> objects = new TreeMap<>();
    final List<Change> changes = new ArrayList<>();
    volatile Fault fault = (call, key, done) -> {};

    /// How old objects are taken for.
    volatile long age;

    /// How many calls there were, by what they do.
    final TreeMap<String, Integer> calls = new TreeMap<>();

    /// As it was after some changes.
    static MemoryBucket of(List<Change> changes) {
        var bucket = new MemoryBucket();
        for (var change : changes)
            if (change.bytes() == null) bucket.objects.remove(change.key());
            else bucket.objects.put(change.key(), change.bytes());
        return bucket;
    }

    synchronized MemoryBucket copy() {
        var copy = new MemoryBucket();
        copy.objects.putAll(objects);
        return copy;
    }

    synchronized List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    synchronized byte[] bytes(String key) {
        return objects.get(key);
    }

    synchronized void set(String key, byte @Nullable [] bytes) {
        if (bytes == null) objects.remove(key);
        else objects.put(key, bytes);
    }

    synchronized int changed() {
        return changes.size();
    }

    synchronized int count() {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void called(String call, String key) throws BucketException {
        calls.merge(call, 1, Integer::sum);
        fault.check(call, key, false);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public synchronized boolean create(String key, byte[] bytes) throws BucketException {
        called("create", key);
        if (objects.containsKey(key)) return false;
        change(key, bytes);
        fault.check("create", key, true);
        return true;
    }

    @Override
    public synchronized void put(String key, byte[] bytes) throws BucketException {
        called("put", key);
        change(key, bytes);
        fault.check("put", key, true);
    }

    private void change(String key, byte @Nullable [] bytes) {
        set(key, bytes);
        changes.add(new Change(key, bytes));
    }

    @Override
    public synchronized Part read(String key, long from, int most) throws BucketException {
        called("read", key);
        var bytes = objects.get(key);
        if (bytes == null)
            throw new BucketException(BucketException.Kind.MISSING, "there is no object " + key);
        if (from >= bytes.length) throw EntryCodec.damaged(key, "it is cut off");
        int end = (int) Math.min(bytes.length, from + most);
        return new Part(Arrays.copyOfRange(bytes, (int) from, end), bytes.length, age);
    }

    @Override
    public synchronized List<Item> list(String prefix) throws BucketException {
        called("list", prefix);
        var items = new ArrayList<Item>();
        for (var object : objects.tailMap(prefix).entrySet())
            if (object.getKey().startsWith(prefix))
                items.add(new Item(object.getKey(), object.getValue().length, Instant.EPOCH));
        return items;
    }

    @Override
    public synchronized void delete(Collection<String> keys) throws BucketException {
        for (var key : keys) {
            called("delete", key);
            change(key, null);
        }
    }

    @Override
    public void close() {}
}
