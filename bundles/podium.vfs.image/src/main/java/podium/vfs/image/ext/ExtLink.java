package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import podium.syscall.LinuxString;
import podium.vfs.Node;

/// A symbolic link. A short target lies in the inode.
final class ExtLink extends ExtNode implements Node.Link {

    private static final int LONGEST = 4095;

    private final String target;

    ExtLink(ExtFileSystem fs, Inode inode) throws IOException {
        super(fs, inode);
        if (inode.size() < 1 || inode.size() > LONGEST)
            throw inode.damaged("is a link whose length makes no sense");
        var bytes = ByteBuffer.allocate((int) inode.size());
        read(bytes);
        for (byte b : bytes.array())
            if (b == 0) throw inode.damaged("is a link that leads nowhere");
        target = LinuxString.decode(bytes.array());
    }

    private void read(ByteBuffer into) throws IOException {
        var map = inode.map();
        if (inode.isInline()) InlineData.of(inode).read(into, 0, inode.size());
        else if (!inode.hasExtents() && into.capacity() < map.limit() && inode.holdsNothing())
            into.put(map.limit(into.capacity()));
        else new Data(fs.bytes(), inode).read(into, 0);
    }

    @Override
    public String target() {
        return target;
    }
}
