package podium.syscall.fs;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.KernelObjects;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// poll(2) and select(2).
@Component(service = SyscallFamily.class)
public final class PollSyscalls implements SyscallFamily {

    private static final int POLLFD = 8;
    private static final int NVAL = 0x20;
    private static final int RDNORM = 0x40;
    private static final int WRNORM = 0x100;
    private static final int FD_SETSIZE = 1024;

    private final KernelObjects kernel;

    @Activate
    public PollSyscalls(@Reference KernelObjects kernel) {
        this.kernel = kernel;
    }

    @Override
    public String module() {
        return "linux";
    }

    /// ppoll(2) over an array of `struct pollfd`.
    @Export("ppoll_time64")
    public int ppoll(
            Task task,
            GuestMemory memory,
            int array,
            int count,
            int timeout,
            int mask,
            int maskSize) {
        if (Integer.compareUnsigned(count, Math.max(FD_SETSIZE, task.files().limit())) > 0)
            return Errno.EINVAL.negated();
        memory.slice(array, count * POLLFD);
        long wait = Times.timeout(memory, timeout);
        SignalMask.set(task, memory, mask, maskSize);
        var files = new Watched(count);
        int ready = 0;
        for (int i = 0; i < count; i++) {
            int at = array + i * POLLFD;
            int fd = memory.getInt(at);
            int events = memory.getShort(at + 4) & 0xffff;
            int now = fd < 0 ? 0 : look(task, fd, events, files);
            memory.putShort(at + 6, (short) now);
            if (now != 0) ready++;
        }
        return ready > 0 || wait == 0 || task.timedOut() ? ready : files.block(task, wait);
    }

    private static int look(Task task, int fd, int events, Watched files) {
        OpenFile file;
        try {
            file = task.files().get(fd);
        } catch (ErrnoException e) {
            return NVAL;
        }
        int wanted = events | Pollable.ERR | Pollable.HUP;
        if ((wanted & RDNORM) != 0) wanted |= Pollable.IN;
        if ((wanted & WRNORM) != 0) wanted |= Pollable.OUT;
        int ready = file.readiness() & wanted;
        if (ready == 0) {
            files.add(file, wanted);
            return 0;
        }
        if ((ready & Pollable.IN) != 0) ready |= RDNORM;
        if ((ready & Pollable.OUT) != 0) ready |= WRNORM;
        return ready & (events | Pollable.ERR | Pollable.HUP);
    }

    /// pselect6(2).
    ///
    /// @param mask address of a signal set's address and its size, or 0
    @Export("pselect6_time64")
    public int pselect6(
            Task task,
            GuestMemory memory,
            int count,
            int in,
            int out,
            int err,
            int timeout,
            int mask) {
        if (count < 0) return Errno.EINVAL.negated();
        long wait = Times.timeout(memory, timeout);
        if (mask != 0) SignalMask.set(task, memory, memory.getInt(mask), memory.getInt(mask + 4));
        int n = Math.min(count, Math.max(FD_SETSIZE, task.files().limit()));
        var sets =
                new FdSet[] {
                    FdSet.of(memory, in, n, Pollable.IN | Pollable.HUP | Pollable.ERR),
                    FdSet.of(memory, out, n, Pollable.OUT | Pollable.ERR),
                    FdSet.of(memory, err, n, Pollable.PRI)
                };
        var files = new Watched(16);
        int ready = 0;
        for (int fd = 0; fd < n; fd++) {
            int wanted = 0;
            for (var set : sets) if (set.asks(fd)) wanted |= set.events();
            if (wanted == 0) continue;
            var file = task.files().get(fd);
            int now = file.readiness();
            for (var set : sets)
                if (set.asks(fd) && (now & set.events()) != 0) ready += set.mark(fd);
            files.add(file, wanted);
        }
        if (ready == 0 && wait != 0 && !task.timedOut()) return files.block(task, wait);
        for (var set : sets) set.put(memory);
        return ready;
    }

    /// Files that are not ready, to wait for.
    private final class Watched {

        private Pollable[] files;
        private int[] events;
        private int count;

        Watched(int capacity) {
            files = new Pollable[Math.min(capacity, 64)];
            events = new int[files.length];
        }

        void add(Pollable file, int wanted) {
            if (count == files.length) {
                files = java.util.Arrays.copyOf(files, Math.max(16, 2 * count));
                events = java.util.Arrays.copyOf(events, files.length);
            }
            files[count] = file;
            events[count++] = wanted;
        }

        int block(Task task, long wait) {
            return task.block(all(), Pollable.IN, wait);
        }

        private @Nullable Pollable all() {
            if (count == 0) return null;
            return kernel.any(
                    java.util.Arrays.copyOf(files, count), java.util.Arrays.copyOf(events, count));
        }
    }
}
