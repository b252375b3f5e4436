package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import podium.vfs.image.bytes.Bytes;

/// What a file system says of itself: sizes, places and features, all checked.
///
/// @param blockSize in bytes
/// @param firstInode from where on they are files'; the ones before are reserved
/// @param descriptorSize of a block group, in bytes
/// @param firstMetaGroup from where on descriptors are spread, in blocks of these
/// @param checksums null when there are none
record Superblock(
        int blockSize,
        long blocks,
        long firstBlock,
        int blocksPerGroup,
        int inodes,
        int inodesPerGroup,
        int firstInode,
        int inodeSize,
        int descriptorSize,
        long firstMetaGroup,
        boolean sparseSupers,
        @org.jspecify.annotations.Nullable Checksums checksums) {

    private static final int POSITION = 1024;
    private static final int SIZE = 1024;
    private static final int MAGIC = 0xef53;

    private static final int CLEAN = 1;
    private static final int FAULTY = 2;

    private static final int RECOVER = 0x4;
    private static final int META_BG = 0x10;
    private static final int LARGE = 0x80;
    private static final int SEED = 0x2000;
    private static final int SPARSE_SUPERS = 0x1;
    private static final int BIGALLOC = 0x200;
    private static final int SPARSE_SUPERS_2 = 0x200;
    private static final int METADATA_SUMS = 0x400;

    /// Incompatible features that are understood, or change nothing for who only reads: filetype,
    /// recover (refused apart), meta_bg, extents, 64bit, mmp, flex_bg, ea_inode, csum_seed,
    /// largedir, inline_data.
    private static final int KNOWN = 0xe7d6;

    /// By their bits.
    private static final String[] NAMES = {
        "compression",
        "filetype",
        "needs_recovery",
        "journal_dev",
        "meta_bg",
        "0x20",
        "extents",
        "64bit",
        "mmp",
        "flex_bg",
        "ea_inode",
        "0x800",
        "dirdata",
        "metadata_csum_seed",
        "large_dir",
        "inline_data",
        "encrypt",
        "casefold"
    };

    static boolean recognises(Bytes bytes) throws IOException {
        if (bytes.size() < POSITION + SIZE) return false;
        return (bytes.read(POSITION + 56, 2).getShort(0) & 0xffff) == MAGIC;
    }

    /// @throws IOException it makes no sense, is not understood, or not to be read as it is
    static Superblock read(Bytes bytes) throws IOException {
        var block = bytes.read(POSITION, SIZE);
        int revision = block.getInt(76);
        if (revision > 1 || revision < 0)
            throw new Damage("it is of the unknown revision " + revision);
        int incompatible = revision == 0 ? 0 : block.getInt(96);
        int readOnly = revision == 0 ? 0 : block.getInt(100);
        checkFeatures(incompatible);
        if ((incompatible & META_BG) != 0 && (block.getInt(92) & SPARSE_SUPERS_2) != 0)
            throw new Damage("meta_bg together with sparse_super2 is not read here");
        boolean sums = (readOnly & METADATA_SUMS) != 0;
        if (sums) checkSum(block);
        checkState(block, incompatible);
        boolean large = (incompatible & LARGE) != 0;
        long blocks = Integer.toUnsignedLong(block.getInt(4));
        if (large) blocks |= (long) block.getInt(336) << 32;
        int shift = block.getInt(24);
        if (shift < 0 || shift > 6) throw new Damage("its superblock tells no size of a block");
        // With bigalloc, a group counts in clusters of several blocks.
        int cluster = (readOnly & BIGALLOC) == 0 ? 0 : block.getInt(28) - shift;
        if (cluster < 0 || cluster > 15 || block.getInt(32) > 8L * (1024 << shift) << cluster)
            throw new Damage("its superblock makes no sense: a group is too large");
        var it =
                new Superblock(
                        1024 << shift,
                        blocks,
                        Integer.toUnsignedLong(block.getInt(20)),
                        block.getInt(32),
                        block.getInt(0),
                        block.getInt(40),
                        revision == 0 ? 11 : block.getInt(84),
                        revision == 0 ? 128 : block.getShort(88) & 0xffff,
                        large ? block.getShort(254) & 0xffff : 32,
                        (incompatible & META_BG) == 0
                                ? Long.MAX_VALUE
                                : Integer.toUnsignedLong(block.getInt(260)),
                        (readOnly & SPARSE_SUPERS) != 0,
                        sums ? checksums(block, incompatible) : null);
        it.check(large, bytes.size());
        return it;
    }

    private static void checkFeatures(int incompatible) throws Damage {
        int unknown = incompatible & ~KNOWN;
        if (unknown == 0) return;
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < 32; bit++)
            if ((unknown >>> bit & 1) != 0)
                names.add(bit < NAMES.length ? NAMES[bit] : "0x" + Integer.toHexString(1 << bit));
        throw new Damage("it has features that are not read here: " + String.join(", ", names));
    }

    private static void checkSum(ByteBuffer block) throws Damage {
        if (block.get(373) != 1) throw new Damage("its checksums are of an unknown kind");
        if (Checksums.plain(block, 0, 1020) != block.getInt(1020))
            throw new Damage("its superblock is damaged; e2fsck may repair it");
    }

    private static void checkState(ByteBuffer block, int incompatible) throws Damage {
        if ((incompatible & RECOVER) != 0)
            throw new Damage(
                    "its journal has changes that are not in their places yet: run e2fsck on it");
        int state = block.getShort(58);
        if ((state & CLEAN) == 0 || (state & FAULTY) != 0)
            throw new Damage("it was not unmounted cleanly, or is faulty: run e2fsck on it");
    }

    private static Checksums checksums(ByteBuffer block, int incompatible) {
        if ((incompatible & SEED) != 0) return Checksums.ofSeed(block.getInt(624));
        var uuid = new byte[16];
        block.get(104, uuid);
        return Checksums.ofUuid(uuid);
    }

    private void check(boolean large, long size) throws Damage {
        boolean sound =
                firstBlock == (blockSize == 1024 && firstBlock != 0 ? 1 : 0)
                        && blocks > firstBlock
                        && blocksPerGroup > 0
                        && inodesPerGroup > 0
                        && inodesPerGroup <= 8 * blockSize
                        && firstInode >= 11
                        && inodeSize >= 128
                        && inodeSize <= blockSize
                        && Integer.bitCount(inodeSize) == 1
                        && descriptorSize >= (large ? 64 : 32)
                        && descriptorSize <= 1024
                        && Integer.bitCount(descriptorSize) == 1;
        if (!sound) throw new Damage("its superblock makes no sense");
        if (blocks > size / blockSize)
            throw new Damage(
                    "it is cut off: it has %d of %d blocks".formatted(size / blockSize, blocks));
        if (groups() > 0xffff_ffffL || groups() * inodesPerGroup != Integer.toUnsignedLong(inodes))
            throw new Damage("its superblock makes no sense: inodes and groups do not match");
    }

    long groups() {
        return (blocks - firstBlock + blocksPerGroup - 1) / blocksPerGroup;
    }

    /// Whether a block can hold anything of a file.
    boolean holds(long block, long count) {
        return block > firstBlock && count >= 0 && count <= blocks && block <= blocks - count;
    }
}
