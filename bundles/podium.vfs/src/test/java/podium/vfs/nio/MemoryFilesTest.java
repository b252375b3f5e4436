package podium.vfs.nio;

import java.util.List;
import podium.testkit.FilesContract;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

class MemoryFilesTest extends FilesContract {

    private final VfsService vfs = new VfsService(List.of(new MemoryFileSystemType()), null);

    @Override
    protected MountNamespace create() throws Exception {
        return vfs.namespace(List.of(MountSpec.of("/", "memory")));
    }

    @Override
    protected Vfs vfs() {
        return vfs;
    }
}
