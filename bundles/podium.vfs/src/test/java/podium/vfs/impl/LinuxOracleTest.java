package podium.vfs.impl;

import java.util.List;
import podium.testkit.posix.Posix;
import podium.testkit.posix.PosixContract;
import podium.testkit.posix.VfsPosix;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.memory.MemoryFileSystemType;

/// The same calls on native Linux and on the VFS over memory.
class LinuxOracleTest extends PosixContract {

    LinuxOracleTest() {
        super(60);
    }

    @Override
    protected Posix create() throws MountException {
        var vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
        return new VfsPosix(vfs, vfs.namespace(List.of(MountSpec.of("/", "memory"))));
    }

    /// Watches are files that system calls make; podium.syscall.fs tries them.
    @Override
    protected boolean takes(String line) {
        return !line.startsWith("watch ");
    }
}
