package podium.syscall.fs;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.FdTable;
import podium.syscall.Grant;
import podium.syscall.OpenFile;

/// A descriptor table for one thread.
final class TestFiles implements FdTable {

    private record Slot(OpenFile file, boolean closeOnExec) {}

    private final Map<Integer, Slot> slots = new TreeMap<>();

    private Slot slot(int fd) {
        var slot = slots.get(fd);
        if (slot == null) throw Errno.EBADF.exception();
        return slot;
    }

    @Override
    public OpenFile get(int fd) {
        return slot(fd).file;
    }

    @Override
    public OpenFile retain(int fd) {
        var file = get(fd);
        file.retain();
        return file;
    }

    @Override
    public int add(OpenFile file, int from, boolean closeOnExec, @Nullable Grant grant) {
        int fd = from;
        while (slots.containsKey(fd)) fd++;
        if (fd >= limit()) {
            file.release();
            throw Errno.EMFILE.exception();
        }
        slots.put(fd, new Slot(file, closeOnExec));
        return fd;
    }

    @Override
    public void set(int fd, OpenFile file, boolean closeOnExec) {
        if (fd < 0 || fd >= limit()) {
            file.release();
            throw Errno.EBADF.exception();
        }
        if (slots.containsKey(fd)) close(fd);
        slots.put(fd, new Slot(file, closeOnExec));
    }

    @Override
    public void close(int fd) {
        var file = slot(fd).file;
        slots.remove(fd);
        file.descriptorClosed(this);
        file.release();
    }

    @Override
    public boolean closeOnExec(int fd) {
        return slot(fd).closeOnExec;
    }

    @Override
    public void setCloseOnExec(int fd, boolean closeOnExec) {
        slots.put(fd, new Slot(get(fd), closeOnExec));
    }

    @Override
    public int[] open() {
        return slots.keySet().stream().mapToInt(fd -> fd).toArray();
    }

    @Override
    public @Nullable Grant grant(int fd, OpenFile file) {
        return null;
    }

    @Override
    public boolean changeGrant(int fd, OpenFile file, @Nullable Grant from, Grant to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void move(int from, int to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int limit() {
        return 1024;
    }
}
