package podium.vfs.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// A zip file of the host, with the permissions and symbolic links that Unix tools put in.
final class ZipSource implements ImageSource, AutoCloseable {

    private static final int LONGEST_LINK = 4095;

    private final ZipFile zip;
    private final ZipModes modes;

    ZipSource(Path file) throws IOException {
        zip = new ZipFile(file.toFile());
        modes = ZipModes.of(file);
    }

    @Override
    public void entries(Visitor visitor) throws IOException {
        for (var entry : Collections.list(zip.entries())) {
            int mode = modes.of(entry.getName());
            long modified = entry.getLastModifiedTime().to(TimeUnit.NANOSECONDS);
            if (entry.isDirectory()) visitor.directory(entry.getName());
            else if (ZipModes.isLink(mode)) visitor.link(entry.getName(), target(entry), modified);
            else
                visitor.file(
                        entry.getName(), entry.getSize(), mode < 0 ? -1 : mode & 07777, modified);
        }
    }

    private String target(ZipEntry entry) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            var bytes = in.readNBytes(LONGEST_LINK + 1);
            if (bytes.length == 0 || bytes.length > LONGEST_LINK)
                throw new IOException("no valid symbolic link: " + entry.getName());
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @Override
    public InputStream open(String path) throws IOException {
        var entry = zip.getEntry(path);
        if (entry == null) throw new EOFException("no entry " + path);
        return zip.getInputStream(entry);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
