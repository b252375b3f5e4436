package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.syscall.Credentials;
import podium.syscall.OpenFile;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.memory.MemoryFileSystemType;

/// Entries and inodes come to be recent ones, and are no longer, while others find, link, move and
/// remove them.
@Timeout(120)
class RecentHammerTest {

    private static final int THREADS = 4;
    private static final int DIRECTORIES = 4;
    private static final int ROUNDS = 3;

    /// Of each thread's: all together more than a mount keeps.
    private static final int FILES = 4000;

    private final VfsService vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
    private MountNamespace namespace;
    private FsContext context;
    private Mount mount;

    /// What all mounts share: nothing is left of it for the test.
    private long shared;

    @BeforeEach
    void open() throws Exception {
        shared = Recent.SHARED.getAndSet(0);
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        context = vfs.context(namespace, Credentials.ROOT);
        mount = ((Entry) context.root()).mount;
        for (int i = 0; i < DIRECTORIES; i++)
            namespace.makeDirectory(context, null, "/d" + i, 0755);
    }

    @AfterEach
    void close() {
        context.close();
        namespace.close();
        Recent.SHARED.addAndGet(shared);
    }

    @Test
    void inodesStayWhoTheyAre() throws Exception {
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var ends = new ArrayList<Future<Void>>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                Callable<Void> work = () -> work(thread);
                ends.add(threads.submit(work));
            }
            for (var end : ends) end.get();
        }
        assertEquals(0, Recent.SHARED.get());
        // Nobody holds what is removed.
        for (int i = 0; i < 100 && mount.inodes().size() > 1 + DIRECTORIES; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertTrue(mount.inodes().size() <= 1 + DIRECTORIES, () -> "left: " + mount.inodes());
    }

    private Void work(int thread) {
        for (int round = 0; round < ROUNDS; round++) {
            var held = new HashMap<Integer, Node>();
            for (int i = 0; i < FILES; i++) make(thread, i, held);
            for (int i = 0; i < FILES; i++) check(thread, i, held);
            for (int i = 0; i < FILES; i++) remove(thread, i);
        }
        return null;
    }

    private void make(int thread, int i, HashMap<Integer, Node> held) {
        var name = name(thread, i, 0);
        int flags = OpenFile.O_CREAT | OpenFile.O_EXCL | OpenFile.O_WRONLY;
        var file = namespace.open(context, null, name, flags, 0600);
        if (i % 3 == 0) namespace.link(context, null, name, null, name(thread, i, 1), 0);
        if (i % 5 == 0) namespace.rename(context, null, name, null, name(thread, i, 2), 0);
        if (i % 7 == 0) held.put(i, node(now(thread, i)));
        file.release();
    }

    private void check(int thread, int i, HashMap<Integer, Node> held) {
        var path = now(thread, i);
        var node = node(path);
        if (i % 7 == 0) assertSame(held.get(i), node);
        if (i % 3 == 0) assertSame(node, node(name(thread, i, 1)));
        assertEquals(i % 3 == 0 ? 2 : 1, ((Node.Regular) node).attributes().links());
        assertEquals(path, namespace.resolve(context, null, path, 0).path());
    }

    private void remove(int thread, int i) {
        var path = now(thread, i);
        if (i % 11 != 0) namespace.unlink(context, null, path, 0);
        else {
            // What is open lives on without a name.
            var file = namespace.open(context, null, path, OpenFile.O_RDONLY, 0);
            namespace.unlink(context, null, path, 0);
            assertEquals(i % 3 == 0 ? 1 : 0, file.attributes().links());
            if (i % 3 == 0) assertSame(file.location().node(), node(name(thread, i, 1)));
            file.release();
        }
        if (i % 3 == 0) namespace.unlink(context, null, name(thread, i, 1), 0);
    }

    private Node node(String path) {
        return namespace.resolve(context, null, path, 0).node();
    }

    /// The first name that a file has by now.
    private static String now(int thread, int i) {
        return name(thread, i, i % 5 == 0 ? 2 : 0);
    }

    /// @param which of a file's names, each of which is in another directory
    private static String name(int thread, int i, int which) {
        return "/d%d/%d-%d-%d".formatted((i + which) % DIRECTORIES, thread, i, which);
    }
}
