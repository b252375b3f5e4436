package podium.vfs.host;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import podium.testkit.posix.Posix;
import podium.testkit.posix.PosixContract;
import podium.testkit.posix.VfsPosix;
import podium.vfs.MountException;
import podium.vfs.impl.VfsService;

/// The same calls on native Linux and on the VFS over a directory of it.
class HostOracleTest extends PosixContract {

    private static final Path MEMORY = Path.of("/dev/shm");

    private final List<Path> made = new ArrayList<>();

    HostOracleTest() {
        super(40);
    }

    /// Where [podium.testkit.posix.NativePosix] tries it, too: other file systems use inode numbers
    /// again.
    @Override
    protected Posix create() throws MountException, IOException {
        assumeTrue(Linux.geteuid() == 0, "the pod's superuser may more than others on Linux");
        var vfs = new VfsService(List.of(new HostFileSystemType()), null);
        var directory =
                Files.isWritable(MEMORY)
                        ? Files.createTempDirectory(MEMORY, "podium")
                        : Files.createTempDirectory("podium");
        made.add(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        var spec = HostDirectories.spec(directory).withOption("suid", "true");
        return new VfsPosix(vfs, vfs.namespace(List.of(spec)));
    }

    @AfterAll
    void remove() throws IOException {
        for (var directory : made) HostDirectories.remove(directory);
    }

    /// Not watches, which podium.syscall.fs makes, and no owners: there is one.
    @Override
    protected boolean takes(String line) {
        return !line.startsWith("watch ")
                && !line.startsWith("user ")
                && !line.startsWith("chown ");
    }
}
