package podium.vfs.sqlite;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import podium.syscall.Errno;
import podium.vfs.backend.HostSpace;

/// A file beside the database that holds some of the host's space, for changes that give space back
/// and could not be made otherwise: of a quota of the host's nobody tells how much is left. Used by
/// who changes.
final class Reserve implements AutoCloseable {

    static final int SIZE = 1 << 20;

    /// More than SQLite writes at once.
    private static final int PROBE = 1 << 16;

    private final Path path;

    /// Not a channel, which an interrupt would close.
    private final RandomAccessFile file;

    /// @param database its file
    Reserve(Path database) throws IOException {
        path = LockedFile.beside(database, "-reserve");
        file = new RandomAccessFile(path.toFile(), "rw");
    }

    /// Takes what is missing, if the host has it.
    void fill() throws IOException {
        long held = file.length();
        if (held >= SIZE) return;
        try {
            write(held, SIZE - (int) held);
        } catch (IOException e) {
            file.setLength(held);
            if (HostSpace.error(e) == null) throw e;
        }
    }

    private void write(long position, int length) throws IOException {
        file.seek(position);
        file.write(new byte[length]);
    }

    /// Gives it up.
    ///
    /// @return whether there was any
    boolean release() throws IOException {
        if (file.length() == 0) return false;
        file.setLength(0);
        return true;
    }

    /// Why SQLite could not write, which does not say it.
    ///
    /// @return `EDQUOT`, `ENOSPC`; `EIO` when something else was wrong, and is no more
    /// @throws IOException nothing can be written here
    Errno lack() throws IOException {
        long held = file.length();
        try {
            write(held, PROBE);
            return Errno.EIO;
        } catch (IOException e) {
            var lack = HostSpace.error(e);
            if (lack == null) throw e;
            return lack;
        } finally {
            file.setLength(held);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }
}
