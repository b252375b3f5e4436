package podium.vfs.image;

import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A symbolic link.
final class ImageLink extends ImageNode implements Node.Link {

    private final String target;

    ImageLink(long inode, String target, long modified) {
        super(inode, modified);
        this.target = target;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    int mode() {
        return Mode.LINK | 0777;
    }

    @Override
    int type() {
        return Mode.LINK;
    }

    @Override
    long size() {
        return LinuxString.encode(target).length;
    }
}
