package podium.vfs.sqlite;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.QuotaContract;
import podium.vfs.FileSystem;
import podium.vfs.MountException;

class SqliteQuotaTest extends QuotaContract {

    @TempDir Path folder;

    @Override
    protected FileSystem create(String bytes, String inodes) throws MountException {
        return Databases.mount(folder.resolve("data.db"), "quota", bytes, "quota.inodes", inodes);
    }
}
