package podium.vfs.overlay;

import java.util.ArrayList;
import podium.testkit.FilesContract;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.Vfs;
import podium.vfs.impl.VfsService;

class OverlayFilesTest extends FilesContract {

    private final VfsService vfs;

    OverlayFilesTest() {
        var types = new ArrayList<FileSystemType>(Layers.types());
        types.add(new OverlayFileSystemType(Layers.types()));
        vfs = new VfsService(types, null);
    }

    @Override
    protected MountNamespace create() throws MountException {
        return vfs.namespace(
                java.util.List.of(Layers.spec("upper", "memory", "lower.1", "memory")));
    }

    @Override
    protected Vfs vfs() {
        return vfs;
    }
}
