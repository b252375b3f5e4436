package podium.vfs.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A file's content, wherever it is. Thread-safe. Every method may throw
/// [podium.syscall.ErrnoException] `EIO`: the source is broken or gone.
public interface Content {

    long size();

    /// As [podium.vfs.Node.Regular#read(ByteBuffer, long)].
    int read(ByteBuffer into, long position);

    /// As [podium.vfs.Node.Regular#seek(long, boolean)], for a position before the end.
    default long seek(long position, boolean data) {
        return data ? position : size();
    }

    /// How much of it is no hole, in bytes.
    default long held() {
        return size();
    }

    /// Its first bytes, for which no more of it should be read.
    ///
    /// @return as many as asked for, unless it is shorter
    default byte[] beginning(int count) {
        var buffer = ByteBuffer.allocate(count);
        read(buffer, 0);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /// As [podium.vfs.Node.Regular#sha256()].
    default @Nullable String sha256() {
        return null;
    }
}
