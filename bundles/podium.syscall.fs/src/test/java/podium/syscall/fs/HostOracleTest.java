package podium.syscall.fs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.posix.Posix;
import podium.testkit.posix.PosixContract;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.host.HostFileSystemType;
import podium.vfs.impl.VfsService;

/// The same calls on native Linux and through the system calls of a guest on a directory of it,
/// which the host's own inotify watches.
class HostOracleTest extends PosixContract {

    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir Path folder;

    HostOracleTest() {
        super(10);
    }

    /// Where [podium.testkit.posix.NativePosix] tries it, too: other file systems use inode numbers
    /// again.
    @Override
    protected Posix create() throws MountException, IOException {
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "the pod's superuser may more than others on Linux");
        var parent = Files.isWritable(MEMORY) ? MEMORY : folder;
        var directory = Files.createTempDirectory(parent, "podium");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        var vfs = new VfsService(List.of(new HostFileSystemType()), null);
        var spec = MountSpec.of("/", "host", directory.toString()).withOption("suid", "true");
        return new GuestPosix(vfs, vfs.namespace(List.of(spec)));
    }

    /// No owners: there is one.
    @Override
    protected boolean takes(String line) {
        return !line.startsWith("user ") && !line.startsWith("chown ");
    }
}
