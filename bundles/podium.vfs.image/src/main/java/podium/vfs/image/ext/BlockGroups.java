package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import podium.vfs.image.bytes.Bytes;

/// The block groups' descriptors, which say where inodes are.
record BlockGroups(Bytes bytes, Superblock of) {

    private static final int NO_INODES = 1;

    /// Where an inode is, in bytes.
    ///
    /// @param number from 1 on
    /// @throws IOException there is no such inode, or its group's descriptor is damaged
    long place(long number) throws IOException {
        if (number < 1 || number > Integer.toUnsignedLong(of.inodes()))
            throw new Damage("there is no inode " + number);
        long group = (number - 1) / of.inodesPerGroup();
        long index = (number - 1) % of.inodesPerGroup();
        var descriptor = descriptor(group);
        if ((descriptor.getShort(18) & NO_INODES) != 0 && of.checksums() != null)
            throw new Damage("inode %d was never made".formatted(number));
        long table = Integer.toUnsignedLong(descriptor.getInt(8));
        if (of.descriptorSize() >= 64) table |= (long) descriptor.getInt(40) << 32;
        long offset = index * of.inodeSize();
        if (!of.holds(table, offset / of.blockSize() + 1))
            throw new Damage("the inodes of group %d are beyond the end".formatted(group));
        return table * of.blockSize() + offset;
    }

    private ByteBuffer descriptor(long group) throws IOException {
        int size = of.descriptorSize();
        long perBlock = of.blockSize() / size;
        long place = block(group / perBlock, perBlock) * of.blockSize() + group % perBlock * size;
        var descriptor = bytes.read(place, size);
        var sums = of.checksums();
        if (sums == null) return descriptor;
        var sum = sums.begin().add((int) group).add(descriptor, 0, 30).addZeros(2);
        if ((short) sum.add(descriptor, 32, size).value() != descriptor.getShort(30))
            throw new Damage("the descriptor of group %d is damaged".formatted(group));
        return descriptor;
    }

    /// The block with the descriptors of some groups.
    private long block(long index, long perBlock) {
        if (index < of.firstMetaGroup()) return 1024 / of.blockSize() + 1 + index;
        // In the first of the groups it describes, behind the superblock's copy if there is one.
        long group = index * perBlock;
        long first = of.firstBlock() + group * of.blocksPerGroup();
        return first + (hasSuper(group) ? 1 : 0);
    }

    /// With `sparse_super`, groups 0 and 1 and the powers of 3, 5 and 7 have a copy.
    private boolean hasSuper(long group) {
        if (group <= 1 || !of.sparseSupers()) return true;
        for (long base : new long[] {3, 5, 7}) {
            long power = base;
            while (power < group) power *= base;
            if (power == group) return true;
        }
        return false;
    }
}
