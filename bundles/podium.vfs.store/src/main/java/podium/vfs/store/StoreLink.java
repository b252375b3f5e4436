package podium.vfs.store;

import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A symbolic link.
final class StoreLink extends StoreNode implements Node.Link {

    private final String target;

    StoreLink(Store store, long inode, long born, String target) {
        super(store, inode, Mode.LINK, born);
        this.target = target;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    String text() {
        return target;
    }

    @Override
    long size() {
        return LinuxString.encode(target).length;
    }
}
