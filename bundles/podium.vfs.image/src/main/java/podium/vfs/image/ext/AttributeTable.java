package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.vfs.image.bytes.Bytes;

/// Extended attributes as they lie in an inode behind its fields, or in a block of their own, which
/// several inodes may share: entries from the beginning on, zeros, values up to the end.
///
/// @param values from where on values are, as no entry reaches there
/// @param base from where their places are counted
record AttributeTable(Inode of, ByteBuffer bytes, List<Entry> entries, int values, int base) {

    private static final int MAGIC = 0xea02_0000;

    /// The magic number in an inode; and the same, with more, in a block.
    private static final int SHORT_HEADER = 4;

    private static final int LONG_HEADER = 32;
    private static final int CHECKSUM = 16;
    private static final int ENTRY = 16;
    private static final int END = 4;
    private static final int LONGEST = 65_536;

    /// One of them.
    ///
    /// @param space the number of its namespace
    /// @param offset where its value is, from the table's base on
    /// @param inode the one whose content is its value; 0 when it is in the table
    record Entry(int space, byte[] name, int offset, int inode, int size) {}

    /// In an inode.
    ///
    /// @return null when it has none
    /// @throws Damage it makes no sense
    static @Nullable AttributeTable inside(Inode inode) throws Damage {
        var room = inode.room();
        if (room.limit() < SHORT_HEADER + END || room.getInt(0) != MAGIC) return null;
        return of(inode, room, SHORT_HEADER, SHORT_HEADER);
    }

    /// In a block.
    ///
    /// @return null when it has none
    /// @throws IOException it makes no sense, or cannot be read
    static @Nullable AttributeTable outside(Inode inode, Bytes bytes) throws IOException {
        long place = inode.attributeBlock();
        if (place == 0) return null;
        var fs = inode.fs();
        if (!fs.holds(place, 1)) throw damaged(inode);
        var block = bytes.read(place * fs.blockSize(), fs.blockSize());
        if (block.getInt(0) != MAGIC || block.getInt(8) != 1) throw damaged(inode);
        var sums = fs.checksums();
        if (sums != null) {
            var sum = sums.begin().add((int) place).add((int) (place >>> 32));
            sum.add(block, 0, CHECKSUM).addZeros(4).add(block, CHECKSUM + 4, block.limit());
            if (sum.value() != block.getInt(CHECKSUM)) throw damaged(inode);
        }
        return of(inode, block, LONG_HEADER, 0);
    }

    private static AttributeTable of(Inode inode, ByteBuffer bytes, int first, int base)
            throws Damage {
        var entries = new ArrayList<Entry>();
        int at = first;
        for (; ; ) {
            int left = bytes.limit() - at;
            if (left < END) throw damaged(inode);
            if (bytes.getInt(at) == 0) break;
            int length = bytes.get(at) & 0xff;
            if (left < ENTRY + length) throw damaged(inode);
            var name = new byte[length];
            bytes.get(at + ENTRY, name);
            int size = bytes.getInt(at + 8);
            if (size < 0 || size > LONGEST) throw damaged(inode);
            int offset = bytes.getShort(at + 2) & 0xffff;
            entries.add(
                    new Entry(bytes.get(at + 1) & 0xff, name, offset, bytes.getInt(at + 4), size));
            at += ENTRY + (length + 3 & -4);
        }
        return new AttributeTable(inode, bytes, entries, at + END, base);
    }

    private static Damage damaged(Inode inode) {
        return inode.damaged("has extended attributes that make no sense");
    }

    /// The value that an entry has in the table.
    ///
    /// @throws Damage it is not there
    byte[] value(Entry entry) throws Damage {
        var value = new byte[entry.size];
        if (value.length == 0) return value;
        int start = base + entry.offset;
        if (entry.inode != 0 || start < values || start > bytes.limit() - entry.size)
            throw damaged(of);
        bytes.get(start, value);
        return value;
    }
}
