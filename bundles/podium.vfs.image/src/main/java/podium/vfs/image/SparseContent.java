package podium.vfs.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import podium.vfs.image.bytes.Bytes;

/// A content whose runs of data lie in its source one behind the other, and whose holes do not.
final class SparseContent implements Content {

    private final Bytes bytes;
    private final long start;
    private final long size;

    /// Where the runs are in the file.
    private final long[] at;

    /// How much data comes before each, and at the end how much there is.
    private final long[] before;

    /// @param start where the data is
    SparseContent(Bytes bytes, long start, SparseMap map) {
        this.bytes = bytes;
        this.start = start;
        size = map.size();
        var runs = map.runs();
        at = new long[runs.size()];
        before = new long[runs.size() + 1];
        for (int i = 0; i < at.length; i++) {
            at[i] = runs.get(i).at();
            before[i + 1] = before[i] + runs.get(i).length();
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long held() {
        return before[at.length];
    }

    private long end(int run) {
        return at[run] + before[run + 1] - before[run];
    }

    /// The last run that begins at or before a position, or -1.
    private int run(long position) {
        int found = Arrays.binarySearch(at, position);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public int read(ByteBuffer into, long position) {
        int from = into.position();
        for (long now = position; now < size && into.hasRemaining(); ) {
            int run = run(now);
            boolean data = run >= 0 && now < end(run);
            long next = data ? end(run) : run + 1 < at.length ? at[run + 1] : size;
            int count = (int) Math.min(into.remaining(), next - now);
            if (data) PlainContent.read(bytes, start + before[run] + now - at[run], into, count);
            else zeros(into, count);
            now += count;
        }
        return into.position() - from;
    }

    private static void zeros(ByteBuffer into, int count) {
        for (int left = count; left > 0; left -= ZEROS.length)
            into.put(ZEROS, 0, Math.min(left, ZEROS.length));
    }

    private static final byte[] ZEROS = new byte[1 << 13];

    @Override
    public long seek(long position, boolean data) {
        int run = run(position);
        if (data) {
            if (run >= 0 && position < end(run)) return position;
            if (run + 1 < at.length) return at[run + 1];
            throw podium.syscall.Errno.ENXIO.exception();
        }
        // Runs may follow each other without a hole.
        long now = position;
        while (run >= 0 && run < at.length && at[run] <= now && now < end(run)) now = end(run++);
        return Math.min(now, size);
    }
}
