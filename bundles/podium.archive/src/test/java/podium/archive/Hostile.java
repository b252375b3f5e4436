package podium.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import podium.vfs.Archives.Format;

/// Archives as no decent program makes them.
abstract class Hostile {

    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static Hostile of(Format format) {
        return format == Format.ZIP ? new Zip() : new Tar();
    }

    abstract Hostile file(String name, String content) throws IOException;

    abstract Hostile directory(String name) throws IOException;

    abstract Hostile symbolic(String name, String target) throws IOException;

    abstract Hostile hard(String name, String target) throws IOException;

    abstract byte[] bytes() throws IOException;

    /// A tar header that announces more than there is.
    static byte[] header(String name, char type, long size, int content) {
        var header = new byte[512 + content];
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, header, 0, name.length());
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, "%011o\0".formatted(size));
        put(header, 136, "00000000000\0");
        Arrays.fill(header, 148, 156, (byte) ' ');
        header[156] = (byte) type;
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (int i = 0; i < 512; i++) sum += header[i] & 0xff;
        put(header, 148, "%06o\0 ".formatted(sum));
        var filling = type == 'x' ? "11 a=bcdef\n" : "aaaaaaaaaaa";
        for (int i = 512; i < header.length; i++) header[i] = (byte) filling.charAt((i - 512) % 11);
        return header;
    }

    /// A file with a pax header before it, of these records.
    static byte[] extended(String... records) throws IOException {
        var content = new StringBuilder();
        for (var record : records) {
            int length = record.length() + 3;
            while ((length + "").length() + record.length() + 2 != length) length++;
            content.append(length).append(' ').append(record).append('\n');
        }
        int size = content.length();
        var header = header("pax", 'x', size, size + 511 & -512);
        Arrays.fill(header, 512, header.length, (byte) 0);
        put(header, 512, content.toString());
        var all = new ByteArrayOutputStream();
        all.writeBytes(header);
        all.writeBytes(of(Format.TAR).file("f", "x").bytes());
        return all.toByteArray();
    }

    private static void put(byte[] into, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, into, at, bytes.length);
    }

    private static final class Tar extends Hostile {

        private final TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8");

        private Hostile add(String name, byte type, String target, byte[] content)
                throws IOException {
            var entry = new TarArchiveEntry(name, type, true);
            if (!target.isEmpty()) entry.setLinkName(target);
            entry.setSize(content.length);
            out.putArchiveEntry(entry);
            out.write(content);
            out.closeArchiveEntry();
            return this;
        }

        @Override
        Hostile file(String name, String content) throws IOException {
            return add(name, TarConstants.LF_NORMAL, "", content.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        Hostile directory(String name) throws IOException {
            return add(name + "/", TarConstants.LF_DIR, "", new byte[0]);
        }

        @Override
        Hostile symbolic(String name, String target) throws IOException {
            return add(name, TarConstants.LF_SYMLINK, target, new byte[0]);
        }

        @Override
        Hostile hard(String name, String target) throws IOException {
            return add(name, TarConstants.LF_LINK, target, new byte[0]);
        }

        @Override
        byte[] bytes() throws IOException {
            out.close();
            return bytes.toByteArray();
        }
    }

    private static final class Zip extends Hostile {

        private final ZipArchiveOutputStream out = new ZipArchiveOutputStream(bytes);

        private Hostile add(String name, int mode, String content) throws IOException {
            var entry = new ZipArchiveEntry(name);
            entry.setUnixMode(mode);
            out.putArchiveEntry(entry);
            out.write(content.getBytes(StandardCharsets.UTF_8));
            out.closeArchiveEntry();
            return this;
        }

        @Override
        Hostile file(String name, String content) throws IOException {
            return add(name, 0100644, content);
        }

        @Override
        Hostile directory(String name) throws IOException {
            return add(name + "/", 0040755, "");
        }

        @Override
        Hostile symbolic(String name, String target) throws IOException {
            return add(name, 0120777, target);
        }

        @Override
        Hostile hard(String name, String target) {
            throw new UnsupportedOperationException();
        }

        @Override
        byte[] bytes() throws IOException {
            out.close();
            return bytes.toByteArray();
        }
    }
}
