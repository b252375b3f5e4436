package podium.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.Enumeration;
import java.util.Objects;
import org.apache.commons.compress.archivers.zip.X7875_NewUnix;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipShort;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;
import podium.vfs.backend.ExtendedAttributes;

/// Reads a zip by its directory.
final class ZipSource implements Source, AutoCloseable {

    private static final int LONGEST_LINK = 4095;
    private static final ZipShort OWNER = new X7875_NewUnix().getHeaderId();

    private final ZipFile zip;
    private final Enumeration<ZipArchiveEntry> entries;
    private @Nullable ZipArchiveEntry current;

    ZipSource(SeekableByteChannel channel) throws IOException {
        try {
            zip =
                    ZipFile.builder()
                            .setSeekableByteChannel(channel)
                            .setIgnoreLocalFileHeader(false)
                            .get();
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "the archive is damaged or cut off: " + Item.shown("" + e.getMessage()), e);
        }
        entries = zip.getEntriesInPhysicalOrder();
    }

    @Override
    public @Nullable Item next() throws IOException {
        if (!entries.hasMoreElements()) return null;
        var entry = entries.nextElement();
        current = entry;
        var kind = kind(entry);
        var name = LinuxString.decode(entry.getRawName());
        if (name.endsWith("/")) name = name.substring(0, name.length() - 1);
        int mode = entry.getUnixMode() & 07777;
        // One that was not made on Unix tells no mode.
        if (mode == 0) mode = kind == Item.Kind.DIRECTORY ? 0755 : 0644;
        var owner = entry.getExtraField(OWNER) instanceof X7875_NewUnix unix ? unix : null;
        return new Item(
                name,
                kind,
                mode,
                owner == null ? -1 : (int) owner.getUID(),
                owner == null ? -1 : (int) owner.getGID(),
                entry.getLastModifiedTime(),
                kind == Item.Kind.SYMBOLIC_LINK ? target() : "",
                kind == Item.Kind.FILE ? Math.max(0, entry.getSize()) : 0,
                ExtendedAttributes.NONE);
    }

    private static Item.Kind kind(ZipArchiveEntry entry) {
        if (entry.isUnixSymlink()) return Item.Kind.SYMBOLIC_LINK;
        if (entry.isDirectory()) return Item.Kind.DIRECTORY;
        int type = entry.getUnixMode() & 0170000;
        return type == 0 || type == 0100000 ? Item.Kind.FILE : Item.Kind.OTHER;
    }

    private String target() throws IOException {
        try (var in = content()) {
            var bytes = in.readNBytes(LONGEST_LINK + 1);
            if (bytes.length > LONGEST_LINK) throw new IOException("a symbolic link is too long");
            return LinuxString.decode(bytes);
        }
    }

    @Override
    public InputStream content() throws IOException {
        var entry = Objects.requireNonNull(current);
        if (!zip.canReadEntryData(entry))
            throw new IOException(
                    "'"
                            + Item.shown(entry.getName())
                            + "' is encrypted or compressed in a way unknown here");
        return Objects.requireNonNull(zip.getInputStream(entry));
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
