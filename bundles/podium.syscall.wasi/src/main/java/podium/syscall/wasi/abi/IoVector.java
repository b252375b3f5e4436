package podium.syscall.wasi.abi;

import java.nio.ByteBuffer;
import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;

/// The buffers of a transfer (`iovec_array`). One buffer is read and written in place; several
/// small
/// ones go through one, so that the transfer is as atomic as a single one is.
public final class IoVector {

    /// IOV_MAX.
    private static final int MOST = 1024;

    private static final int SIZE = 8;
    private static final int SMALL = 1 << 18;

    private IoVector() {}

    /// One direction of a transfer.
    private interface Direction {

        /// @return as [OpenFile#read(ByteBuffer)]
        int transfer(OpenFile file, ByteBuffer part, long position);
    }

    /// @param position -1 for the file's offset
    /// @return a count or a negated errno
    public static int read(
            OpenFile file, GuestMemory memory, int vector, int count, long position) {
        if (count == 1) return read(file, single(memory, vector), position);
        int total = total(memory, vector, count);
        if (total > SMALL)
            return partByPart(file, memory, vector, count, total, position, IoVector::read);
        var whole = ByteBuffer.allocate(total);
        int done = read(file, whole, position);
        if (done > 0) scatter(whole.flip(), memory, vector, count, 0);
        return done;
    }

    /// @param position -1 for the file's offset
    /// @return a count or a negated errno
    public static int write(
            OpenFile file, GuestMemory memory, int vector, int count, long position) {
        if (count == 1) return write(file, single(memory, vector), position);
        int total = total(memory, vector, count);
        if (total > SMALL)
            return partByPart(file, memory, vector, count, total, position, IoVector::write);
        return write(file, gather(memory, vector, count, total), position);
    }

    private static int read(OpenFile file, ByteBuffer into, long position) {
        return position < 0 ? file.read(into) : file.read(into, position);
    }

    private static int write(OpenFile file, ByteBuffer from, long position) {
        return position < 0 ? file.write(from) : file.write(from, position);
    }

    private static ByteBuffer single(GuestMemory memory, int at) {
        int length = memory.getInt(at + 4);
        if (length < 0) throw Errno.EINVAL.exception();
        return memory.buffer(memory.getInt(at), length);
    }

    /// The bytes of all buffers together.
    ///
    /// @throws podium.syscall.ErrnoException `EINVAL` for too many of either, `EFAULT`
    public static int total(GuestMemory memory, int vector, int count) {
        if (Integer.compareUnsigned(count, MOST) > 0) throw Errno.EINVAL.exception();
        memory.slice(vector, count * SIZE);
        long total = 0;
        for (int at = vector, i = 0; i < count; at += SIZE, i++) {
            int length = memory.getInt(at + 4);
            memory.slice(memory.getInt(at), length);
            total += Integer.toUnsignedLong(length);
        }
        if (total > Integer.MAX_VALUE) throw Errno.EINVAL.exception();
        return (int) total;
    }

    /// A copy of the buffers.
    ///
    /// @param total the most bytes
    public static ByteBuffer gather(GuestMemory memory, int vector, int count, int total) {
        var whole = ByteBuffer.allocate(total);
        for (int at = vector, i = 0; i < count; at += SIZE, i++) {
            // A length may be another by now: other threads of the guest share the memory.
            int length = Math.min(memory.getInt(at + 4), whole.remaining());
            whole.put(memory.buffer(memory.getInt(at), Math.max(length, 0)));
        }
        return whole.flip();
    }

    /// Copies bytes into the buffers, from some place in all of them on.
    public static void scatter(
            ByteBuffer whole, GuestMemory memory, int vector, int count, int from) {
        int skipped = 0;
        for (int at = vector, i = 0; i < count && whole.hasRemaining(); at += SIZE, i++) {
            int length = Math.max(memory.getInt(at + 4), 0);
            int skip = Math.min(length, from - skipped);
            skipped += skip;
            int step = Math.min(length - skip, whole.remaining());
            memory.buffer(memory.getInt(at) + skip, step).put(0, whole, whole.position(), step);
            whole.position(whole.position() + step);
        }
    }

    private static int partByPart(
            OpenFile file,
            GuestMemory memory,
            int vector,
            int count,
            int total,
            long position,
            Direction direction) {
        int done = 0;
        // The total is what the lengths once were: another thread may have changed them since.
        for (int at = vector, i = 0; i < count && done < total; at += SIZE, i++) {
            var part = single(memory, at);
            part.limit(Math.min(part.limit(), total - done));
            int length = part.remaining();
            if (length == 0) continue;
            int step = direction.transfer(file, part, position < 0 ? -1 : position + done);
            if (step < 0) return done > 0 ? done : step;
            done += step;
            if (step < length) break;
        }
        return done;
    }
}
