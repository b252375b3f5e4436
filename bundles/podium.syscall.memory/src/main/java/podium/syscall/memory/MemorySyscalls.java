package podium.syscall.memory;

import org.osgi.service.component.annotations.Component;
import podium.syscall.AddressSpace;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// Mapping memory (mmap(2) and its kin). A linear memory has no protection, and files are not
/// mapped but read: a private mapping is a copy, a shared one that could be written is refused.
@Component(service = SyscallFamily.class)
public final class MemorySyscalls implements SyscallFamily {

    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_TYPE = 0xf;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_FIXED_NOREPLACE = 0x10_0000;
    private static final int MREMAP_MAYMOVE = 1;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_FREE = 8;
    private static final int PAGE = AddressSpace.PAGE;

    @Override
    public String module() {
        return "linux";
    }

    /// Always fails, by returning the same break; the C library then maps.
    @Export
    public int brk(int address) {
        return 0;
    }

    @Export
    public int mmap2(
            Task task, int address, int length, int protection, int flags, int fd, int page) {
        int kind = flags & MAP_TYPE;
        if (kind != MAP_SHARED && kind != MAP_PRIVATE && kind != 3) return Errno.EINVAL.negated();
        var space = task.process().addressSpace();
        boolean fixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;
        if ((flags & MAP_ANONYMOUS) != 0) return space.map(address, length, fixed);
        var file = task.files().get(fd);
        if (!file.readable()) return Errno.EACCES.negated();
        if (!file.attributes().isRegular()) return Errno.ENODEV.negated();
        if (kind != MAP_PRIVATE && (protection & PROT_WRITE) != 0) return Errno.ENODEV.negated();
        int place = space.map(address, length, fixed);
        int failure = fill(task, file, place, length, Integer.toUnsignedLong(page) * PAGE);
        if (failure == 0) return place;
        space.unmap(place, length);
        return failure;
    }

    private static int fill(Task task, OpenFile file, int place, int length, long position) {
        for (int done = 0; done < length; ) {
            int count =
                    file.read(task.memory().buffer(place + done, length - done), position + done);
            if (count < 0) return count;
            if (count == 0) break; // beyond the end there are zeros
            done += count;
        }
        return 0;
    }

    @Export
    public int munmap(Task task, int address, int length) {
        task.process().addressSpace().unmap(address, length);
        return 0;
    }

    @Export
    public int mremap(Task task, int old, int oldLength, int newLength, int flags, int to) {
        if ((flags & ~MREMAP_MAYMOVE) != 0) return Errno.EINVAL.negated();
        return task.process()
                .addressSpace()
                .remap(old, oldLength, newLength, (flags & MREMAP_MAYMOVE) != 0);
    }

    /// Nothing can be forbidden; the arguments are checked.
    @Export
    public int mprotect(GuestMemory memory, int address, int length, int protection) {
        if ((address & (PAGE - 1)) != 0) return Errno.EINVAL.negated();
        return check(memory, address, length);
    }

    @Export
    public int madvise(Task task, GuestMemory memory, int address, int length, int advice) {
        if ((address & (PAGE - 1)) != 0 || length < 0) return Errno.EINVAL.negated();
        int failure = check(memory, address, length);
        if (failure != 0 || length == 0) return failure;
        if (advice == MADV_DONTNEED || advice == MADV_FREE)
            task.process().addressSpace().map(address, length, true);
        return 0;
    }

    @Export
    public int msync(GuestMemory memory, int address, int length, int flags) {
        if ((address & (PAGE - 1)) != 0) return Errno.EINVAL.negated();
        return check(memory, address, length);
    }

    @Export
    public int mlock(GuestMemory memory, int address, int length) {
        return check(memory, address, length);
    }

    @Export
    public int mlock2(GuestMemory memory, int address, int length, int flags) {
        return check(memory, address, length);
    }

    @Export
    public int munlock(GuestMemory memory, int address, int length) {
        return check(memory, address, length);
    }

    /// Where guest memory lies is the host's affair: it is never swapped at a guest's wish.
    @Export
    public int mlockall(int flags) {
        return flags == 0 || (flags & ~7) != 0 ? Errno.EINVAL.negated() : 0;
    }

    @Export
    public int munlockall() {
        return 0;
    }

    @Export
    public int mincore(GuestMemory memory, int address, int length, int vector) {
        if ((address & (PAGE - 1)) != 0) return Errno.EINVAL.negated();
        int failure = check(memory, address, length);
        if (failure != 0) return failure;
        int pages = (int) ((Integer.toUnsignedLong(length) + PAGE - 1) / PAGE);
        memory.slice(vector, pages).fill((byte) 1);
        return 0;
    }

    private static int check(GuestMemory memory, int address, int length) {
        long end = Integer.toUnsignedLong(address) + Integer.toUnsignedLong(length);
        return end <= memory.size() ? 0 : Errno.ENOMEM.negated();
    }
}
