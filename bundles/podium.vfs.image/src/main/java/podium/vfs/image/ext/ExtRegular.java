package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.ReadOnlyRegular;

/// A regular file.
final class ExtRegular extends ExtNode implements ReadOnlyRegular {

    private final @Nullable InlineData inline;
    private final Data data;

    ExtRegular(ExtFileSystem fs, Inode inode) throws IOException {
        super(fs, inode);
        inline = inode.isInline() ? InlineData.of(inode) : null;
        data = new Data(fs.bytes(), inode);
    }

    @Override
    public int read(ByteBuffer into, long position) {
        if (position >= inode.size()) return 0;
        if (inline != null) return inline.read(into, position, inode.size());
        try {
            return data.read(into, position);
        } catch (IOException e) {
            throw fs.failed(e);
        }
    }

    @Override
    public long seek(long position, boolean wanted) {
        long size = inode.size();
        if (position >= size) throw Errno.ENXIO.exception();
        if (inline != null) return wanted ? position : size;
        try {
            long found = data.seek(position, wanted);
            if (wanted && found >= size) throw Errno.ENXIO.exception();
            return Math.min(found, size);
        } catch (IOException e) {
            throw fs.failed(e);
        }
    }
}
