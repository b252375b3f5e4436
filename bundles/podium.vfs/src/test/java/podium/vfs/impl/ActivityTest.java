package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.FsContext;
import podium.vfs.MountActivity;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.memory.MemoryFileSystemType;

/// What is counted is what was done.
class ActivityTest {

    private static final int NEW = OpenFile.O_CREAT | OpenFile.O_RDWR;

    private MountNamespace pod;
    private FsContext context;

    @BeforeEach
    void mount() throws Exception {
        var vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
        pod = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        context = vfs.context(pod, Credentials.ROOT);
        pod.mount(context, MountSpec.of("/m", "memory").withOption("quota", "64k"));
    }

    @AfterEach
    void close() {
        context.close();
        pod.close();
    }

    private MountActivity done() {
        return pod.activity(pod.resolve(context, null, "/m", 0));
    }

    private static long sum(MountActivity done) {
        return done.syncs().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void everyKindIsCounted() {
        var file = pod.open(context, null, "/m/f", NEW, 0644);
        assertEquals(100, file.write(ByteBuffer.allocate(100)));
        assertEquals(50, file.write(ByteBuffer.allocate(50), 10));
        assertEquals(30, file.read(ByteBuffer.allocate(30), 0));
        assertEquals(0, file.read(ByteBuffer.allocate(30), 1000));
        assertEquals(64 * 1024 - 96, file.write(ByteBuffer.allocate(1 << 20), 96));
        assertEquals(Errno.EDQUOT.negated(), file.write(ByteBuffer.allocate(1), 1 << 20));
        var e = assertThrows(ErrnoException.class, () -> file.allocate(0, 0, 1 << 20));
        assertEquals(Errno.EDQUOT, e.errno());
        file.sync(true);
        file.release();
        pod.makeDirectory(context, null, "/m/d", 0755);
        pod.symlink(context, "f", null, "/m/l");
        pod.link(context, null, "/m/f", null, "/m/d/hard", 0);
        pod.open(context, null, "/m", OpenFile.O_TMPFILE | OpenFile.O_RDWR, 0600).release();
        pod.rename(context, null, "/m/f", null, "/m/g", 0);
        pod.unlink(context, null, "/m/g", 0);
        pod.unlink(context, null, "/m/d/hard", 0);
        pod.unlink(context, null, "/m/d", MountNamespace.AT_REMOVEDIR);
        pod.sync();
        var done = done();
        assertEquals(2, done.reads());
        assertEquals(30, done.bytesRead());
        assertEquals(3, done.writes());
        assertEquals(150 + 64 * 1024 - 96, done.bytesWritten());
        assertEquals(5, done.creates());
        assertEquals(3, done.removals());
        assertEquals(1, done.renames());
        assertEquals(2, sum(done));
        assertEquals(Map.of(Errno.EDQUOT, 2L), done.errors());
    }

    /// Names that are known are not looked up; those that are not there, each time.
    @Test
    void whatIsKnownIsNotLookedUp() {
        pod.open(context, null, "/m/f", NEW, 0644).release();
        long lookups = done().lookups();
        long cached = done().cached();
        for (int i = 0; i < 10; i++) pod.resolve(context, null, "/m/f", 0);
        assertEquals(lookups, done().lookups());
        assertEquals(cached + 10, done().cached());
        for (int i = 0; i < 10; i++)
            assertThrows(ErrnoException.class, () -> pod.resolve(context, null, "/m/none", 0));
        assertEquals(lookups + 10, done().lookups());
        assertEquals(cached + 10, done().cached());
    }

    @Test
    void noneIsLost() throws Exception {
        var file = pod.open(context, null, "/m/f", NEW, 0644);
        file.write(ByteBuffer.allocate(10));
        try (var pool = Executors.newFixedThreadPool(4)) {
            var all = new ArrayList<Future<?>>();
            for (int t = 0; t < 4; t++)
                all.add(
                        pool.submit(
                                () -> {
                                    for (int i = 0; i < 50_000; i++)
                                        file.read(ByteBuffer.allocate(10), 0);
                                }));
            for (var one : all) one.get();
        }
        file.release();
        assertEquals(200_000, done().reads());
        assertEquals(2_000_000, done().bytesRead());
    }
}
