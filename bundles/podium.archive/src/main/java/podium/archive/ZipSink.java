package podium.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.zip.X7875_NewUnix;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import podium.syscall.LinuxString;

/// Writes a zip with Unix modes and owners, and Info-ZIP's way of symbolic links: the target is the
/// content.
final class ZipSink implements Sink {

    private final ZipArchiveOutputStream zip;

    ZipSink(OutputStream to) {
        zip = new ZipArchiveOutputStream(to);
        zip.setUseZip64(Zip64Mode.AsNeeded);
    }

    @Override
    public boolean hardLinks() {
        return false;
    }

    @Override
    public OutputStream begin(Item item) throws IOException {
        boolean directory = item.kind() == Item.Kind.DIRECTORY;
        var entry = new ZipArchiveEntry(directory ? item.name() + "/" : item.name());
        if (!isText(item.name()))
            throw new IOException(
                    "a zip cannot have the name '"
                            + Item.shown(item.name())
                            + "', which is no text: use tar");
        boolean link = item.kind() == Item.Kind.SYMBOLIC_LINK;
        var target = link ? LinuxString.encode(item.link()) : new byte[0];
        entry.setSize(link ? target.length : item.size());
        entry.setUnixMode((link ? 0120000 : directory ? 0040000 : 0100000) | item.mode());
        var owner = new X7875_NewUnix();
        owner.setUID(Integer.toUnsignedLong(item.uid()));
        owner.setGID(Integer.toUnsignedLong(item.gid()));
        entry.addExtraField(owner);
        var modified = item.modified();
        if (modified != null) entry.setLastModifiedTime(modified);
        zip.putArchiveEntry(entry);
        if (link) zip.write(target);
        return zip;
    }

    private static boolean isText(String name) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(name);
    }

    @Override
    public void end() throws IOException {
        zip.closeArchiveEntry();
    }

    @Override
    public void finish() throws IOException {
        zip.finish();
        zip.flush();
    }
}
