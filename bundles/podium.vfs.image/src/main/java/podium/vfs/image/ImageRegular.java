package podium.vfs.image;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.vfs.Mode;
import podium.vfs.ReadOnlyRegular;

/// A regular file. Without permissions from the source it is executable if it begins as a
/// WebAssembly module or with `#!`.
final class ImageRegular extends ImageNode implements ReadOnlyRegular {

    private static final int UNKNOWN = -1;

    private final Content content;
    private volatile int permissions;

    /// @param permissions -1 to find out
    ImageRegular(long inode, Content content, int permissions, long modified) {
        super(inode, modified);
        this.content = content;
        this.permissions = permissions;
    }

    @Override
    int mode() {
        if (permissions == UNKNOWN) permissions = content.isProgram() ? 0755 : 0644;
        return Mode.REGULAR | permissions;
    }

    @Override
    int type() {
        return Mode.REGULAR;
    }

    @Override
    long size() {
        return content.size();
    }

    @Override
    public int read(ByteBuffer into, long position) {
        var bytes = content.bytes();
        if (position >= bytes.length) return 0;
        int count = Math.min(into.remaining(), bytes.length - (int) position);
        into.put(bytes, (int) position, count);
        return count;
    }

    @Override
    public @Nullable String sha256() {
        return content.sha256();
    }
}
