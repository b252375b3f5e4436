package podium.vfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The Unix modes in a zip file's central directory (APPNOTE.TXT 4.3.12, 4.4.15), which
/// `java.util.zip` does not tell. A zip64 directory's are left unknown.
final class ZipModes {

    private static final int END_SIGNATURE = 0x0605_4b50;
    private static final int END_SIZE = 22;
    private static final int LONGEST_COMMENT = 65_535;
    private static final int ENTRY_SIGNATURE = 0x0201_4b50;
    private static final int ENTRY_SIZE = 46;
    private static final int UNIX = 3;
    private static final int UTF8_NAME = 0x800;
    private static final int LINK = 0120000;
    private static final int TYPE = 0170000;

    private final Map<String, Integer> modes;

    private ZipModes(Map<String, Integer> modes) {
        this.modes = modes;
    }

    /// An entry's mode, or -1.
    int of(String name) {
        return modes.getOrDefault(name, -1);
    }

    static boolean isLink(int mode) {
        return mode >= 0 && (mode & TYPE) == LINK;
    }

    static ZipModes of(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            long size = channel.size();
            int tail = (int) Math.min(size, END_SIZE + LONGEST_COMMENT);
            var end = read(channel, size - tail, tail);
            int at = tail - END_SIZE;
            while (at >= 0 && end.getInt(at) != END_SIGNATURE) at--;
            if (at < 0) return new ZipModes(Map.of());
            long length = Integer.toUnsignedLong(end.getInt(at + 12));
            long start = Integer.toUnsignedLong(end.getInt(at + 16));
            if (length > Integer.MAX_VALUE || start + length > size) return new ZipModes(Map.of());
            return new ZipModes(parse(read(channel, start, (int) length)));
        }
    }

    private static Map<String, Integer> parse(ByteBuffer directory) {
        var modes = new HashMap<String, Integer>();
        int at = 0;
        while (at + ENTRY_SIZE <= directory.limit() && directory.getInt(at) == ENTRY_SIGNATURE) {
            int nameLength = directory.getShort(at + 28) & 0xffff;
            int extra = directory.getShort(at + 30) & 0xffff;
            int comment = directory.getShort(at + 32) & 0xffff;
            int next = at + ENTRY_SIZE + nameLength + extra + comment;
            if (next > directory.limit()) break;
            int mode = directory.getInt(at + 38) >>> 16;
            if (directory.get(at + 5) == UNIX && mode != 0)
                modes.put(name(directory, at, nameLength), mode);
            at = next;
        }
        return modes;
    }

    private static String name(ByteBuffer directory, int at, int length) {
        var bytes = new byte[length];
        directory.get(at + ENTRY_SIZE, bytes);
        boolean utf8 = (directory.getShort(at + 8) & UTF8_NAME) != 0;
        // java.util.zip reads all names as UTF-8, too; where it cannot, no mode is found.
        return new String(bytes, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer read(FileChannel channel, long position, int length)
            throws IOException {
        var buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, position + buffer.position());
            if (count < 0) break;
        }
        return buffer.flip();
    }
}
