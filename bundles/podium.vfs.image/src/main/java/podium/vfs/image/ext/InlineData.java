package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What lies in an inode instead of in blocks: its first part where blocks would be told, the rest
/// as the extended attribute `system.data`.
record InlineData(ByteBuffer first, ByteBuffer rest) {

    private static final int SYSTEM = 7;
    private static final byte[] NAME = {'d', 'a', 't', 'a'};

    static InlineData of(Inode inode) throws IOException {
        return new InlineData(inode.map(), rest(inode));
    }

    private static ByteBuffer rest(Inode inode) throws IOException {
        var table = AttributeTable.inside(inode);
        if (table != null)
            for (var entry : table.entries())
                if (entry.space() == SYSTEM && Arrays.equals(entry.name(), NAME))
                    return ByteBuffer.wrap(table.value(entry));
        return ByteBuffer.allocate(0);
    }

    /// Reads at a position; what is missing up to the inode's size is zeros.
    int read(ByteBuffer into, long position, long size) {
        int count = (int) Math.min(into.remaining(), size - position);
        for (long at = position; at < position + count; at++) into.put(at(at));
        return count;
    }

    private byte at(long position) {
        if (position < first.limit()) return first.get((int) position);
        long behind = position - first.limit();
        return behind < rest.limit() ? rest.get((int) behind) : 0;
    }
}
