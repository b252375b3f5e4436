package podium.vfs.impl;

import java.util.ArrayList;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.MountActivity;

/// Counts what a mount does. Reading and writing pay two additions, in cells that threads do not
/// share, and no look at the clock; only syncs, which wait for a disk, are timed. Thread-safe.
final class Activity {

    /// The last one begins at some 17 minutes.
    private static final int BUCKETS = 31;

    final LongAdder lookups = new LongAdder();
    final LongAdder cached = new LongAdder();
    final LongAdder creates = new LongAdder();
    final LongAdder removals = new LongAdder();
    final LongAdder renames = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final AtomicLongArray syncs = new AtomicLongArray(BUCKETS);
    private final AtomicLongArray errors = new AtomicLongArray(Errno.values().length);

    void read(int bytes) {
        reads.increment();
        bytesRead.add(bytes);
    }

    void written(int bytes) {
        writes.increment();
        bytesWritten.add(bytes);
    }

    /// Does a sync.
    void sync(Runnable work) {
        long start = System.nanoTime();
        work.run();
        long micros = (System.nanoTime() - start) / 1000;
        int bucket = 63 - Long.numberOfLeadingZeros(micros | 1);
        syncs.getAndIncrement(Math.min(bucket, BUCKETS - 1));
    }

    /// Counts an error of the file system's.
    ///
    /// @return it
    RuntimeException failed(RuntimeException e) {
        if (e instanceof ErrnoException known) errors.getAndIncrement(known.errno().ordinal());
        return e;
    }

    MountActivity now() {
        var times = new ArrayList<Long>();
        for (int i = 0; i < BUCKETS; i++) times.add(syncs.get(i));
        var failures = new TreeMap<Errno, Long>();
        for (var errno : Errno.values()) {
            long count = errors.get(errno.ordinal());
            if (count > 0) failures.put(errno, count);
        }
        return new MountActivity(
                reads.sum(),
                bytesRead.sum(),
                writes.sum(),
                bytesWritten.sum(),
                lookups.sum(),
                cached.sum(),
                creates.sum(),
                removals.sum(),
                renames.sum(),
                times,
                failures);
    }
}
