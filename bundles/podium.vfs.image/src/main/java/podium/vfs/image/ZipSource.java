package podium.vfs.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import podium.syscall.LinuxString;
import podium.vfs.Mode;

/// A zip file of the host, with the permissions, symbolic links and pipes that Unix tools put in.
final class ZipSource implements ImageSource, AutoCloseable {

    private static final int LONGEST_LINK = 4095;

    private final ZipFile zip;
    private final ZipModes modes;
    private final long packed;

    ZipSource(Path file) throws IOException {
        // First, as it looks at how much the other one will read into memory.
        modes = ZipModes.of(file);
        packed = java.nio.file.Files.size(file);
        zip = new ZipFile(file.toFile());
    }

    @Override
    public void entries(Visitor visitor) throws IOException {
        var budget = new UnpackedBudget(packed);
        for (var entry : Collections.list(zip.entries())) {
            budget.add(entry.getSize());
            int mode = modes.of(entry.getName());
            long modified = entry.getLastModifiedTime().to(TimeUnit.NANOSECONDS);
            var facts = Facts.of(mode < 0 ? -1 : mode & Mode.PERMISSIONS, modified);
            add(entry, mode < 0 ? Mode.REGULAR : Mode.type(mode), facts, visitor);
        }
    }

    private void add(ZipEntry entry, int type, Facts facts, Visitor visitor) throws IOException {
        var name = entry.getName();
        if (entry.isDirectory()) visitor.directory(trimmed(name), facts);
        else
            switch (type) {
                case Mode.LINK -> visitor.link(name, target(entry), facts);
                case Mode.FIFO, Mode.SOCKET, Mode.BLOCK, Mode.CHARACTER ->
                        visitor.special(name, type, 0, facts);
                default -> visitor.file(name, entry.getSize(), facts);
            }
    }

    /// The root itself must not be named, so what is left is one name at least.
    private static String trimmed(String name) throws Refusal {
        if (name.equals("/")) throw Refusal.of(name, "its name is not valid");
        return name.substring(0, name.length() - 1);
    }

    private String target(ZipEntry entry) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            return LinuxString.decode(in.readNBytes(LONGEST_LINK + 1));
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
