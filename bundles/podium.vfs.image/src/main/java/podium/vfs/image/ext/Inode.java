package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// An inode as it lies on disk.
///
/// @param raw all of it
record Inode(int number, ByteBuffer raw, Superblock fs) {

    private static final int INDEXED = 0x1000;
    private static final int HUGE = 0x4_0000;
    private static final int EXTENTS = 0x8_0000;
    private static final int EXTENDED_ATTRIBUTE = 0x20_0000;
    private static final int INLINE = 0x1000_0000;
    private static final int COMPRESSED_OR_ENCRYPTED = 0x4 | 0x800;

    /// What every inode has; what is behind it tells its own size.
    private static final int OLD_SIZE = 128;

    /// Where blocks are told, or what is small enough lies itself.
    private static final int MAP = 40;

    private static final int MAP_SIZE = 60;

    static Inode read(BlockGroups groups, int number) throws IOException {
        return read(groups, number, 0);
    }

    /// One whose content is the value of an extended attribute.
    static Inode readValue(BlockGroups groups, int number) throws IOException {
        return read(groups, number, EXTENDED_ATTRIBUTE);
    }

    /// @param kind flags that say which kind it must be
    private static Inode read(BlockGroups groups, int number, int kind) throws IOException {
        var fs = groups.of();
        long place = groups.place(Integer.toUnsignedLong(number));
        var inode = new Inode(number, groups.bytes().read(place, fs.inodeSize()), fs);
        inode.check(kind);
        return inode;
    }

    private void check(int kind) throws Damage {
        if (mode() == 0 || raw.getShort(26) == 0) throw damaged("is not in use");
        int extra = extra();
        if (extra % 4 != 0 || extra > raw.limit() - OLD_SIZE) throw damaged("makes no sense");
        checkSum();
        if ((flags() & (COMPRESSED_OR_ENCRYPTED | EXTENDED_ATTRIBUTE)) != kind)
            throw damaged("is encrypted, or of a kind that is not read here");
        if (size() < 0 || size() > BlockMap.LIMIT * fs.blockSize())
            throw damaged("has a size that makes no sense");
    }

    /// @param what it is or does, as the end of a sentence
    Damage damaged(String what) {
        return new Damage("inode %d %s".formatted(Integer.toUnsignedLong(number), what));
    }

    private void checkSum() throws Damage {
        if (fs.checksums() == null) return;
        var sum = sum().add(raw, 0, 124).addZeros(2).add(raw, 126, OLD_SIZE);
        boolean whole = extra() >= 4;
        if (raw.limit() > OLD_SIZE) {
            sum.add(raw, OLD_SIZE, OLD_SIZE + 2);
            if (whole) sum.addZeros(2);
            else sum.add(raw, OLD_SIZE + 2, OLD_SIZE + 4);
            sum.add(raw, OLD_SIZE + 4, raw.limit());
        }
        int told = raw.getShort(124) & 0xffff | (whole ? raw.getShort(130) << 16 : 0);
        int computed = sum.value();
        if (told != (whole ? computed : computed & 0xffff)) throw damaged("is damaged");
    }

    /// The beginning of every checksum of something that is this inode's.
    ///
    /// @throws IllegalStateException the file system has none
    Checksums.Sum sum() {
        var sums = fs.checksums();
        if (sums == null) throw new IllegalStateException();
        return sums.begin().add(number).add(raw.getInt(100));
    }

    /// Of the fields behind the old size.
    private int extra() {
        return raw.limit() > OLD_SIZE ? raw.getShort(OLD_SIZE) & 0xffff : 0;
    }

    /// Type and permissions.
    int mode() {
        return raw.getShort(0) & 0xffff;
    }

    int type() {
        return Mode.type(mode());
    }

    private int flags() {
        return raw.getInt(32);
    }

    boolean isInline() {
        return (flags() & INLINE) != 0;
    }

    boolean hasExtents() {
        return (flags() & EXTENTS) != 0;
    }

    boolean isIndexed() {
        return (flags() & INDEXED) != 0;
    }

    /// In bytes. Only that of a regular file has a second half; others have something else there.
    long size() {
        long low = Integer.toUnsignedLong(raw.getInt(4));
        return type() == Mode.REGULAR ? low | (long) raw.getInt(108) << 32 : low;
    }

    /// Of 512 bytes.
    private long held() {
        long low = Integer.toUnsignedLong(raw.getInt(28)) | (raw.getShort(116) & 0xffffL) << 32;
        return (flags() & HUGE) != 0 ? low * (fs.blockSize() / 512) : low;
    }

    /// Where it has extended attributes; 0 for none outside of it.
    long attributeBlock() {
        long low = Integer.toUnsignedLong(raw.getInt(104));
        return fs.descriptorSize() < 64 ? low : low | (raw.getShort(118) & 0xffffL) << 32;
    }

    /// Whether none of its blocks is its content's.
    boolean holdsNothing() {
        long attributes = attributeBlock() == 0 ? 0 : fs.blockSize() / 512;
        return held() <= attributes;
    }

    /// The 60 bytes that tell where its blocks are, or are its content.
    ByteBuffer map() {
        return raw.slice(MAP, MAP_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The bytes behind its fields, which hold extended attributes.
    ByteBuffer room() {
        int from = raw.limit() > OLD_SIZE ? OLD_SIZE + extra() : raw.limit();
        return raw.slice(from, raw.limit() - from).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// @param at where the seconds are
    /// @param more where the further bits are, behind the old size
    private long time(int at, int more) {
        long seconds = raw.getInt(at);
        if (extra() < more + 4 - OLD_SIZE) return TimeUnit.SECONDS.toNanos(seconds);
        int bits = raw.getInt(more);
        // What comes after the year 2262 is as late as there is.
        long whole = TimeUnit.SECONDS.toNanos(seconds + ((bits & 3L) << 32));
        return whole == Long.MAX_VALUE ? whole : whole + Math.min(bits >>> 2, 999_999_999);
    }

    /// As makedev(3) packs it: the old way, or the new one beside it.
    private long device() {
        int type = type();
        if (type != Mode.CHARACTER && type != Mode.BLOCK) return 0;
        int old = raw.getInt(MAP);
        return Integer.toUnsignedLong(old != 0 ? old & 0xffff : raw.getInt(MAP + 4));
    }

    Attributes attributes() {
        long changed = time(12, 132);
        return new Attributes(
                Integer.toUnsignedLong(number),
                mode(),
                raw.getShort(26) & 0xffff,
                raw.getShort(2) & 0xffff | raw.getShort(120) << 16,
                raw.getShort(24) & 0xffff | raw.getShort(122) << 16,
                device(),
                type() == Mode.REGULAR || type() == Mode.DIRECTORY || type() == Mode.LINK
                        ? size()
                        : 0,
                held(),
                time(8, 140),
                time(16, 136),
                changed,
                extra() >= 24 ? time(144, 148) : changed);
    }
}
