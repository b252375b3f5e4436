package podium.vfs.image.ext;

import java.nio.ByteBuffer;
import podium.syscall.LinuxString;
import podium.vfs.Mode;

/// Entries of a directory as they follow each other: number, length, length of the name, type,
/// name.
/// The blocks of an index look like blocks with unused entries, so they need no care in reading.
record DirectoryBlock(Inode of, ByteBuffer bytes) {

    private static final int HEADER = 8;
    private static final int TAIL = 12;
    private static final int TAIL_TYPE = 0xde;

    /// Types as entries tell them, from 1 on.
    private static final int[] TYPES = {
        0,
        Mode.REGULAR,
        Mode.DIRECTORY,
        Mode.CHARACTER,
        Mode.BLOCK,
        Mode.FIFO,
        Mode.SOCKET,
        Mode.LINK
    };

    /// One entry.
    ///
    /// @param type of [Mode], or 0 when it does not tell
    record Entry(String name, int inode, int type) {}

    /// Receives entries.
    interface Visitor {
        void entry(Entry entry) throws Damage;
    }

    /// Tells those in use, `.` and `..` included.
    ///
    /// @throws Damage it makes no sense
    void entries(Visitor visitor) throws Damage {
        for (int at = 0; at < bytes.limit(); ) {
            int left = bytes.limit() - at;
            if (left < HEADER) throw damaged();
            int length = length(at);
            int name = bytes.get(at + 6) & 0xff;
            boolean used = bytes.getInt(at) != 0;
            if (length < TAIL && !(length == HEADER && !used)
                    || length % 4 != 0
                    || length > left
                    || used && name > length - HEADER) throw damaged();
            if (used) visitor.entry(entry(at, name));
            at += length;
        }
    }

    /// One that fills a block of 64 KiB has no number for that.
    private int length(int at) {
        int length = bytes.getShort(at + 4) & 0xffff;
        boolean whole = bytes.limit() == 1 << 16 && (length == 0 || length == 0xffff);
        return whole ? bytes.limit() : length;
    }

    private Entry entry(int at, int length) throws Damage {
        var name = new byte[length];
        bytes.get(at + HEADER, name);
        if (length == 0) throw damaged();
        for (byte b : name) if (b == 0 || b == '/') throw damaged();
        int type = bytes.get(at + 7) & 0xff;
        return new Entry(
                LinuxString.decode(name), bytes.getInt(at), type < TYPES.length ? TYPES[type] : 0);
    }

    private Damage damaged() {
        return of.damaged("is a directory with entries that make no sense");
    }

    /// Verifies a whole block: one of entries has its checksum in an entry of its own at the end,
    /// one
    /// of an index behind the room for that.
    ///
    /// @param first whether it is the directory's first
    void checkSum(boolean first) throws Damage {
        if (of.fs().checksums() == null) return;
        // What a block was before it became the first one of an index may still show at its end.
        boolean index = of.isIndexed() && (first || length(0) == bytes.limit());
        if (!(index ? isSoundIndex(first ? 32 : 8) : isSound()))
            throw of.damaged("is a damaged directory");
    }

    private boolean isSound() {
        int tail = bytes.limit() - TAIL;
        return bytes.getInt(tail) == 0
                && bytes.getShort(tail + 4) == TAIL
                && (bytes.get(tail + 7) & 0xff) == TAIL_TYPE
                && bytes.getInt(tail + 8) == of.sum().add(bytes, 0, tail).value();
    }

    /// @param index where it is: behind `.`, `..` and some words, or behind an unused entry
    private boolean isSoundIndex(int index) {
        int end = index + 8 * count(index, 2);
        int room = index + 8 * count(index, 0);
        if (room > bytes.limit() - 8 || end > room) return false;
        var sum = of.sum().add(bytes, 0, end).add(bytes, room, room + 4).addZeros(4);
        return bytes.getInt(room + 4) == sum.value();
    }

    /// Of an index: how many there can be, or are.
    private int count(int index, int at) {
        return bytes.getShort(index + at) & 0xffff;
    }
}
