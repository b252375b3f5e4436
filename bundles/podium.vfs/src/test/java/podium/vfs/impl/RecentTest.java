package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.syscall.Credentials;
import podium.syscall.OpenFile;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.memory.MemoryFileSystemType;

/// Files that come and go take no places for good.
class RecentTest {

    private static final int FLAGS = OpenFile.O_CREAT | OpenFile.O_EXCL | OpenFile.O_WRONLY;

    /// More than a mount keeps.
    private static final int MANY = 20_000;

    private final VfsService vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
    private MountNamespace namespace;
    private FsContext context;
    private long shared;

    @BeforeEach
    void open() throws Exception {
        shared = Recent.SHARED.get();
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        context = vfs.context(namespace, Credentials.ROOT);
    }

    @AfterEach
    void close() {
        context.close();
        namespace.close();
        assertEquals(shared, Recent.SHARED.get());
    }

    @Test
    void whatIsRemovedPushesNobodyOut() {
        make(0);
        for (int i = 1; i < MANY; i++) {
            make(i);
            if (i > 1000) remove(i - 1000);
        }
        assertEquals(shared, Recent.SHARED.get());
        System.gc();
        long lookups = lookups();
        for (int i = MANY - 1000; i < MANY; i++) find(i);
        find(0);
        assertEquals(lookups, lookups());
    }

    private void make(int i) {
        namespace.open(context, null, "/" + i, FLAGS, 0644).release();
    }

    private void remove(int i) {
        namespace.unlink(context, null, "/" + i, 0);
    }

    private void find(int i) {
        var found = namespace.resolve(context, null, "/" + i, 0);
        assertEquals("/" + i, found.path());
    }

    private long lookups() {
        return namespace.activity(context.root()).lookups();
    }
}
