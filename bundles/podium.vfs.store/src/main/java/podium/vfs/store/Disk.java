package podium.vfs.store;

import java.io.IOException;
import java.util.List;

/// The directory that holds a store, as far as the store uses it. What is written lasts only from a
/// [DiskFile#force] on, and names from [#force] on; until then any part of it may be lost, in any
/// order.
///
/// Thread-safe.
public interface Disk extends AutoCloseable {

    /// What it is called in messages.
    String name();

    /// Opens a file that is there.
    DiskFile open(String name) throws IOException;

    /// Makes an empty file, in place of another one perhaps.
    DiskFile create(String name) throws IOException;

    /// Names of the files, without the lock's.
    List<String> list() throws IOException;

    void delete(String name) throws IOException;

    /// Moves a file, in place of another one perhaps, atomically.
    void rename(String from, String to) throws IOException;

    /// Makes names durable.
    void force() throws IOException;

    /// Brings what is durable to wherever else it is to be before somebody who waits for that is
    /// told. No other thread settles meanwhile.
    ///
    /// @throws podium.syscall.ErrnoException it is not there now; whoever asks again may have luck
    /// @throws IOException it never will be
    default void settle() throws IOException {}

    /// Bytes that can still be written, roughly.
    long usable() throws IOException;

    /// Lets others have it.
    @Override
    void close();
}
