package podium.vfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.vfs.Archives.Limits;
import podium.vfs.image.bytes.Bytes;
import podium.vfs.image.bytes.FileBytes;

/// The Unix modes in a zip file's central directory (APPNOTE.TXT 4.3.12, 4.4.15), which
/// `java.util.zip` does not tell.
final class ZipModes {

    private static final int END_SIGNATURE = 0x0605_4b50;
    private static final int END_SIZE = 22;
    private static final int LONGEST_COMMENT = 65_535;
    private static final int ENTRY_SIGNATURE = 0x0201_4b50;
    private static final int ENTRY_SIZE = 46;
    private static final int UNIX = 3;
    private static final int UTF8_NAME = 0x800;

    private static final int LOCATOR_SIGNATURE = 0x0706_4b50;
    private static final int LOCATOR_SIZE = 20;
    private static final int LARGE_END_SIGNATURE = 0x0606_4b50;
    private static final int LARGE_END_SIZE = 56;

    /// In bytes: it is kept in memory.
    private static final int MOST_DIRECTORY = 256 << 20;

    private final Map<String, Integer> modes;

    private ZipModes(Map<String, Integer> modes) {
        this.modes = modes;
    }

    /// An entry's mode, or -1.
    int of(String name) {
        return modes.getOrDefault(name, -1);
    }

    /// @throws IOException it has too large a directory, or cannot be read
    static ZipModes of(Path file) throws IOException {
        try (var bytes = FileBytes.open(file)) {
            var place = place(bytes);
            if (place == null) return new ZipModes(Map.of());
            if (place.length > MOST_DIRECTORY || place.entries > Limits.DEFAULT.entries())
                throw new Refusal(
                        "it has more than %d entries, or its directory more than %d bytes, the limits"
                                .formatted(Limits.DEFAULT.entries(), MOST_DIRECTORY));
            return new ZipModes(parse(bytes.read(place.start, (int) place.length)));
        }
    }

    /// Where the directory is.
    private record Place(long start, long length, long entries) {}

    /// @return null when there is none, which whoever opens the file will say
    private static @Nullable Place place(Bytes bytes) throws IOException {
        long size = bytes.size();
        int tail = (int) Math.min(size, END_SIZE + LONGEST_COMMENT);
        var end = bytes.read(size - tail, tail);
        int at = tail - END_SIZE;
        while (at >= 0 && end.getInt(at) != END_SIGNATURE) at--;
        if (at < 0) return null;
        var place = large(bytes, size - tail + at);
        if (place == null)
            place =
                    new Place(
                            Integer.toUnsignedLong(end.getInt(at + 16)),
                            Integer.toUnsignedLong(end.getInt(at + 12)),
                            Short.toUnsignedLong(end.getShort(at + 10)));
        boolean within = place.start >= 0 && place.length >= 0 && place.length <= size;
        return within && place.start <= size - place.length ? place : null;
    }

    /// Of a zip64 directory (APPNOTE.TXT 4.3.14).
    private static @Nullable Place large(Bytes bytes, long end) throws IOException {
        if (end < LOCATOR_SIZE) return null;
        var locator = bytes.read(end - LOCATOR_SIZE, LOCATOR_SIZE);
        if (locator.getInt(0) != LOCATOR_SIGNATURE) return null;
        long at = locator.getLong(8);
        if (at < 0 || at > bytes.size() - LARGE_END_SIZE) return null;
        var large = bytes.read(at, LARGE_END_SIZE);
        if (large.getInt(0) != LARGE_END_SIGNATURE) return null;
        return new Place(large.getLong(48), large.getLong(40), large.getLong(32));
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
}
