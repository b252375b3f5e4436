package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import podium.vfs.image.bytes.Bytes;

/// A tree of extents, whose root is in the inode.
record Extents(Bytes bytes, Inode inode) implements BlockMap {

    private static final int MAGIC = 0xf30a;
    private static final int HEADER = 12;
    private static final int ENTRY = 12;
    private static final int MOST_DEPTH = 5;

    /// Longer ones are reserved, and not written yet.
    private static final int WRITTEN = 32_768;

    @Override
    public Run find(long block) throws IOException {
        var node = inode.map();
        check(node, -1, 0, LIMIT);
        // What this node is about.
        long first = 0;
        long end = LIMIT;
        for (int depth = depth(node); depth > 0; depth--) {
            int at = last(node, block);
            if (at < 0) return new Run(0, first(node, 0, end) - block);
            end = first(node, at + 1, end);
            first = first(node, at, end);
            var child = child(node, at);
            check(child, depth - 1, first, end);
            node = child;
        }
        return leaf(node, block, end);
    }

    private static int depth(ByteBuffer node) {
        return node.getShort(6) & 0xffff;
    }

    private static int count(ByteBuffer node) {
        return node.getShort(2) & 0xffff;
    }

    /// The first block that an entry is about.
    ///
    /// @param otherwise when there is no such entry
    private static long first(ByteBuffer node, int entry, long otherwise) {
        if (entry >= count(node)) return otherwise;
        return Integer.toUnsignedLong(node.getInt(HEADER + entry * ENTRY));
    }

    /// The last entry that begins at or before a block, or -1.
    private static int last(ByteBuffer node, long block) {
        int low = 0;
        int high = count(node);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (first(node, middle, LIMIT) <= block) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }

    private Run leaf(ByteBuffer node, long block, long end) throws IOException {
        int at = last(node, block);
        long next = first(node, at + 1, end);
        if (at < 0) return new Run(0, next - block);
        int entry = HEADER + at * ENTRY;
        int told = node.getShort(entry + 4) & 0xffff;
        boolean written = told <= WRITTEN;
        int count = written ? told : told - WRITTEN;
        long skipped = block - first(node, at, end);
        if (skipped >= count) return new Run(0, next - block);
        if (!written) return new Run(0, count - skipped);
        return new Run(start(node, entry) + skipped, count - skipped);
    }

    private static long start(ByteBuffer node, int entry) {
        return Integer.toUnsignedLong(node.getInt(entry + 8))
                | (node.getShort(entry + 6) & 0xffffL) << 32;
    }

    private ByteBuffer child(ByteBuffer node, int at) throws IOException {
        int entry = HEADER + at * ENTRY;
        long block =
                Integer.toUnsignedLong(node.getInt(entry + 4))
                        | (node.getShort(entry + 8) & 0xffffL) << 32;
        var fs = inode.fs();
        if (!fs.holds(block, 1)) throw inode.damaged("has extents beyond the end");
        var child = bytes.read(block * fs.blockSize(), fs.blockSize());
        if (fs.checksums() == null) return child;
        int tail = HEADER + (child.getShort(4) & 0xffff) * ENTRY;
        if (tail > child.limit() - 4
                || inode.sum().add(child, 0, tail).value() != child.getInt(tail))
            throw inode.damaged("has a damaged block of extents");
        return child;
    }

    /// A node is what the one above says, and its entries are in order and within it.
    ///
    /// @param depth -1 for the root, which has the depth it tells
    private void check(ByteBuffer node, int depth, long first, long end) throws IOException {
        int count = count(node);
        boolean sound =
                (node.getShort(0) & 0xffff) == MAGIC
                        && count <= (node.limit() - HEADER) / ENTRY
                        && (depth < 0 ? depth(node) <= MOST_DEPTH : depth(node) == depth)
                        && (count > 0 || depth < 0);
        long before = first;
        for (int i = 0; sound && i < count; i++) {
            long at = first(node, i, end);
            sound = at >= before && at < end && (i == 0 || at > first(node, i - 1, end));
            before = at;
            if (sound && depth(node) == 0) {
                before = at + length(node, i);
                sound = before <= end;
            }
        }
        if (!sound) throw inode.damaged("has extents that make no sense");
    }

    /// @throws Damage an extent is nowhere
    private long length(ByteBuffer leaf, int at) throws Damage {
        int entry = HEADER + at * ENTRY;
        int told = leaf.getShort(entry + 4) & 0xffff;
        int count = told <= WRITTEN ? told : told - WRITTEN;
        if (count == 0 || !inode.fs().holds(start(leaf, entry), count))
            throw inode.damaged("has extents beyond the end");
        return count;
    }
}
