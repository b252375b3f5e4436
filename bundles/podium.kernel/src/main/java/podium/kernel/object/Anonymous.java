package podium.kernel.object;

import java.util.concurrent.atomic.AtomicLong;
import podium.vfs.Attributes;

/// Inode numbers and times of files that are in no tree.
final class Anonymous {

    private static final AtomicLong INODES = new AtomicLong(1);

    private Anonymous() {}

    /// Attributes of a new file.
    static Attributes attributes(int mode) {
        long now = System.currentTimeMillis() * 1_000_000;
        return Attributes.of(INODES.getAndIncrement(), mode, 0, 0, now);
    }
}
