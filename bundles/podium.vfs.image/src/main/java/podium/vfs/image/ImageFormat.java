package podium.vfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import podium.vfs.image.bytes.Bytes;
import podium.vfs.image.ext.ExtFileSystem;

/// What an image may be, told by its bytes and never by its name. Here is the list of formats;
/// [ImageFile] makes file systems of them.
enum ImageFormat {
    ZIP,

    /// One of the others, compressed.
    GZIP,
    TAR,
    EXT;

    /// What is known, but not served: what it is called, and what can be done about it.
    private enum Other {
        ZSTD(0, "\u0028\u00b5\u002f\u00fd", "is compressed with zstd: unpack it with zstd -d"),
        XZ(0, "\u00fd7zXZ\0", "is compressed with xz: unpack it with xz -d"),
        BZIP2(0, "BZh", "is compressed with bzip2: unpack it with bzip2 -d"),
        SQUASHFS(0, "hsqs", "is a squashfs: make a tar of it with sqfs2tar"),
        QCOW(0, "QFI\u00fb", "is a qcow2 disk: make a raw one of it with qemu-img convert"),
        XFS(0, "XFSB", "is an XFS: only ext2, ext3 and ext4 are read"),
        BTRFS(65_600, "_BHRfS_M", "is a Btrfs: only ext2, ext3 and ext4 are read"),
        ISO(32_769, "CD001", "is an ISO 9660: make a tar of what is in it"),
        DISK(510, "\u0055\u00aa", "is a whole disk: take the partition out of it");

        private final int at;
        private final byte[] magic;
        private final String advice;

        Other(int at, String magic, String advice) {
            this.at = at;
            this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
            this.advice = advice;
        }
    }

    /// @throws IOException it is none of these; one line for people
    static ImageFormat of(Bytes bytes) throws IOException {
        if (has(bytes, 0, 'P', 'K', 3, 4) || has(bytes, 0, 'P', 'K', 5, 6)) return ZIP;
        if (has(bytes, 0, 0x1f, 0x8b)) return GZIP;
        // An ext file system leaves its first block to a boot loader.
        if (ExtFileSystem.recognises(bytes)) return EXT;
        if (TarSource.recognises(bytes)) return TAR;
        for (var other : Other.values())
            if (has(bytes, other.at, other.magic)) throw new Refusal("it " + other.advice);
        throw new Refusal("it is neither zip, tar, gzip nor ext2, ext3 or ext4");
    }

    private static boolean has(Bytes bytes, int at, int... magic) throws IOException {
        var expected = new byte[magic.length];
        for (int i = 0; i < magic.length; i++) expected[i] = (byte) magic[i];
        return has(bytes, at, expected);
    }

    private static boolean has(Bytes bytes, int at, byte[] magic) throws IOException {
        var there = ByteBuffer.allocate(magic.length);
        return bytes.read(there, at) == magic.length && Arrays.equals(there.array(), magic);
    }
}
