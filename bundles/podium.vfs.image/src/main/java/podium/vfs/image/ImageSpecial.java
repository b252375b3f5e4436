package podium.vfs.image;

import podium.vfs.Node;

/// A FIFO, socket or device.
final class ImageSpecial extends ImageNode implements Node.Special {

    private final long device;
    private final Facts facts;

    /// @param type of [podium.vfs.Mode]
    /// @param device as [podium.vfs.Attributes#device()]
    ImageSpecial(long inode, int type, long device, Facts facts) {
        super(inode, type);
        this.device = device;
        this.facts = facts;
    }

    @Override
    Facts facts() {
        return facts;
    }

    @Override
    int permissions() {
        return facts.mode() < 0 ? 0644 : facts.mode();
    }

    @Override
    long size() {
        return 0;
    }

    @Override
    long device() {
        return device;
    }
}
