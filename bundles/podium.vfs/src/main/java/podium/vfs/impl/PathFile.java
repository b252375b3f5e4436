package podium.vfs.impl;

import java.nio.ByteBuffer;
import podium.syscall.Errno;

/// A place that was opened with O_PATH: no more than a place.
final class PathFile extends PlacedFile {

    PathFile(Entry entry, int flags) {
        super(entry, flags);
    }

    @Override
    public int read(ByteBuffer into) {
        return Errno.EBADF.negated();
    }

    @Override
    public int write(ByteBuffer from) {
        return Errno.EBADF.negated();
    }

    @Override
    public int read(ByteBuffer into, long position) {
        return Errno.EBADF.negated();
    }

    @Override
    public int write(ByteBuffer from, long position) {
        return Errno.EBADF.negated();
    }

    @Override
    public long seek(long offset, int whence) {
        return Errno.EBADF.negated();
    }

    @Override
    public void truncate(long size) {
        throw Errno.EBADF.exception();
    }

    @Override
    public void allocate(int mode, long offset, long length) {
        throw Errno.EBADF.exception();
    }

    @Override
    public void sync(boolean dataOnly) {
        throw Errno.EBADF.exception();
    }

    @Override
    public int readDirectory(ByteBuffer into) {
        return Errno.EBADF.negated();
    }
}
