package podium.syscall.fs;

import static podium.syscall.fs.Places.join;

import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// System calls that read and write through descriptors. All of them transfer what can be
/// transferred at once; only when that is nothing do they wait.
@Component(service = SyscallFamily.class)
public final class TransferSyscalls implements SyscallFamily {

    /// The most bytes of one transfer, MAX_RW_COUNT.
    static final int MOST = 0x7fff_f000;

    private static final int AGAIN = Errno.EAGAIN.negated();
    private static final int RWF_KNOWN = 0x1f;

    /// The last of lseek(2)'s whences.
    private static final int SEEK_HOLE = 4;

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int read(Task task, GuestMemory memory, int fd, int buffer, int length) {
        var file = task.files().get(fd);
        return orWait(task, file, file.read(view(memory, buffer, length)), Pollable.IN);
    }

    @Export
    public int write(Task task, GuestMemory memory, int fd, int buffer, int length) {
        var file = task.files().get(fd);
        int done = Writing.done(task);
        int left = checked(length) - done;
        return Writing.after(task, file, file.write(memory.buffer(buffer + done, left)), left);
    }

    @Export
    public int pread64(
            Task task, GuestMemory memory, int fd, int buffer, int length, int low, int high) {
        long position = position(low, high);
        var file = task.files().get(fd);
        return orWait(task, file, file.read(view(memory, buffer, length), position), Pollable.IN);
    }

    @Export
    public int pwrite64(
            Task task, GuestMemory memory, int fd, int buffer, int length, int low, int high) {
        long position = position(low, high);
        var file = task.files().get(fd);
        return orWait(task, file, file.write(view(memory, buffer, length), position), Pollable.OUT);
    }

    @Export
    public int readv(Task task, GuestMemory memory, int fd, int vector, int count) {
        var file = task.files().get(fd);
        return orWait(task, file, Vector.of(memory, vector, count).read(file, -1), Pollable.IN);
    }

    @Export
    public int writev(Task task, GuestMemory memory, int fd, int vector, int count) {
        var file = task.files().get(fd);
        var rest = Vector.of(memory, vector, count).skip(Writing.done(task));
        return Writing.after(task, file, rest.write(file, -1), rest.size());
    }

    @Export
    public int preadv(
            Task task, GuestMemory memory, int fd, int vector, int count, int low, int high) {
        long position = position(low, high);
        var file = task.files().get(fd);
        var parts = Vector.of(memory, vector, count);
        return orWait(task, file, parts.read(file, position), Pollable.IN);
    }

    @Export
    public int pwritev(
            Task task, GuestMemory memory, int fd, int vector, int count, int low, int high) {
        long position = position(low, high);
        var file = task.files().get(fd);
        var parts = Vector.of(memory, vector, count);
        return orWait(task, file, parts.write(file, position), Pollable.OUT);
    }

    /// preadv2(2): a position of -1 is the offset. Of the flags, those that are hints count.
    @Export
    public int preadv2(
            Task task,
            GuestMemory memory,
            int fd,
            int vector,
            int count,
            int low,
            int high,
            int flags) {
        if ((flags & ~RWF_KNOWN) != 0) return Errno.EOPNOTSUPP.negated();
        return join(low, high) == -1
                ? readv(task, memory, fd, vector, count)
                : preadv(task, memory, fd, vector, count, low, high);
    }

    /// pwritev2(2): a position of -1 is the offset. Of the flags, those that are hints count.
    @Export
    public int pwritev2(
            Task task,
            GuestMemory memory,
            int fd,
            int vector,
            int count,
            int low,
            int high,
            int flags) {
        if ((flags & ~RWF_KNOWN) != 0) return Errno.EOPNOTSUPP.negated();
        return join(low, high) == -1
                ? writev(task, memory, fd, vector, count)
                : pwritev(task, memory, fd, vector, count, low, high);
    }

    /// _llseek(2): the halves of the offset come high one first, and the result goes to memory.
    @Export("_llseek")
    public int llseek(
            Task task, GuestMemory memory, int fd, int high, int low, int result, int whence) {
        var file = task.files().get(fd);
        memory.slice(result, 8);
        long offset = seek(file, join(low, high), whence);
        if (offset < 0) return (int) offset;
        memory.putLong(result, offset);
        return 0;
    }

    /// lseek(2) with a 32-bit offset.
    @Export
    public int lseek(Task task, int fd, int distance, int whence) {
        long offset = seek(task.files().get(fd), distance, whence);
        return offset > Integer.MAX_VALUE ? Errno.EOVERFLOW.negated() : (int) offset;
    }

    private static long seek(OpenFile file, long distance, int whence) {
        if (whence < 0 || whence > SEEK_HOLE) return Errno.EINVAL.negated();
        return file.seek(distance, whence);
    }

    @Export
    public int getdents64(Task task, GuestMemory memory, int fd, int buffer, int size) {
        var file = task.files().get(fd);
        if (size < 0) return Errno.EINVAL.negated();
        return file.readDirectory(memory.buffer(buffer, size));
    }

    /// posix_fadvise(2): advice is not needed here.
    @Export("fadvise64_64")
    public int fadvise(
            Task task,
            int fd,
            int offsetLow,
            int offsetHigh,
            int lengthLow,
            int lengthHigh,
            int advice) {
        var place = task.files().get(fd).location();
        if (place == null) return Errno.ESPIPE.negated();
        boolean negative = join(lengthLow, lengthHigh) < 0;
        return negative || advice < 0 || advice > 5 ? Errno.EINVAL.negated() : 0;
    }

    /// readahead(2): a hint.
    @Export
    public int readahead(Task task, int fd, int low, int high, int length) {
        var file = task.files().get(fd);
        if (!file.readable()) return Errno.EBADF.negated();
        var place = file.location();
        return place == null || !place.attributes().isRegular() ? Errno.EINVAL.negated() : 0;
    }

    /// What a transfer gave, or a wait for more where it gave nothing and may wait.
    static int orWait(Task task, OpenFile file, int count, int events) {
        return count != AGAIN || file.nonBlocking() ? count : task.block(file, events);
    }

    private static ByteBuffer view(GuestMemory memory, int buffer, int length) {
        return memory.buffer(buffer, checked(length));
    }

    /// A transfer's length as the kernel takes it.
    private static int checked(int length) {
        if (length < 0) throw Errno.EINVAL.exception();
        return Math.min(length, MOST);
    }

    private static long position(int low, int high) {
        long position = join(low, high);
        if (position < 0) throw Errno.EINVAL.exception();
        return position;
    }
}
