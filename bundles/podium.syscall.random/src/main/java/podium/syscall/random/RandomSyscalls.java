package podium.syscall.random;

import java.security.SecureRandom;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// getrandom(2), from the platform's generator.
@Component(service = SyscallFamily.class)
public final class RandomSyscalls implements SyscallFamily {

    private static final int GRND_NONBLOCK = 1;
    private static final int GRND_RANDOM = 2;
    private static final int GRND_INSECURE = 4;

    /// The most bytes of one call, as on Linux.
    private static final int MOST = 0x1ff_ffff;

    private static final int PORTION = 65_536;

    /// Bytes after which the task looks for signals.
    private static final int STEP = 1 << 20;

    private final SecureRandom random = new SecureRandom();

    @Override
    public String module() {
        return "linux";
    }

    /// A signal whose handler runs meanwhile ends it with what is there by then.
    @Export
    public int getrandom(Task task, GuestMemory memory, int address, int size, int flags) {
        int both = GRND_RANDOM | GRND_INSECURE;
        if ((flags & ~(GRND_NONBLOCK | both)) != 0 || (flags & both) == both)
            return Errno.EINVAL.negated();
        int count = Integer.compareUnsigned(size, MOST) > 0 ? MOST : size;
        memory.slice(address, count); // EFAULT before anything is written
        int before = count > STEP && task.kept() instanceof Integer n ? n : 0;
        int end = Math.min(count, before + STEP);
        fill(memory, address + before, end - before);
        if (end == count) return count;
        task.keep(end);
        task.onInterrupt(() -> end);
        return task.block(null, 0, 0);
    }

    private void fill(GuestMemory memory, int address, int count) {
        var bytes = new byte[Math.min(count, PORTION)];
        for (int done = 0; done < count; done += bytes.length) {
            if (count - done < bytes.length) bytes = new byte[count - done];
            random.nextBytes(bytes);
            memory.put(address + done, bytes);
        }
    }
}
