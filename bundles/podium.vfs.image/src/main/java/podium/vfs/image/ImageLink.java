package podium.vfs.image;

import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A symbolic link.
final class ImageLink extends ImageNode implements Node.Link {

    private final String target;
    private final Facts facts;

    ImageLink(long inode, String target, Facts facts) {
        super(inode, Mode.LINK);
        this.target = target;
        this.facts = facts;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    Facts facts() {
        return facts;
    }

    @Override
    int permissions() {
        return 0777;
    }

    @Override
    long size() {
        return LinuxString.encode(target).length;
    }
}
