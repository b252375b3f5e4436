package podium.vfs.host;

import java.nio.ByteBuffer;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.backend.Frozen;

/// What a file's content was, in a snapshot's directory. It is opened for each use: there may be
/// more of them than descriptors.
///
/// @param number as [Kept#content]
record KeptContent(SnapshotDirectory directory, String snapshot, long number)
        implements Frozen.Content {

    @Override
    public int read(ByteBuffer into, long position) {
        if (number == 0) return 0;
        try (var file = directory.content(snapshot, number)) {
            return Contents.read(file.number(), into, position);
        }
    }

    @Override
    public long seek(long position, boolean data) {
        try (var file = directory.content(snapshot, number)) {
            return Linux.seek(file.number(), position, data);
        } catch (ErrnoException e) {
            // No data behind there.
            if (e.errno() == Errno.ENXIO) return -1;
            throw e;
        }
    }
}
