package podium.vfs.memory;

import podium.testkit.QuotaContract;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

class MemoryQuotaTest extends QuotaContract {

    @Override
    protected FileSystem create(String bytes, String inodes) throws MountException {
        return new MemoryFileSystemType()
                .create(
                        MountSpec.of("/", "memory")
                                .withOption("quota", bytes)
                                .withOption("quota.inodes", inodes));
    }
}
