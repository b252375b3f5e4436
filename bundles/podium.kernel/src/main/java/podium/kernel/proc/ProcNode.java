package podium.kernel.proc;

import org.jspecify.annotations.Nullable;
import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;

/// What the nodes of `proc` have in common: they are made when they are looked up, and equal when
/// their paths are.
abstract class ProcNode {

    private static final long BOOT = Clock.realtime();

    private final String path;
    private final int mode;

    /// @param path from the mount's root
    ProcNode(String path, int mode) {
        this.path = path;
        this.mode = mode;
    }

    final String path() {
        return path;
    }

    /// Sizes are 0, as on Linux: they are known only when it is read.
    public Attributes attributes() {
        return Attributes.of(inode(), mode, 0, 0, BOOT);
    }

    private long inode() {
        // FNV-1a: numbers that are stable without being kept.
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < path.length(); i++) hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
        return hash >>> 16 | 1;
    }

    public void change(AttributeChange change) {
        throw Errno.EROFS.exception();
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ProcNode node && node.path.equals(path);
    }

    @Override
    public final int hashCode() {
        return path.hashCode();
    }
}
