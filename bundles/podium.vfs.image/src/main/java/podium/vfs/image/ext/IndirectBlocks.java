package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import podium.vfs.image.bytes.Bytes;

/// The old way to tell an inode's blocks: twelve of them in the inode, and one, two and three
/// levels
/// of blocks full of numbers.
record IndirectBlocks(Bytes bytes, Inode inode) implements BlockMap {

    private static final int DIRECT = 12;
    private static final int NUMBER = 4;

    @Override
    public Run find(long block) throws IOException {
        var map = inode.map();
        if (block < DIRECT) return run(map, (int) block, DIRECT);
        long perBlock = inode.fs().blockSize() / NUMBER;
        long rest = block - DIRECT;
        long covered = perBlock;
        for (int level = 1; level <= 3; level++, covered *= perBlock) {
            if (rest < covered)
                return below(number(map, DIRECT + level - 1), level, rest, covered / perBlock);
            rest -= covered;
        }
        throw inode.damaged("is larger than it can be");
    }

    /// @param each how many blocks each number stands for
    private Run below(long block, int level, long rest, long each) throws IOException {
        int perBlock = inode.fs().blockSize() / NUMBER;
        if (block == 0) return new Run(0, each * perBlock - rest);
        check(block);
        var numbers = bytes.read(block * inode.fs().blockSize(), inode.fs().blockSize());
        int at = (int) (rest / each);
        if (level == 1) return run(numbers, at, perBlock);
        return below(number(numbers, at), level - 1, rest % each, each / perBlock);
    }

    private static long number(ByteBuffer numbers, int at) {
        return Integer.toUnsignedLong(numbers.getInt(at * NUMBER));
    }

    private void check(long block) throws Damage {
        if (!inode.fs().holds(block, 1)) throw inode.damaged("has blocks beyond the end");
    }

    /// As many as follow each other, on disk or in being nowhere.
    private Run run(ByteBuffer numbers, int from, int end) throws Damage {
        long first = number(numbers, from);
        if (first != 0) check(first);
        int count = 1;
        while (from + count < end) {
            long next = number(numbers, from + count);
            if (next != (first == 0 ? 0 : first + count)) break;
            if (next != 0) check(next);
            count++;
        }
        return new Run(first, count);
    }
}
