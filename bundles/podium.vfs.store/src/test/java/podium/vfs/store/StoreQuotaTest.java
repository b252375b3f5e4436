package podium.vfs.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.QuotaContract;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

class StoreQuotaTest extends QuotaContract {

    @TempDir Path folder;

    @Override
    protected FileSystem create(String bytes, String inodes) throws MountException {
        return new StoreFileSystemType()
                .create(
                        MountSpec.of("/", "store", folder.resolve("store").toString())
                                .withOption("quota", bytes)
                                .withOption("quota.inodes", inodes));
    }
}
