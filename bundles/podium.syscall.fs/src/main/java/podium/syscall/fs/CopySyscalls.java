package podium.syscall.fs;

import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// System calls that copy from descriptor to descriptor.
@Component(service = SyscallFamily.class)
public final class CopySyscalls implements SyscallFamily {

    private static final int STEP = 1 << 16;
    private static final int SEEK_SET = 0;
    private static final int SEEK_CUR = 1;

    @Override
    public String module() {
        return "linux";
    }

    /// sendfile(2).
    ///
    /// @param offset address of a 64-bit position; 0 to use and advance the file's offset
    @Export
    public int sendfile64(
            Task task, GuestMemory memory, int outFd, int inFd, int offset, int count) {
        var in = task.files().get(inFd);
        var out = task.files().get(outFd);
        if (!in.readable() || !out.writable()) return Errno.EBADF.negated();
        if (count < 0 || (out.flags() & OpenFile.O_APPEND) != 0) return Errno.EINVAL.negated();
        long from = offset == 0 ? in.seek(0, SEEK_CUR) : memory.getLong(offset);
        if (from < 0) return Errno.EINVAL.negated();
        long done = copy(in, from, out, -1, Math.min(count, TransferSyscalls.MOST));
        if (done > 0) {
            if (offset == 0) in.seek(from + done, SEEK_SET);
            else memory.putLong(offset, from + done);
        }
        return TransferSyscalls.orWait(task, out, (int) done, Pollable.OUT);
    }

    /// copy_file_range(2).
    @Export("copy_file_range")
    public int copyFileRange(
            Task task,
            GuestMemory memory,
            int inFd,
            int inOffset,
            int outFd,
            int outOffset,
            int count,
            int flags) {
        var in = task.files().get(inFd);
        var out = task.files().get(outFd);
        if (flags != 0 || count < 0) return Errno.EINVAL.negated();
        int refused = refused(in, out);
        if (refused < 0) return refused;
        long from = inOffset == 0 ? in.seek(0, SEEK_CUR) : memory.getLong(inOffset);
        long to = outOffset == 0 ? out.seek(0, SEEK_CUR) : memory.getLong(outOffset);
        int length = Math.min(count, TransferSyscalls.MOST);
        if (from < 0 || to < 0) return Errno.EINVAL.negated();
        boolean same = in.location() == out.location();
        if (same && Math.abs(from - to) < length) return Errno.EINVAL.negated();
        int done = (int) copy(in, from, out, to, length);
        if (done > 0) {
            if (inOffset == 0) in.seek(from + done, SEEK_SET);
            else memory.putLong(inOffset, from + done);
            if (outOffset == 0) out.seek(to + done, SEEK_SET);
            else memory.putLong(outOffset, to + done);
        }
        return done;
    }

    private static int refused(OpenFile in, OpenFile out) {
        if (!in.readable() || !out.writable() || (out.flags() & OpenFile.O_APPEND) != 0)
            return Errno.EBADF.negated();
        var from = in.attributes();
        var to = out.attributes();
        if (from.isDirectory() || to.isDirectory()) return Errno.EISDIR.negated();
        return from.isRegular() && to.isRegular() ? 0 : Errno.EINVAL.negated();
    }

    /// Copies from a position, to a position or (-1) the offset.
    ///
    /// @return bytes copied, or a negated errno when there were none
    private static long copy(OpenFile in, long from, OpenFile out, long to, int length) {
        var buffer = ByteBuffer.allocate(Math.min(length, STEP));
        int done = 0;
        while (done < length) {
            buffer.clear().limit(Math.min(STEP, length - done));
            int count = in.read(buffer, from + done);
            if (count <= 0) return done > 0 ? done : count;
            buffer.flip();
            int written = to < 0 ? out.write(buffer) : out.write(buffer, to + done);
            if (written < 0) return done > 0 ? done : written;
            done += written;
            if (written < count) break;
        }
        return done;
    }
}
