package podium.vfs.image.ext;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import podium.vfs.image.bytes.Bytes;

/// An inode's content in blocks. Thread-safe.
final class Data {

    private static final byte[] ZEROS = new byte[1 << 13];

    /// Runs that a search for a hole or for data looks at. What is in more pieces may be said to
    /// have no holes (lseek(2)).
    private static final int MOST_RUNS = 10_000;

    private final Bytes bytes;
    private final Inode inode;
    private final BlockMap map;
    private final int blockSize;

    /// The latest one: most files are read from their beginning to their end.
    private volatile Place latest = new Place(0, new BlockMap.Run(0, 0));

    /// @param from the first block of the run, of the inode
    private record Place(long from, BlockMap.Run run) {

        boolean has(long block) {
            return block >= from && block < from + run.count();
        }
    }

    Data(Bytes bytes, Inode inode) {
        this.bytes = bytes;
        this.inode = inode;
        blockSize = inode.fs().blockSize();
        map = inode.hasExtents() ? new Extents(bytes, inode) : new IndirectBlocks(bytes, inode);
    }

    private Place place(long block) throws IOException {
        var known = latest;
        if (known.has(block)) return known;
        var found = new Place(block, map.find(block));
        latest = found;
        return found;
    }

    /// Reads at a position before the end.
    int read(ByteBuffer into, long position) throws IOException {
        int wanted = (int) Math.min(into.remaining(), inode.size() - position);
        for (int done = 0; done < wanted; ) {
            long now = position + done;
            var place = place(now / blockSize);
            long skipped = now - place.from * blockSize;
            int count = (int) Math.min(wanted - done, place.run.count() * blockSize - skipped);
            if (place.run.block() == 0) zeros(into, count);
            else read(into, place.run.block() * blockSize + skipped, count);
            done += count;
        }
        return wanted;
    }

    private static void zeros(ByteBuffer into, int count) {
        for (int left = count; left > 0; left -= ZEROS.length)
            into.put(ZEROS, 0, Math.min(left, ZEROS.length));
    }

    private void read(ByteBuffer into, long position, int count) throws IOException {
        int limit = into.limit();
        into.limit(into.position() + count);
        try {
            if (bytes.read(into, position) < count) throw new EOFException("it has become shorter");
        } finally {
            into.limit(limit);
        }
    }

    /// A block of a directory, which has no holes.
    ByteBuffer block(long block) throws IOException {
        var place = place(block);
        if (place.run.block() == 0) throw inode.damaged("is a directory with a hole");
        long on = place.run.block() + block - place.from;
        return bytes.read(on * blockSize, blockSize);
    }

    /// The next data, or hole, from a position before the end on.
    ///
    /// @return the size when there is none
    long seek(long position, boolean data) throws IOException {
        long size = inode.size();
        long now = position;
        for (int runs = 0; now < size; runs++) {
            var place = place(now / blockSize);
            if (place.run.block() != 0 == data) return now;
            if (runs == MOST_RUNS) return data ? now : size;
            now = (place.from + place.run.count()) * blockSize;
        }
        return size;
    }
}
