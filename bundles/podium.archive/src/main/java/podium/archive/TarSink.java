package podium.archive;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import podium.syscall.LinuxString;

/// Writes a tar: GNU's way of long names, which keeps their bytes as they are, and pax headers
/// (POSIX.1-2001) for times and large numbers.
final class TarSink implements Sink {

    private final TarArchiveOutputStream tar;

    TarSink(OutputStream to) {
        // One character a byte.
        tar = new TarArchiveOutputStream(open(to), StandardCharsets.ISO_8859_1.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
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
        entry.setUserId(item.uid());
        entry.setGroupId(item.gid());
        entry.setSize(item.size());
        var modified = item.modified();
        if (modified != null) entry.setLastModifiedTime(modified);
        tar.putArchiveEntry(entry);
        return tar;
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
