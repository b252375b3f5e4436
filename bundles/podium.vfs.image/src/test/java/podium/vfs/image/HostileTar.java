package podium.vfs.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// A tar as no decent program makes it.
final class HostileTar {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// Adds a header with a right checksum, and content that need not be what it says.
    HostileTar header(String name, char type, String link, String size, String content) {
        var header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, size);
        put(header, 136, "00000000000\0");
        header[156] = (byte) type;
        put(header, 157, link);
        put(header, 257, "ustar\00000");
        return raw(header, content);
    }

    HostileTar device(String name, char type, int major, int minor) {
        var header = new byte[512];
        put(header, 0, name);
        header[156] = (byte) type;
        put(header, 257, "ustar\00000");
        put(header, 329, "%07o\0%07o\0".formatted(major, minor));
        return raw(header, "");
    }

    HostileTar raw(byte[] header, String content) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) sum += b & 0xff;
        put(header, 148, "%06o\0 ".formatted(sum));
        bytes.writeBytes(header);
        var text = content.getBytes(StandardCharsets.ISO_8859_1);
        bytes.writeBytes(text);
        bytes.writeBytes(new byte[-text.length & 511]);
        return this;
    }

    private static void put(byte[] into, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, into, at, Math.min(bytes.length, into.length - at));
    }

    private HostileTar add(String name, char type, String link, String content) {
        return header(name, type, link, "%011o\0".formatted(content.length()), content);
    }

    HostileTar file(String name, String content) {
        return add(name, '0', "", content);
    }

    HostileTar directory(String name) {
        return add(name, '5', "", "");
    }

    HostileTar link(String name, String target) {
        return add(name, '2', target, "");
    }

    HostileTar hardLink(String name, String existing) {
        return add(name, '1', existing, "");
    }

    /// Adds records as an extended header for the next entry.
    HostileTar pax(String... records) {
        var all = new StringBuilder();
        for (var record : records) {
            int length = record.length() + 3;
            while ((length + "").length() + record.length() + 2 != length) length++;
            all.append(length).append(' ').append(record).append('\n');
        }
        return add("pax", 'x', "", all.toString());
    }

    HostileTar longName(String name) {
        return add("././@LongLink", 'L', "", name + "\0");
    }

    HostileTar longLink(String name) {
        return add("././@LongLink", 'K', "", name + "\0");
    }

    /// Without the mark of the end.
    byte[] open() {
        return bytes.toByteArray();
    }

    Path write(Path to) throws java.io.IOException {
        return Files.write(to, Arrays.copyOf(open(), bytes.size() + 1024));
    }
}
