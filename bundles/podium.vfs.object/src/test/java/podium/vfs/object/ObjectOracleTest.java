package podium.vfs.object;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.posix.Posix;
import podium.testkit.posix.PosixContract;
import podium.testkit.posix.VfsPosix;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;

/// The same calls on native Linux and on the VFS over a bucket.
class ObjectOracleTest extends PosixContract {

    @TempDir static Path directory;

    ObjectOracleTest() {
        super(40);
    }

    @Override
    protected Posix create() throws MountException, IOException {
        var vfs = new VfsService(List.of(new PathObjectType()), null);
        var path = Files.createTempDirectory(directory, "o").resolve("cache").toString();
        return new VfsPosix(vfs, vfs.namespace(List.of(MountSpec.of("/", "object", path))));
    }

    /// Watches are files that system calls make; podium.syscall.fs tries them.
    @Override
    protected boolean takes(String line) {
        return !line.startsWith("watch ");
    }
}
