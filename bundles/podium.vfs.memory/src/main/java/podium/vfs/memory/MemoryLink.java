package podium.vfs.memory;

import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.backend.Frozen;

/// A symbolic link.
final class MemoryLink extends MemoryNode implements Node.Link {

    private final String target;

    MemoryLink(MemoryFileSystem fs, String target, int uid, int gid, boolean counted) {
        super(fs, Mode.LINK, 0777, uid, gid, counted);
        this.target = target;
    }

    MemoryLink(MemoryFileSystem fs, Frozen was, boolean counted) {
        super(fs, was, counted);
        target = was.target();
    }

    @Override
    Frozen frozenNow() {
        return Frozen.other(attributes(), target);
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    long size() {
        return LinuxString.encode(target).length;
    }
}
