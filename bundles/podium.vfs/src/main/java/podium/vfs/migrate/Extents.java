package podium.vfs.migrate;

import java.nio.ByteBuffer;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Node;

/// Copies and compares contents of files, without reading what is a hole.
final class Extents {

    /// FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE (linux/falloc.h).
    private static final int PUNCH = 3;

    private static final int PORTION = 1 << 18;

    private final ByteBuffer first = ByteBuffer.allocate(PORTION);
    private final ByteBuffer second = ByteBuffer.allocate(PORTION);
    private final Listener listener;

    Extents(Listener listener) {
        this.listener = listener;
    }

    /// Makes a part of a file as that of another one is, and its size.
    void copy(Node.Regular from, Node.Regular to, long start, long end) {
        long size = from.attributes().size();
        long last = Math.min(size, end);
        for (long at = start; at < last; ) {
            long data = Math.min(last, data(from, at));
            clear(to, at, data);
            long hole = data < last ? Math.min(last, hole(from, data)) : last;
            at = copyData(from, to, data, hole);
            if (at < hole) break; // Cut off meanwhile, which is noted.
        }
        if (to.attributes().size() != size) to.truncate(size);
    }

    private long copyData(Node.Regular from, Node.Regular to, long start, long end) {
        long at = start;
        while (at < end) {
            first.clear().limit((int) Math.min(PORTION, end - at));
            if (from.read(first, at) == 0) return at;
            first.flip();
            listener.copied(first.remaining());
            while (first.hasRemaining()) at += to.write(first, at);
        }
        return at;
    }

    /// Where the next data is, or the end.
    private static long data(Node.Regular file, long at) {
        try {
            return file.seek(at, true);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENXIO) return Long.MAX_VALUE;
            throw e;
        }
    }

    private static long hole(Node.Regular file, long at) {
        try {
            return file.seek(at, false);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENXIO) return Long.MAX_VALUE;
            throw e;
        }
    }

    /// Makes a part of a file read as zeros.
    private void clear(Node.Regular file, long from, long to) {
        long end = Math.min(to, file.attributes().size());
        if (end <= from || data(file, from) >= end) return;
        try {
            file.allocate(PUNCH, from, end - from);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EOPNOTSUPP) throw e;
            zero(file, from, end);
        }
    }

    private void zero(Node.Regular file, long from, long to) {
        for (long at = from; at < to; ) {
            var zeros = ByteBuffer.allocate((int) Math.min(PORTION, to - at));
            while (zeros.hasRemaining()) at += file.write(zeros, at);
        }
    }

    /// Compares parts of two files.
    ///
    /// @param different gets what is not the same
    void compare(Node.Regular one, Node.Regular other, Ranges parts, Ranges different) {
        long size = one.attributes().size();
        long otherSize = other.attributes().size();
        if (size != otherSize) different.add(Math.min(size, otherSize), Long.MAX_VALUE);
        parts.forEach((from, to) -> compare(one, other, from, Math.min(size, to), different));
    }

    private void compare(
            Node.Regular one, Node.Regular other, long from, long to, Ranges different) {
        for (long at = from; at < to; at += PORTION) {
            at = Math.min(data(one, at), data(other, at));
            if (at >= to) break;
            int length = (int) Math.min(PORTION, to - at);
            read(one, first, at, length);
            read(other, second, at, length);
            listener.compared(first.remaining());
            if (!first.equals(second)) different.add(at, at + length);
        }
    }

    private static void read(Node.Regular file, ByteBuffer into, long position, int length) {
        into.clear().limit(length);
        while (into.hasRemaining()) if (file.read(into, position + into.position()) == 0) break;
        into.flip();
    }
}
