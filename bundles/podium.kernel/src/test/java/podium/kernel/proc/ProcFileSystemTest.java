package podium.kernel.proc;

import podium.kernel.PodTable;
import podium.testkit.ReadOnlyFileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

class ProcFileSystemTest extends ReadOnlyFileSystemContract {

    /// Of a pod that is not there, and so without processes, which would come and go.
    @Override
    protected FileSystem create() throws MountException {
        var spec = MountSpec.of("/proc", "proc").withOption("pod", "gone");
        return new ProcFileSystemType(new PodTable()).create(spec);
    }
}
