package podium.vfs.host;

import java.nio.ByteBuffer;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.backend.Frozen;

/// What a file's content was, in a snapshot's directory. It is opened for each use: there may be
/// more of them than descriptors.
record KeptContent(SnapshotDirectory directory, String snapshot, Kept kept)
        implements Frozen.Content {

    @Override
    public int read(ByteBuffer into, long position) {
        int start = into.position();
        if (kept.content() == 0) return 0;
        try (var file = directory.content(snapshot, kept.content())) {
            while (into.hasRemaining()) {
                int count = Linux.pread(file.number(), into, position + into.position() - start);
                if (count == 0) break;
            }
        }
        return into.position() - start;
    }

    @Override
    public long seek(long position, boolean data) {
        try (var file = directory.content(snapshot, kept.content())) {
            return Linux.seek(file.number(), position, data);
        } catch (ErrnoException e) {
            // No data behind there.
            if (e.errno() == Errno.ENXIO) return -1;
            throw e;
        }
    }
}
