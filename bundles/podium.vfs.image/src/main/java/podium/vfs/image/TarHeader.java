package podium.vfs.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import podium.vfs.image.bytes.Bytes;

/// One header block of a tar: the old one of Unix, POSIX's ustar, or GNU's (tar(5), `tar.h`).
record TarHeader(byte[] block) {

    static final int BLOCK = 512;

    private static final int CHECKSUM = 148;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;

    static TarHeader read(Bytes bytes, long position) throws java.io.IOException {
        return new TarHeader(bytes.read(position, BLOCK).array());
    }

    /// Whether it is one of the blocks of zeros at the end.
    boolean isEnd() {
        return zeros(0, BLOCK);
    }

    private boolean zeros(int from, int to) {
        for (int i = from; i < to; i++) if (block[i] != 0) return false;
        return true;
    }

    /// Whether its checksum is right, as some tars add up signed bytes and others unsigned ones.
    boolean isValid() {
        long signed = 0;
        long unsigned = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
            signed += b;
            unsigned += b & 0xff;
        }
        var sum = octal(CHECKSUM, 8);
        return sum != null && (sum == signed || sum == unsigned);
    }

    char type() {
        return (char) (block[156] & 0xff);
    }

    /// Whether it is GNU's form, where ustar's prefix is something else.
    boolean isGnu() {
        return Arrays.equals(block, MAGIC, MAGIC + 8, GNU, 0, 8);
    }

    private boolean isUstar() {
        return Arrays.equals(block, MAGIC, MAGIC + 6, USTAR, 0, 6);
    }

    private static final byte[] GNU = {'u', 's', 't', 'a', 'r', ' ', ' ', 0};
    private static final byte[] USTAR = {'u', 's', 't', 'a', 'r', 0};

    byte[] name() {
        var name = text(0, 100);
        if (!isUstar()) return name;
        var prefix = text(PREFIX, 155);
        if (prefix.length == 0) return name;
        var all = ByteBuffer.allocate(prefix.length + 1 + name.length);
        return all.put(prefix).put((byte) '/').put(name).array();
    }

    byte[] linkName() {
        return text(157, 100);
    }

    private byte[] text(int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) end++;
        return Arrays.copyOfRange(block, at, end);
    }

    long mode() throws Refusal {
        return number(100, 8);
    }

    long uid() throws Refusal {
        return number(108, 8);
    }

    long gid() throws Refusal {
        return number(116, 8);
    }

    long size() throws Refusal {
        return number(124, 12);
    }

    /// In seconds.
    long modified() throws Refusal {
        return number(136, 12);
    }

    /// In seconds, or null when it does not tell.
    @Nullable Long accessed() throws Refusal {
        return isGnu() && !zeros(PREFIX, PREFIX + 12) ? number(PREFIX, 12) : null;
    }

    /// In seconds, or null when it does not tell.
    @Nullable Long changed() throws Refusal {
        return isGnu() && !zeros(357, 369) ? number(357, 12) : null;
    }

    long major() throws Refusal {
        return isUstar() || isGnu() ? number(329, 8) : 0;
    }

    long minor() throws Refusal {
        return isUstar() || isGnu() ? number(337, 8) : 0;
    }

    /// A number in octal digits, or GNU's way for larger ones: a first bit, and binary.
    ///
    /// @throws Refusal it is neither
    long number(int at, int length) throws Refusal {
        if ((block[at] & 0x80) != 0) return binary(at, length);
        var value = octal(at, length);
        if (value == null) throw new Refusal("a header in it has a number that is none");
        return value;
    }

    private long binary(int at, int length) throws Refusal {
        // The bit says that it is binary; the next one is the sign.
        long value = (block[at] & 0x40) != 0 ? block[at] : block[at] & 0x3f;
        for (int i = at + 1; i < at + length; i++) {
            if (value >> 55 != 0 && value >> 55 != -1)
                throw new Refusal("a header in it has a number of more than 63 bits");
            value = value << 8 | block[i] & 0xff;
        }
        return value;
    }

    /// Octal digits between blanks, or nothing but these, which is 0.
    private @Nullable Long octal(int at, int length) {
        int end = at + length;
        int i = at;
        while (i < end && block[i] == ' ') i++;
        long value = 0;
        for (; i < end && block[i] >= '0' && block[i] <= '7'; i++)
            value = value << 3 | block[i] - '0';
        while (i < end) {
            if (block[i] != ' ' && block[i] != 0) return null;
            i++;
        }
        return value;
    }
}
