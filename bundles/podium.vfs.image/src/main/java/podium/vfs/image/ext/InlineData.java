package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What lies in an inode instead of in blocks: its first part where blocks would be told, the rest
/// as the extended attribute `system.data`.
record InlineData(ByteBuffer first, ByteBuffer rest) {

    private static final int MAGIC = 0xea02_0000;
    private static final int HEADER = 4;
    private static final int ENTRY = 16;
    private static final int SYSTEM = 7;

    static InlineData of(Inode inode) throws IOException {
        return new InlineData(inode.map(), rest(inode));
    }

    private static ByteBuffer rest(Inode inode) throws IOException {
        var room = inode.room();
        if (room.limit() < HEADER + 4 || room.getInt(0) != MAGIC) return ByteBuffer.allocate(0);
        for (int at = HEADER; at + ENTRY <= room.limit() && room.getInt(at) != 0; ) {
            int name = room.get(at) & 0xff;
            if (at + ENTRY + name > room.limit()) break;
            if (isData(room, at, name)) return value(inode, room, at);
            at += ENTRY + (name + 3 & -4);
        }
        return ByteBuffer.allocate(0);
    }

    private static boolean isData(ByteBuffer room, int at, int name) {
        if (room.get(at + 1) != SYSTEM || name != 4) return false;
        return room.getInt(at + ENTRY) == ('d' | 'a' << 8 | 't' << 16 | 'a' << 24);
    }

    private static ByteBuffer value(Inode inode, ByteBuffer room, int at) throws IOException {
        long offset = HEADER + (room.getShort(at + 2) & 0xffffL);
        long size = Integer.toUnsignedLong(room.getInt(at + 8));
        if (room.getInt(at + 4) != 0 || offset + size > room.limit())
            throw inode.damaged("has content in it that makes no sense");
        return room.slice((int) offset, (int) size).order(room.order());
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
