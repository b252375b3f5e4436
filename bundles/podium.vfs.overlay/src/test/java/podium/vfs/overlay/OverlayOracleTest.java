package podium.vfs.overlay;

import java.util.ArrayList;
import java.util.List;
import podium.testkit.posix.Posix;
import podium.testkit.posix.PosixContract;
import podium.testkit.posix.VfsPosix;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.impl.VfsService;

/// The same calls on native Linux and on the VFS over an overlay.
class OverlayOracleTest extends PosixContract {

    OverlayOracleTest() {
        super(40);
    }

    @Override
    protected Posix create() throws MountException {
        var types = new ArrayList<FileSystemType>(Layers.types());
        types.add(new OverlayFileSystemType(Layers.types()));
        var vfs = new VfsService(types, null);
        var spec = Layers.spec("upper", "memory", "lower.1", "memory");
        return new VfsPosix(vfs, vfs.namespace(List.of(spec)));
    }

    /// Watches are files that system calls make; podium.syscall.fs tries them.
    @Override
    protected boolean takes(String line) {
        return !line.startsWith("watch ");
    }
}
