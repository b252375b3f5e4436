package podium.syscall.fs;

import java.nio.ByteBuffer;
import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;

/// The buffers of a scatter-gather transfer (readv(2)).
///
/// A small transfer goes through one buffer, so that it is as atomic as read(2) and write(2) are; a
/// larger one goes part by part.
final class Vector {

    private static final int IOV_MAX = 1024;
    private static final int SMALL = 1 << 18;

    private final ByteBuffer[] parts;
    private final int total;

    private Vector(ByteBuffer[] parts, int total) {
        this.parts = parts;
        this.total = total;
    }

    /// Reads `struct iovec`s.
    ///
    /// @throws podium.syscall.ErrnoException `EINVAL`, `EFAULT`
    static Vector of(GuestMemory memory, int address, int count) {
        if (count < 0 || count > IOV_MAX) throw Errno.EINVAL.exception();
        memory.slice(address, count * 8);
        var parts = new ByteBuffer[count];
        int total = 0;
        for (int i = 0; i < count; i++) {
            int length = memory.getInt(address + 8 * i + 4);
            if (length < 0) throw Errno.EINVAL.exception();
            length = Math.min(length, TransferSyscalls.MOST - total);
            parts[i] = length == 0 ? ByteBuffer.allocate(0) : part(memory, address + 8 * i, length);
            total += length;
        }
        return new Vector(parts, total);
    }

    private static ByteBuffer part(GuestMemory memory, int at, int length) {
        return memory.buffer(memory.getInt(at), length);
    }

    /// What is left after some bytes.
    Vector skip(int bytes) {
        if (bytes == 0) return this;
        int skipped = 0;
        for (var part : parts) {
            int step = Math.min(part.remaining(), bytes - skipped);
            part.position(part.position() + step);
            skipped += step;
        }
        return new Vector(parts, total - skipped);
    }

    /// Bytes in all buffers.
    int size() {
        return total;
    }

    /// @param position -1 for the offset
    /// @return as [OpenFile#read]
    int read(OpenFile file, long position) {
        if (parts.length == 1) return read(file, parts[0], position);
        if (total > SMALL) return partByPart(file, position, Vector::read);
        var whole = ByteBuffer.allocate(total);
        int count = read(file, whole, position);
        if (count <= 0) return count;
        whole.flip();
        for (var part : parts) {
            int step = Math.min(part.remaining(), whole.remaining());
            part.put(part.position(), whole, whole.position(), step);
            whole.position(whole.position() + step);
        }
        return count;
    }

    /// @param position -1 for the offset
    /// @return as [OpenFile#write]
    int write(OpenFile file, long position) {
        if (parts.length == 1) return write(file, parts[0], position);
        if (total > SMALL) return partByPart(file, position, Vector::write);
        var whole = ByteBuffer.allocate(total);
        for (var part : parts) whole.put(part);
        return write(file, whole.flip(), position);
    }

    private int partByPart(OpenFile file, long position, Transfer transfer) {
        int done = 0;
        for (var part : parts) {
            int length = part.remaining();
            if (length == 0) continue;
            int count = transfer.of(file, part, position < 0 ? -1 : position + done);
            if (count < 0) return done > 0 ? done : count;
            done += count;
            if (count < length) break;
        }
        return done;
    }

    private interface Transfer {

        int of(OpenFile file, ByteBuffer part, long position);
    }

    private static int read(OpenFile file, ByteBuffer into, long position) {
        return position < 0 ? file.read(into) : file.read(into, position);
    }

    private static int write(OpenFile file, ByteBuffer from, long position) {
        return position < 0 ? file.write(from) : file.write(from, position);
    }
}
