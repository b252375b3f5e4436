package podium.syscall.fs;

import java.util.List;
import podium.testkit.posix.Posix;
import podium.testkit.posix.PosixContract;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

/// The same calls on native Linux and through the system calls of a guest.
class GuestOracleTest extends PosixContract {

    GuestOracleTest() {
        super(20);
    }

    @Override
    protected Posix create() throws MountException {
        var vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
        return new GuestPosix(vfs, vfs.namespace(List.of(MountSpec.of("/", "memory"))));
    }
}
