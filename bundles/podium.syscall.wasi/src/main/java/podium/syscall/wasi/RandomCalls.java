package podium.syscall.wasi;

import java.security.SecureRandom;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Task;
import podium.syscall.wasi.abi.WasiErrno;

/// Random numbers, from the platform's generator.
public final class RandomCalls extends WasiFamily {

    private static final int PORTION = 65_536;

    /// Bytes after which the task looks whether it is to end.
    private static final int STEP = 1 << 20;

    private final SecureRandom random;

    RandomCalls(Version version, SecureRandom random) {
        super(version);
        this.random = random;
    }

    /// However many there are room for, in steps.
    @Export
    public int random_get(Task task, GuestMemory memory, int address, int length) {
        memory.slice(address, length); // EFAULT before anything is written
        long size = Integer.toUnsignedLong(length);
        long done = size > STEP && task.kept() instanceof Long before ? before : 0;
        long end = Math.min(size, done + STEP);
        var bytes = new byte[(int) Math.min(end - done, PORTION)];
        for (; done < end; done += bytes.length) {
            if (end - done < bytes.length) bytes = new byte[(int) (end - done)];
            random.nextBytes(bytes);
            memory.put((int) (address + done), bytes);
        }
        if (done == size) return WasiErrno.SUCCESS;
        task.keep(done);
        return task.block(null, 0, 0);
    }
}
