package podium.syscall.wasi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.syscall.wasi.abi.FileType;
import podium.syscall.wasi.abi.Rights;
import podium.syscall.wasi.abi.WasiErrno;

/// Reading directories. A cookie is where the kernel's own reading goes on, so entries are found
/// again whatever was added or removed meanwhile.
public final class DirectoryCalls extends WasiFamily {

    /// Bytes of a `dirent` before its name.
    private static final int DIRENT = 24;

    /// Where a `linux_dirent64` has its length, type and name.
    private static final int LENGTH = 16;

    private static final int TYPE = 18;
    private static final int NAME = 19;
    private static final int PORTION = 16_384;

    DirectoryCalls(Version version) {
        super(version);
    }

    /// Fills a buffer with entries, the last one cut off where it does not fit: a buffer that is
    /// not full ends the directory.
    @Export
    public int fd_readdir(
            Task task, GuestMemory memory, int fd, int address, int size, long cookie, int result) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_READDIR)) return WasiErrno.NOTCAPABLE;
        var into = memory.buffer(address, size);
        memory.slice(result, 4);
        int error = fill(file, into, cookie);
        if (error != WasiErrno.SUCCESS) return error;
        memory.putInt(result, into.position());
        return WasiErrno.SUCCESS;
    }

    /// The place of an open directory is moved, and read from; nobody else does that meanwhile.
    private static int fill(OpenFile file, ByteBuffer into, long cookie) {
        synchronized (file) {
            if (!file.attributes().isDirectory()) return WasiErrno.NOTDIR;
            long place = file.seek(cookie, 0);
            if (place < 0) return WasiErrno.of(place);
            var entries = ByteBuffer.allocate(PORTION).order(ByteOrder.LITTLE_ENDIAN);
            while (into.hasRemaining()) {
                int count = file.readDirectory(entries.clear());
                if (count < 0) return WasiErrno.of(count);
                if (count == 0) break;
                for (entries.flip(); entries.hasRemaining() && into.hasRemaining(); )
                    put(entries, into);
            }
            return WasiErrno.SUCCESS;
        }
    }

    /// Moves one entry.
    private static void put(ByteBuffer from, ByteBuffer into) {
        int start = from.position();
        int end = start + from.getShort(start + LENGTH);
        int name = start + NAME;
        int length = 0;
        while (from.get(name + length) != 0) length++;
        var entry = ByteBuffer.allocate(DIRENT + length).order(ByteOrder.LITTLE_ENDIAN);
        entry.putLong(from.getLong(start + 8)).putLong(from.getLong(start)).putInt(length);
        entry.put((byte) FileType.of(from.get(start + TYPE) << 12).ordinal());
        entry.put(DIRENT, from, name, length);
        entry.clear().limit(Math.min(entry.capacity(), into.remaining()));
        into.put(entry);
        from.position(end);
    }
}
