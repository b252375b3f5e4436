package podium.vfs.host;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// Copies the content of files of the host: by reference where their file system can share extents
/// (ioctl_ficlone(2)), else in its kernel (copy_file_range(2)), else as bytes. Holes stay holes.
///
/// Not thread-safe.
final class Contents {

    /// `_IOW(0x94, 9, int)` of linux/fs.h.
    private static final int FICLONE = 0x4004_9409;

    /// Bytes between two looks at whether to go on.
    private static final long PORTION = 16 << 20;

    private static final int BUFFER = 1 << 18;

    private final LongConsumer meter;

    /// Until the host says that it cannot.
    private boolean shares = true;

    private boolean inKernel = true;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer other = ByteBuffer.allocateDirect(BUFFER);

    /// @param meter is told of bytes that were copied or compared, and may end it by what it throws
    Contents(LongConsumer meter) {
        this.meter = meter;
    }

    /// Makes a file's content another one's.
    ///
    /// @param from open for reading, with an offset of its own
    /// @param to open for writing
    /// @param size what the copy is to have
    void copy(int from, int to, long size) {
        if (shares && shared(from, to, size)) {
            // To cut off nothing could all the same end the sharing of the last block.
            if (Linux.stat(to).size() != size) Linux.ftruncate(to, size);
            meter.accept(size);
            return;
        }
        Linux.ftruncate(to, 0);
        for (long at = next(from, 0, true, size); at < size; ) {
            long end = next(from, at, false, size);
            range(from, to, at, end);
            at = next(from, end, true, size);
        }
        Linux.ftruncate(to, size);
    }

    private boolean shared(int from, int to, long size) {
        if (Linux.stat(from).size() == 0) return false;
        try {
            // What is behind the end would have to be whole blocks.
            if (Linux.stat(to).size() > size) Linux.ftruncate(to, size);
            Linux.call(Call.IOCTL, to, FICLONE, from, 0, 0, 0);
            return true;
        } catch (ErrnoException e) {
            if (!isRefusal(e)) throw e;
            // EINVAL may be about this file alone.
            if (e.errno() != Errno.EINVAL) shares = false;
            return false;
        }
    }

    /// Whether it says that there is no such way to copy.
    private static boolean isRefusal(ErrnoException e) {
        return switch (e.errno()) {
            case EOPNOTSUPP, ENOTTY, EXDEV, EINVAL, ENOSYS, EPERM -> true;
            default -> false;
        };
    }

    private void range(int from, int to, long start, long end) {
        for (long at = start; at < end; ) {
            long most = Math.min(end - at, PORTION);
            long count = inKernel ? inKernel(from, to, at, most) : 0;
            if (count == 0) count = bytes(from, to, at, most);
            if (count == 0) return; // it is shorter by now
            at += count;
            meter.accept(count);
        }
    }

    /// @return 0: nothing, or it says that there is no such way
    private long inKernel(int from, int to, long position, long length) {
        var scratch = Scratch.own();
        scratch.setLong(0, position);
        scratch.setLong(8, position);
        long in = scratch.structure.address();
        try {
            return Linux.call(Call.COPY_FILE_RANGE, from, in, to, in + 8, length, 0);
        } catch (ErrnoException e) {
            if (!isRefusal(e)) throw e;
            inKernel = false;
            return 0;
        }
    }

    private long bytes(int from, int to, long position, long length) {
        int count = read(from, buffer, position, length);
        for (buffer.flip(); buffer.hasRemaining(); )
            Linux.pwrite(to, buffer, position + buffer.position());
        return count;
    }

    private static int read(int from, ByteBuffer into, long position, long length) {
        return read(from, into.clear().limit((int) Math.min(length, BUFFER)), position);
    }

    /// Fills a buffer, as far as the file reaches.
    ///
    /// @return how many bytes that were
    static int read(int from, ByteBuffer into, long position) {
        int start = into.position();
        while (into.hasRemaining())
            if (Linux.pread(from, into, position + into.position() - start) == 0) break;
        return into.position() - start;
    }

    /// Whether two files of the same size have the same content, with holes at the same places.
    boolean same(int one, int two, long size) {
        long at = next(one, 0, true, size);
        if (at != next(two, 0, true, size)) return false;
        while (at < size) {
            long end = next(one, at, false, size);
            if (end != next(two, at, false, size) || !sameRange(one, two, at, end)) return false;
            at = next(one, end, true, size);
            if (at != next(two, end, true, size)) return false;
        }
        return true;
    }

    private boolean sameRange(int one, int two, long start, long end) {
        for (long at = start; at < end; at += buffer.limit()) {
            int count = read(one, buffer, at, end - at);
            if (count == 0 || read(two, other, at, end - at) != count) return false;
            if (!buffer.flip().equals(other.flip())) return false;
            meter.accept(0);
        }
        return true;
    }

    /// The next data or hole, not behind an end.
    static long next(int file, long at, boolean data, long end) {
        if (at >= end) return end;
        try {
            return Math.min(end, Linux.seek(file, at, data));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENXIO) return end;
            throw e;
        }
    }

    /// Whether copying costs nothing, as far as is known.
    boolean isFree() {
        return shares;
    }
}
