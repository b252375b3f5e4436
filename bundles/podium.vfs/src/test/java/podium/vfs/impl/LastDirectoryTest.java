package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.FsContext;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.memory.MemoryFileSystemType;

/// A path leads where it leads now, whatever it led to when its directory was last walked to. The
/// size of each file tells which one it is.
class LastDirectoryTest {

    private static final String FILE = "/a/b/file";

    private final VfsService vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
    private MountNamespace namespace;
    private FsContext context;
    private Credentials who = Credentials.ROOT;

    @BeforeEach
    void open() throws Exception {
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        try (var first = vfs.context(namespace, who)) {
            context = vfs.copy(first, () -> who);
        }
        directory("/a");
        directory("/a/b");
        file(FILE, 1);
        for (int i = 0; i < 3; i++) assertEquals(1, size(FILE));
    }

    @AfterEach
    void close() {
        context.close();
        namespace.close();
    }

    private void directory(String path) {
        namespace.makeDirectory(context, null, path, 0755);
    }

    private void file(String path, int size) {
        int flags = OpenFile.O_CREAT | OpenFile.O_EXCL | OpenFile.O_WRONLY;
        var file = namespace.open(context, null, path, flags, 0644);
        file.truncate(size);
        file.release();
    }

    private long size(String path) {
        return namespace.resolve(context, null, path, 0).attributes().size();
    }

    private void fails(Errno errno, String path) {
        var failure = assertThrows(ErrnoException.class, () -> size(path));
        assertEquals(errno, failure.errno());
    }

    private void rename(String from, String to, int flags) {
        namespace.rename(context, null, from, null, to, flags);
    }

    @Test
    void itWasRenamed() {
        rename("/a", "/z", 0);
        fails(Errno.ENOENT, FILE);
        assertEquals(1, size("/z/b/file"));
    }

    @Test
    void anotherTookItsPlace() {
        directory("/other");
        directory("/other/b");
        file("/other/b/file", 2);
        rename("/a", "/other", MountNamespace.RENAME_EXCHANGE);
        assertEquals(2, size(FILE));
        rename("/a", "/other", MountNamespace.RENAME_EXCHANGE);
        for (int i = 0; i < 3; i++) assertEquals(1, size(FILE));
        namespace.unlink(context, null, FILE, 0);
        rename("/other/b", "/a/b", 0);
        assertEquals(2, size(FILE));
    }

    @Test
    void itWasRemovedAndMadeAnew() {
        namespace.unlink(context, null, FILE, 0);
        namespace.unlink(context, null, "/a/b", MountNamespace.AT_REMOVEDIR);
        fails(Errno.ENOENT, FILE);
        assertThrows(ErrnoException.class, () -> file(FILE, 2));
        directory("/a/b");
        file(FILE, 3);
        assertEquals(3, size(FILE));
    }

    @Test
    void itIsALinkNow() {
        rename("/a", "/z", 0);
        namespace.symlink(context, "z", null, "/a");
        for (int i = 0; i < 3; i++) assertEquals(1, size(FILE));
        namespace.unlink(context, null, "/a", 0);
        fails(Errno.ENOENT, FILE);
    }

    @Test
    void somethingWasMountedThere() throws Exception {
        namespace.mount(context, MountSpec.of("/a", "memory"));
        fails(Errno.ENOENT, FILE);
        directory("/a/b");
        file(FILE, 2);
        for (int i = 0; i < 3; i++) assertEquals(2, size(FILE));
        namespace.unmount(context, "/a", false);
        assertEquals(1, size(FILE));
    }

    private void mountAndUse() throws Exception {
        directory("/m");
        namespace.mount(context, MountSpec.of("/m", "memory"));
        directory("/m/b");
        file("/m/b/file", 2);
        for (int i = 0; i < 3; i++) assertEquals(2, size("/m/b/file"));
    }

    @Test
    void itWasMounted() throws Exception {
        mountAndUse();
        namespace.unmount(context, "/m", true);
        fails(Errno.ENOENT, "/m/b/file");
    }

    @Test
    void theMountMovedOrWentBackInTime() throws Exception {
        mountAndUse();
        var to = MountSpec.of("/m", "memory");
        namespace.migrate(context, to, MigrationPlan.DEFAULT, MigrationProgress.NONE);
        assertEquals(2, size("/m/b/file"));
        var snapshots = namespace.snapshots(context, "/m");
        snapshots.take("then");
        rename("/m/b", "/m/c", 0);
        for (int i = 0; i < 3; i++) assertEquals(2, size("/m/c/file"));
        snapshots.restore("then");
        fails(Errno.ENOENT, "/m/c/file");
        assertEquals(2, size("/m/b/file"));
    }

    @Test
    void theProcessHasAnotherRoot() {
        directory("/a/a");
        directory("/a/a/b");
        file("/a/a/b/file", 2);
        var root = namespace.resolve(context, null, "/a", 0);
        for (int i = 0; i < 3; i++) assertEquals(1, size(FILE));
        context.setRoot(root);
        assertEquals(2, size(FILE));
        assertEquals(1, size("/b/file"));
    }

    @Test
    void theProcessIsNoSuperuserAnyMore() {
        var directory = namespace.resolve(context, null, "/a", 0);
        namespace.change(context, directory, AttributeChange.mode(0700));
        assertEquals(1, size(FILE));
        who = new Credentials(1000, 1000, 1000, 1000, 1000, 1000);
        fails(Errno.EACCES, FILE);
    }

    @Test
    void onlyTheDirectoryIsKnown() {
        assertEquals(1, size("/a/b/./file"));
        assertEquals(namespace.resolve(context, null, "/a/b", 0).node(), node("/a/b/."));
        assertEquals(namespace.resolve(context, null, "/a", 0).node(), node("/a/b/.."));
        assertEquals(namespace.resolve(context, null, "/a/b", 0).node(), node("/a/b/"));
        fails(Errno.ENOTDIR, FILE + "/");
        fails(Errno.ENOENT, "/a/b/none");
        directory("/a/b/file2/");
        namespace.unlink(context, null, "/a/b/file2/", MountNamespace.AT_REMOVEDIR);
    }

    private Object node(String path) {
        return namespace.resolve(context, null, path, 0).node();
    }
}
