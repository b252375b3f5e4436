package podium.vfs.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.Mode;
import podium.vfs.ReadOnlyRegular;

/// A regular file. Without permissions from the source it is executable if it begins as a
/// WebAssembly module or with `#!`.
final class ImageRegular extends ImageNode implements ReadOnlyRegular {

    private static final int UNKNOWN = -1;
    private static final byte[] WASM = {0, 'a', 's', 'm'};

    private final Content content;
    private final Facts facts;
    private volatile int permissions;

    /// @param facts with the mode -1 when that is to be found out
    ImageRegular(long inode, Content content, Facts facts) {
        super(inode, Mode.REGULAR);
        this.content = content;
        this.facts = facts;
        permissions = facts.mode();
    }

    @Override
    Facts facts() {
        return facts;
    }

    @Override
    int permissions() {
        if (permissions == UNKNOWN) permissions = isProgram() ? 0755 : 0644;
        return permissions;
    }

    private boolean isProgram() {
        var first = content.beginning(WASM.length);
        if (first.length >= 2 && first[0] == '#' && first[1] == '!') return true;
        return Arrays.equals(first, WASM);
    }

    @Override
    long size() {
        return content.size();
    }

    @Override
    long held() {
        return content.held();
    }

    Content content() {
        return content;
    }

    @Override
    public int read(ByteBuffer into, long position) {
        return content.read(into, position);
    }

    @Override
    public long seek(long position, boolean data) {
        if (position >= size()) throw Errno.ENXIO.exception();
        return content.seek(position, data);
    }

    @Override
    public @Nullable String sha256() {
        return content.sha256();
    }
}
