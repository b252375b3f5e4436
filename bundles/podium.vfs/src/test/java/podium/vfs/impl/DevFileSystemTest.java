package podium.vfs.impl;

import podium.testkit.ReadOnlyFileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

class DevFileSystemTest extends ReadOnlyFileSystemContract {

    @Override
    protected FileSystem create() throws MountException {
        return new DevFileSystemType().create(MountSpec.of("/dev", "dev"));
    }
}
