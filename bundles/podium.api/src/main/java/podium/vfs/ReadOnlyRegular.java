package podium.vfs;

import java.nio.ByteBuffer;
import podium.syscall.Errno;

/// A regular file that guests cannot change: every attempt is `EROFS`. A backend implements
/// [#attributes] and [#read].
public interface ReadOnlyRegular extends Node.Regular {

    @Override
    default void change(AttributeChange change) {
        throw Errno.EROFS.exception();
    }

    @Override
    default int write(ByteBuffer from, long position) {
        throw Errno.EROFS.exception();
    }

    @Override
    default long append(ByteBuffer from) {
        throw Errno.EROFS.exception();
    }

    @Override
    default void truncate(long size) {
        throw Errno.EROFS.exception();
    }

    @Override
    default void allocate(int mode, long offset, long length) {
        throw Errno.EROFS.exception();
    }

    /// Nothing was written.
    @Override
    default void sync(boolean dataOnly) {}
}
