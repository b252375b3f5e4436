package podium.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The content of a linear memory at one moment, without its zero pages. Immutable.
///
/// An engine may attach its own form of the image (a file it maps, say) by keeping a map from
/// images to it: the identity of the object is stable for as long as the snapshot is in use.
///
/// @param pages size in pages of 64 KiB
/// @param index the numbers of the 4 KiB blocks that are not all zero, ascending
/// @param blocks their content, one after the other
public record MemoryImage(int pages, int[] index, byte[] blocks) {

    /// Bytes in a block.
    public static final int BLOCK = 4096;

    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[BLOCK]).asReadOnly();

    /// Blocks that fit into an array.
    private static final int MAX_BLOCKS = Integer.MAX_VALUE / BLOCK;

    /// Up to here a size is believed before as many bytes are seen.
    private static final int BELIEVED = 64 << 20;

    /// Captures a memory.
    ///
    /// @throws OutOfMemoryException it has 2 GiB of content or more
    public static MemoryImage of(MemorySegment memory) {
        int blocks = Math.toIntExact(memory.byteSize() / BLOCK);
        var used = new java.util.BitSet(blocks);
        for (int i = 0; i < blocks; i++) if (!isZero(memory, (long) i * BLOCK)) used.set(i);
        var index = used.stream().toArray();
        if (index.length > MAX_BLOCKS)
            throw new OutOfMemoryException(
                    "a memory with " + ((long) index.length * BLOCK >> 20) + " MiB of content");
        var content = new byte[index.length * BLOCK];
        for (int i = 0; i < index.length; i++)
            MemorySegment.copy(
                    memory,
                    ValueLayout.JAVA_BYTE,
                    (long) index[i] * BLOCK,
                    content,
                    i * BLOCK,
                    BLOCK);
        return new MemoryImage((int) (memory.byteSize() / MemoryType.PAGE), index, content);
    }

    /// Writes the image into a memory of zeros.
    ///
    /// @throws IndexOutOfBoundsException the memory is smaller than [#pages()]
    public void copyTo(MemorySegment memory) {
        for (int i = 0; i < index.length; i++)
            MemorySegment.copy(
                    blocks,
                    i * BLOCK,
                    memory,
                    ValueLayout.JAVA_BYTE,
                    (long) index[i] * BLOCK,
                    BLOCK);
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(pages);
        out.writeInt(index.length);
        for (int block : index) out.writeInt(block);
        out.write(blocks);
    }

    static MemoryImage readFrom(DataInputStream in) throws IOException {
        int pages = in.readInt();
        int count = in.readInt();
        int perPage = MemoryType.PAGE / BLOCK;
        if (pages < 0
                || pages > 65_536
                || count < 0
                || count > pages * perPage
                || count > MAX_BLOCKS)
            throw new IOException(
                    "a memory image of " + pages + " pages with " + count + " blocks");
        var index = new int[count];
        for (int i = 0; i < count; i++) {
            index[i] = in.readInt();
            if (index[i] < (i == 0 ? 0 : index[i - 1] + 1) || index[i] >= pages * perPage)
                throw new IOException("a memory image with blocks out of order");
        }
        int size = count * BLOCK;
        var blocks = size > BELIEVED ? in.readNBytes(size) : new byte[size];
        int read = size > BELIEVED ? blocks.length : in.readNBytes(blocks, 0, size);
        if (read != size) throw new IOException("a memory image that ends early");
        return new MemoryImage(pages, index, blocks);
    }

    private static boolean isZero(MemorySegment memory, long offset) {
        return MemorySegment.mismatch(memory, offset, offset + BLOCK, ZEROS, 0, BLOCK) < 0;
    }
}
