package podium.vfs.image.ext;

import podium.vfs.Node;

/// A FIFO, socket or device.
final class ExtSpecial extends ExtNode implements Node.Special {

    ExtSpecial(ExtFileSystem fs, Inode inode) {
        super(fs, inode);
    }
}
