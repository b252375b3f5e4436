package podium.syscall.wasi;

import java.security.SecureRandom;
import podium.syscall.Export;
import podium.syscall.GuestMemory;

/// Random numbers, from the platform's generator.
public final class RandomCalls extends WasiFamily {

    /// The most bytes of one call, which all come or none: as many as getrandom(2) gives.
    private static final int MOST = 0x1ff_ffff;

    private static final int PORTION = 65_536;

    private final SecureRandom random;

    RandomCalls(Version version, SecureRandom random) {
        super(version);
        this.random = random;
    }

    @Export
    public int random_get(GuestMemory memory, int address, int length) {
        memory.slice(address, length); // EFAULT before anything is written
        if (Integer.compareUnsigned(length, MOST) > 0) return WasiErrno.INVAL;
        var bytes = new byte[Math.min(length, PORTION)];
        for (int done = 0; done < length; done += bytes.length) {
            if (length - done < bytes.length) bytes = new byte[length - done];
            random.nextBytes(bytes);
            memory.put(address + done, bytes);
        }
        return WasiErrno.SUCCESS;
    }
}
