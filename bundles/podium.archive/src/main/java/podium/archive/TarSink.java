package podium.archive;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import podium.syscall.LinuxString;

/// Writes a tar: GNU's way of long names, which keeps their bytes as they are, and of large
/// numbers;
/// pax headers (POSIX.1-2001) for exact times and extended attributes. Commons Compress would write
/// such headers, but of text alone; and of two of them for one entry GNU tar heeds the later one.
final class TarSink implements Sink {

    /// That needs no header of its own.
    private static final int LONGEST_NAME = 99;

    private final TarArchiveOutputStream tar;

    TarSink(OutputStream to) {
        // One character a byte.
        tar = new TarArchiveOutputStream(open(to), StandardCharsets.ISO_8859_1.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    }

    private static OutputStream open(OutputStream to) {
        return new FilterOutputStream(to) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush(); // the stream is the caller's
            }
        };
    }

    @Override
    public boolean hardLinks() {
        return true;
    }

    private static String bytes(String name) {
        return new String(LinuxString.encode(name), StandardCharsets.ISO_8859_1);
    }

    @Override
    public OutputStream begin(Item item) throws IOException {
        var name = bytes(item.name());
        var entry =
                switch (item.kind()) {
                    case FILE -> new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
                    case DIRECTORY -> new TarArchiveEntry(name + "/", TarConstants.LF_DIR, true);
                    case SYMBOLIC_LINK -> new TarArchiveEntry(name, TarConstants.LF_SYMLINK, true);
                    case HARD_LINK -> new TarArchiveEntry(name, TarConstants.LF_LINK, true);
                    case OTHER -> throw new IllegalArgumentException(item.toString());
                };
        if (!item.link().isEmpty()) entry.setLinkName(bytes(item.link()));
        entry.setMode(item.mode());
        entry.setUserId(Integer.toUnsignedLong(item.uid()));
        entry.setGroupId(Integer.toUnsignedLong(item.gid()));
        entry.setSize(item.size());
        var modified = item.modified();
        if (modified != null) entry.setLastModifiedTime(modified);
        extend(name, PaxRecords.of(item));
        tar.putArchiveEntry(entry);
        return tar;
    }

    /// Writes a header for the entry that follows.
    private void extend(String name, byte[] records) throws IOException {
        if (records.length == 0) return;
        var called = "PaxHeaders/" + name;
        var header =
                new TarArchiveEntry(
                        called.substring(0, Math.min(called.length(), LONGEST_NAME)),
                        TarConstants.LF_PAX_EXTENDED_HEADER_LC,
                        true);
        header.setSize(records.length);
        header.setLastModifiedTime(FileTime.fromMillis(0));
        tar.putArchiveEntry(header);
        tar.write(records);
        tar.closeArchiveEntry();
    }

    @Override
    public void end() throws IOException {
        tar.closeArchiveEntry();
    }

    @Override
    public void finish() throws IOException {
        tar.finish();
        tar.flush();
    }
}
