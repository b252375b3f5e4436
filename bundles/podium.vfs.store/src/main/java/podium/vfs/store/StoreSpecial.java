package podium.vfs.store;

import podium.vfs.Node;

/// A FIFO, socket or device.
final class StoreSpecial extends StoreNode implements Node.Special {

    private final long device;

    StoreSpecial(Store store, long inode, long born, int type, long device) {
        super(store, inode, type, born);
        this.device = device;
    }

    @Override
    long device() {
        return device;
    }

    @Override
    long special() {
        return device;
    }
}
