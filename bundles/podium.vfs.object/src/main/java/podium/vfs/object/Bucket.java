package podium.vfs.object;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// The part of a bucket that is a tree's: the objects whose keys begin with a prefix. Keys are
/// without it. An object is written once and whole. Calls are made again when they fail for a
/// reason that passes, until the time is up that somebody may be kept waiting.
///
/// Thread-safe.
interface Bucket extends AutoCloseable {

    /// What it is called in messages.
    String name();

    /// Makes an object.
    ///
    /// @return false: there is one of this key already, perhaps this very one, made by a call whose
    ///     answer was lost
    boolean create(String key, byte[] bytes) throws BucketException;

    /// Makes an object of a key that nobody else uses.
    void put(String key, byte[] bytes) throws BucketException;

    /// A part of an object.
    ///
    /// @param size of the whole object
    /// @param age how long ago it was made, in seconds, as the server's clock has it
    record Part(byte[] bytes, long size, long age) {}

    /// Reads a part of an object, less where it ends before.
    ///
    /// @param most bytes
    Part read(String key, long from, int most) throws BucketException;

    /// An object that is there.
    record Item(String key, long size, Instant modified) {}

    /// All objects whose key begins with something, in the order of their keys.
    List<Item> list(String prefix) throws BucketException;

    /// Removes objects, if they are there.
    void delete(Collection<String> keys) throws BucketException;

    @Override
    void close();
}
