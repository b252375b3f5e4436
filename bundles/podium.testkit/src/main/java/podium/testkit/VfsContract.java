package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.FsContext;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;

/// What a [Vfs] promises beyond what native Linux can be asked for in a directory (for that, see
/// `podium.testkit.posix`): roots that nothing leads out of, mounts, and threads at once.
public abstract class VfsContract {

    private static final int O_CREAT = OpenFile.O_CREAT | OpenFile.O_RDWR;
    private static final int NOFOLLOW = MountNamespace.AT_SYMLINK_NOFOLLOW;

    protected Vfs vfs;
    protected MountNamespace namespace;
    protected FsContext context;

    /// A VFS with at least the file system type `memory`.
    protected abstract Vfs create() throws Exception;

    @BeforeEach
    void open() throws Exception {
        vfs = create();
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        context = vfs.context(namespace, Credentials.ROOT);
    }

    @AfterEach
    void close() {
        context.close();
        namespace.close();
    }

    @Test
    void nothingIsAboveTheRoot() {
        mkdir("/d");
        file("/f", "top");
        for (var path : new String[] {"/..", "/../..", "/d/../../..", "../../../..", "/.././../."})
            assertEquals("/", at(path));
        assertEquals("/f", at("/../../f"));
        assertEquals("/f", at("../f"));
        assertEquals("top", text("/d/../../../../f"));
    }

    @Test
    void nothingLeadsOutOfADirectoryThatIsNotToBeLeft() {
        mkdir("/jail");
        mkdir("/jail/cell");
        mkdir("/free");
        file("/free/f", "out of reach");
        file("/jail/f", "inside");
        namespace.symlink(context, "../free/f", null, "/jail/out");
        namespace.symlink(context, "/free/f", null, "/jail/absolute");
        namespace.symlink(context, "cell/../out", null, "/jail/chain");
        namespace.symlink(context, "cell/../f", null, "/jail/in");
        var jail = namespace.resolve(context, null, "/jail", 0).beneath();
        for (var path :
                List.of(
                        "..",
                        "../free/f",
                        "cell/../../free/f",
                        "/free/f",
                        "/",
                        "../jail/f",
                        "out",
                        "absolute",
                        "chain",
                        "out/",
                        "cell/../../jail/f")) {
            fails(Errno.EPERM, () -> namespace.resolve(context, jail, path, 0));
            int flags = path.endsWith("/") ? 0 : O_CREAT;
            fails(Errno.EPERM, () -> namespace.open(context, jail, path, flags, 0644));
        }
        for (var path : List.of("f", "./cell/../f", "in", "cell/.././in"))
            assertEquals("/jail/f", namespace.resolve(context, jail, path, 0).path());
        fails(Errno.EPERM, () -> namespace.rename(context, jail, "f", jail, "../free/g", 0));
        fails(Errno.EPERM, () -> namespace.rename(context, jail, "../free/f", jail, "g", 0));
        fails(Errno.EPERM, () -> namespace.link(context, jail, "../free/f", jail, "g", 0));
        fails(Errno.EPERM, () -> namespace.link(context, jail, "f", jail, "../free/g", 0));
        fails(Errno.EPERM, () -> namespace.unlink(context, jail, "../free/f", 0));
        fails(Errno.EPERM, () -> namespace.makeDirectory(context, jail, "../free/d", 0755));
        fails(Errno.EPERM, () -> namespace.readLink(context, jail, "../jail/out"));
        assertEquals("../free/f", namespace.readLink(context, jail, "out"));
        assertEquals("out of reach", text("/free/f"));
    }

    @Test
    void aRootThatIsNotToBeLeftMayMove() {
        mkdir("/a");
        mkdir("/a/jail");
        mkdir("/a/jail/cell");
        mkdir("/b");
        var jail = namespace.resolve(context, null, "/a/jail", 0).beneath();
        namespace.rename(context, null, "/a/jail", null, "/b/moved", 0);
        assertEquals("/b/moved", namespace.resolve(context, jail, "cell/..", 0).path());
        fails(Errno.EPERM, () -> namespace.resolve(context, jail, "cell/../..", 0));
    }

    /// Another program moves a directory out and in again while somebody goes up from it: deep
    /// below,
    /// so that it takes a while to see where that is.
    @Test
    void nobodyIsMovedOutOfADirectoryThatIsNotToBeLeft() throws InterruptedException {
        mkdir("/jail");
        mkdir("/free");
        file("/free/f", "out of reach");
        var deep = new StringBuilder("/jail");
        for (int i = 0; i < 50; i++) mkdir(deep.append("/d").toString());
        var inside = deep + "/cell";
        mkdir(inside);
        var cell = namespace.resolve(context, null, "/jail", 0).beneath();
        var path = inside.substring("/jail/".length()) + "/../f";
        var ended = new AtomicBoolean();
        var moving = Thread.ofPlatform().start(() -> moves(inside, "/free/cell", ended));
        try (var other = vfs.copy(context, () -> Credentials.ROOT)) {
            for (int i = 0; i < 100_000; i++)
                fails(Errno.ENOENT, () -> other.namespace().resolve(other, cell, path, 0));
        } finally {
            ended.set(true);
            moving.join();
        }
    }

    private void moves(String one, String other, AtomicBoolean ended) {
        while (!ended.get()) {
            namespace.rename(context, null, one, null, other, 0);
            namespace.rename(context, null, other, null, one, 0);
        }
    }

    @Test
    void linksStayBelowTheRoot() {
        mkdir("/etc");
        file("/etc/passwd", "the pod's");
        mkdir("/jail");
        mkdir("/jail/etc");
        file("/jail/etc/passwd", "the jail's");
        link("/etc/passwd", "/jail/absolute");
        link("../../../../etc/passwd", "/jail/relative");
        link("absolute", "/jail/chain");
        link("/..", "/jail/up");
        link("/new", "/jail/dangling");
        assertEquals("the pod's", text("/jail/absolute"));
        try (var jailed = vfs.copy(context, () -> Credentials.ROOT)) {
            jailed.setRoot(namespace.resolve(context, null, "/jail", 0));
            jailed.setWorkingDirectory(jailed.root());
            for (var path :
                    new String[] {
                        "absolute", "relative", "chain", "up/etc/passwd", "../etc/passwd"
                    }) assertEquals("the jail's", text(jailed, path), path);
            assertEquals("/etc", namespace.resolve(jailed, null, "up/etc", 0).path(jailed));
            namespace.open(jailed, null, "dangling", O_CREAT, 0644).release();
            assertEquals("/", jailed.workingDirectory().path(jailed));
        }
        assertEquals("/jail/new", at("/jail/new"));
        fails(Errno.ENOENT, () -> at("/new"));
    }

    @Test
    void aDirectoryMovedOutOfTheRootLeadsNowhere() {
        mkdir("/jail");
        mkdir("/jail/d");
        mkdir("/jail/d/e");
        file("/secret", "secret");
        try (var jailed = vfs.copy(context, () -> Credentials.ROOT)) {
            jailed.setRoot(namespace.resolve(context, null, "/jail", 0));
            jailed.setWorkingDirectory(namespace.resolve(context, null, "/jail/d/e", 0));
            namespace.rename(context, null, "/jail/d/e", null, "/e", 0);
            fails(Errno.ENOENT, () -> namespace.resolve(jailed, null, "..", 0));
            fails(Errno.ENOENT, () -> namespace.resolve(jailed, null, "../secret", 0));
            assertEquals("(unreachable)/e", jailed.workingDirectory().path(jailed));
        }
    }

    @Test
    void oddPathsAreRefused() {
        fails(Errno.EINVAL, () -> at("/a\0b"));
        fails(Errno.ENOENT, () -> at(""));
        fails(Errno.ENAMETOOLONG, () -> at("/x".repeat(2048)));
        fails(Errno.ENAMETOOLONG, () -> at("/" + "x".repeat(256)));
        fails(Errno.ENOENT, () -> at("/" + "x".repeat(255)));
    }

    @Test
    void onlyTheSuperuserChangesItsRoot() {
        mkdir("/d");
        try (var user = vfs.copy(context, () -> new Credentials(1, 1, 1, 1, 1, 1))) {
            var place = namespace.resolve(user, null, "/d", 0);
            fails(Errno.EPERM, () -> user.setRoot(place));
        }
    }

    @Test
    void pathsFollowRenames() {
        mkdir("/a");
        mkdir("/a/b");
        mkdir("/a/b/c");
        var open = file("/a/b/c/f", "");
        context.setWorkingDirectory(namespace.resolve(context, null, "/a/b/c", 0));
        namespace.rename(context, null, "/a", null, "/z", 0);
        assertEquals("/z/b/c", context.workingDirectory().path());
        assertEquals("/z/b/c/f", open.description());
        assertEquals("/z/b", at(".."));
        namespace.rename(context, null, "/z/b/c/f", null, "/z/g", 0);
        assertEquals("/z/g", open.description());
        namespace.unlink(context, null, "/z/g", 0);
        assertEquals("/z/g (deleted)", open.description());
        namespace.unlink(context, null, "/z/b/c", MountNamespace.AT_REMOVEDIR);
        assertEquals("/z/b/c (deleted)", context.workingDirectory().path());
        fails(Errno.ENOENT, () -> namespace.open(context, null, "x", O_CREAT, 0644));
        open.release();
    }

    @Test
    void readOnlyMountsTakeNothing() throws MountException {
        namespace.mount(context, MountSpec.of("/ro", "memory").asReadOnly());
        assertReadOnly("/ro");
    }

    /// Everything that would change something there is EROFS.
    private void assertReadOnly(String top) {
        var none = top + "/none";
        fails(Errno.EROFS, () -> namespace.open(context, null, none, O_CREAT, 0644));
        fails(Errno.EROFS, () -> mkdir(none));
        fails(Errno.EROFS, () -> link("x", none));
        fails(Errno.EROFS, () -> namespace.makeNode(context, null, none, 0010644, 0));
        fails(Errno.EROFS, () -> namespace.unlink(context, null, none, 0));
        fails(Errno.EROFS, () -> namespace.rename(context, null, none, null, none + "2", 0));
        var root = namespace.resolve(context, null, top, 0);
        fails(Errno.EROFS, () -> namespace.change(context, root, AttributeChange.mode(0777)));
        fails(Errno.EROFS, () -> namespace.change(context, root, AttributeChange.times(1L, 1L)));
        fails(Errno.EROFS, () -> namespace.access(context, root, 2, true));
        fails(Errno.EEXIST, () -> mkdir(top));
        assertTrue(root.readOnly());
    }

    @Test
    void linksAndRenamesDoNotCrossMounts() throws MountException {
        namespace.mount(context, MountSpec.of("/m", "memory"));
        file("/f", "").release();
        file("/m/g", "").release();
        fails(Errno.EXDEV, () -> namespace.rename(context, null, "/f", null, "/m/f", 0));
        fails(Errno.EXDEV, () -> namespace.link(context, null, "/m/g", null, "/g", 0));
        assertNotEquals(device("/f"), device("/m/g"));
        assertEquals(device("/m"), device("/m/g"));
    }

    @Test
    void mountsCoverAndUncover() throws MountException {
        mkdir("/m");
        file("/m/below", "").release();
        namespace.mount(context, MountSpec.of("/m", "memory"));
        fails(Errno.ENOENT, () -> at("/m/below"));
        file("/m/above", "").release();
        namespace.mount(context, MountSpec.of("/m", "memory"));
        fails(Errno.ENOENT, () -> at("/m/above"));
        assertEquals("/", at("/m/.."));
        assertEquals("/m", at("/m/."));
        namespace.unmount(context, "/m", false);
        assertEquals("/m/above", at("/m/above"));
        namespace.unmount(context, "/m", false);
        assertEquals("/m/below", at("/m/below"));
        fails(Errno.EINVAL, () -> namespace.unmount(context, "/m", false));
        fails(Errno.EINVAL, () -> namespace.unmount(context, "/", false));
    }

    @Test
    void aMountPointStays() throws MountException {
        namespace.mount(context, MountSpec.of("/a/m", "memory"));
        fails(
                Errno.EBUSY,
                () -> namespace.unlink(context, null, "/a/m", MountNamespace.AT_REMOVEDIR));
        fails(Errno.EBUSY, () -> namespace.rename(context, null, "/a/m", null, "/x", 0));
        namespace.rename(context, null, "/a", null, "/b", 0);
        assertEquals("/b/m", at("/b/m"));
        namespace.unmount(context, "/b/m", false);
        namespace.unlink(context, null, "/b/m", MountNamespace.AT_REMOVEDIR);
    }

    @Test
    void aMountInUseIsBusy() throws MountException {
        namespace.mount(context, MountSpec.of("/m", "memory"));
        var open = file("/m/f", "text");
        fails(Errno.EBUSY, () -> namespace.unmount(context, "/m", false));
        open.release();
        namespace.mount(context, MountSpec.of("/m/n", "memory"));
        fails(Errno.EBUSY, () -> namespace.unmount(context, "/m", false));
        namespace.unmount(context, "/m/n", false);
        context.setWorkingDirectory(namespace.resolve(context, null, "/m", 0));
        fails(Errno.EBUSY, () -> namespace.unmount(context, "/m", false));
        context.setWorkingDirectory(namespace.resolve(context, null, "/", 0));
        assertEquals(0, namespace.mounts().getLast().users());
        namespace.unmount(context, "/m", false);
        assertEquals(1, namespace.mounts().size());
    }

    @Test
    void aDetachedMountServesItsOpenFiles() throws MountException {
        namespace.mount(context, MountSpec.of("/m", "memory"));
        namespace.mount(context, MountSpec.of("/m/n", "memory"));
        var open = file("/m/n/f", "text");
        namespace.unmount(context, "/m", true);
        fails(Errno.ENOENT, () -> at("/m/n"));
        assertEquals(1, namespace.mounts().size());
        var buffer = ByteBuffer.allocate(10);
        assertEquals(4, open.read(buffer, 0));
        open.release();
    }

    @Test
    void openFilesOfAClosedNamespaceFail() throws MountException {
        var other = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        try (var inside = vfs.context(other, Credentials.ROOT)) {
            var open = other.open(inside, null, "/f", O_CREAT, 0644);
            other.close();
            assertEquals(Errno.EIO.negated(), open.read(ByteBuffer.allocate(1)));
            assertEquals(Errno.EIO.negated(), open.write(ByteBuffer.allocate(1)));
            fails(Errno.EIO, open::attributes);
            open.release();
        }
    }

    @Test
    void badMountsSayWhy() {
        var unknown =
                assertThrows(
                        MountException.class,
                        () -> namespace.mount(context, MountSpec.of("/m", "nonsense")));
        assertTrue(unknown.toString().contains("nonsense"), unknown.toString());
        file("/f", "").release();
        assertThrows(
                MountException.class, () -> namespace.mount(context, MountSpec.of("/f", "memory")));
        assertThrows(
                MountException.class,
                () -> vfs.namespace(List.of(MountSpec.of("/not-root", "memory"))));
        assertThrows(MountException.class, () -> vfs.namespace(List.of()));
    }

    @Test
    void namespacesAreApart() throws MountException {
        file("/f", "one").release();
        try (var other = vfs.namespace(List.of(MountSpec.of("/", "memory")));
                var inside = vfs.context(other, Credentials.ROOT)) {
            fails(Errno.ENOENT, () -> other.resolve(inside, null, "/f", 0));
        }
    }

    @Test
    void theLocksOfAnInodeAreOneWhateverItsName() {
        file("/a", "").release();
        namespace.link(context, null, "/a", null, "/b", 0);
        var a = namespace.resolve(context, null, "/a", 0);
        var b = namespace.resolve(context, null, "/b", 0);
        assertEquals(a.locks(), b.locks());
        assertEquals(a.attributes().inode(), b.attributes().inode());
    }

    /// One swaps a directory and a symbolic link to the outside, others walk through it.
    @Test
    void swappingADirectoryAndALinkLeadsNobodyOut() throws Exception {
        mkdir("/outside");
        file("/outside/f", "secret").release();
        mkdir("/jail");
        mkdir("/jail/dir");
        file("/jail/dir/f", "inside").release();
        link("/../outside", "/jail/link");
        link("../outside", "/jail/link2");
        var stop = new AtomicBoolean();
        var reads = new AtomicInteger();
        try (var jailed = vfs.copy(context, () -> Credentials.ROOT)) {
            jailed.setRoot(namespace.resolve(context, null, "/jail", 0));
            together(
                    () -> {
                        for (int i = 0; i < 100_000; i++) {
                            var other = i % 2 == 0 ? "/link" : "/link2";
                            namespace.rename(
                                    jailed,
                                    null,
                                    "/dir",
                                    null,
                                    other,
                                    MountNamespace.RENAME_EXCHANGE);
                            namespace.rename(
                                    jailed,
                                    null,
                                    "/dir",
                                    null,
                                    other,
                                    MountNamespace.RENAME_EXCHANGE);
                        }
                        stop.set(true);
                    },
                    () -> {
                        while (!stop.get()) {
                            try {
                                assertEquals("inside", text(jailed, "/dir/f"));
                                reads.incrementAndGet();
                            } catch (ErrnoException e) {
                                assertEquals(Errno.ENOENT, e.errno());
                            }
                        }
                    });
        }
        assertTrue(reads.get() > 0);
    }

    /// A file is always at exactly one of its two names, and directories always know their place.
    @Test
    void renamesAndLookupsAtOnce() throws Exception {
        mkdir("/a");
        mkdir("/b");
        mkdir("/a/d");
        file("/a/d/f", "here").release();
        var stop = new AtomicBoolean();
        var inside = vfs.copy(context, () -> Credentials.ROOT);
        inside.setWorkingDirectory(namespace.resolve(context, null, "/a/d", 0));
        together(
                () -> {
                    for (int i = 0; i < 50_000; i++) {
                        namespace.rename(context, null, "/a/d", null, "/b/e", 0);
                        namespace.rename(context, null, "/b/e", null, "/a/d", 0);
                    }
                    stop.set(true);
                },
                () -> {
                    while (!stop.get()) {
                        assertEquals("here", text(inside, "f"));
                        var path = inside.workingDirectory().path();
                        assertTrue(path.equals("/a/d") || path.equals("/b/e"), path);
                        var up = namespace.resolve(inside, null, "..", 0).path();
                        assertTrue(up.equals("/a") || up.equals("/b"), up);
                    }
                },
                () -> {
                    while (!stop.get()) {
                        boolean found = exists("/a/d/f") || exists("/b/e/f") || exists("/a/d/f");
                        if (!found) found = exists("/b/e/f") || exists("/a/d/f");
                        assertTrue(found || !stop.get());
                    }
                });
        inside.close();
    }

    /// Creating, opening and removing one name from several threads: no content is ever lost.
    @Test
    void opensAndUnlinksAtOnce() throws Exception {
        var stop = new AtomicBoolean();
        together(
                () -> {
                    for (int i = 0; i < 20_000; i++) {
                        var temporary = file("/t" + (i % 3), "content");
                        temporary.release();
                        namespace.rename(context, null, "/t" + (i % 3), null, "/f", 0);
                        if (i % 2 == 0) namespace.unlink(context, null, "/f", 0);
                    }
                    stop.set(true);
                },
                () -> {
                    while (!stop.get()) {
                        try {
                            assertEquals("content", text("/f"));
                        } catch (ErrnoException e) {
                            assertEquals(Errno.ENOENT, e.errno());
                        }
                    }
                });
    }

    private static void together(Runnable... works) throws Exception {
        try (var pool = Executors.newFixedThreadPool(works.length)) {
            var calls = new ArrayList<Callable<Boolean>>();
            for (var work : works)
                calls.add(
                        () -> {
                            work.run();
                            return true;
                        });
            for (var done : pool.invokeAll(calls)) assertTrue(done.get());
        }
    }

    private boolean exists(String path) {
        try {
            namespace.resolve(context, null, path, NOFOLLOW);
            return true;
        } catch (ErrnoException e) {
            assertEquals(Errno.ENOENT, e.errno());
            return false;
        }
    }

    private void mkdir(String path) {
        namespace.makeDirectory(context, null, path, 0755);
    }

    private void link(String target, String path) {
        namespace.symlink(context, target, null, path);
    }

    private OpenFile file(String path, String content) {
        var file = namespace.open(context, null, path, O_CREAT | OpenFile.O_TRUNC, 0644);
        file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        return file;
    }

    private String at(String path) {
        return namespace.resolve(context, null, path, 0).path();
    }

    private long device(String path) {
        return namespace.resolve(context, null, path, 0).device();
    }

    private String text(String path) {
        return text(context, path);
    }

    private String text(FsContext context, String path) {
        var file = namespace.open(context, null, path, OpenFile.O_RDONLY, 0);
        try {
            var buffer = ByteBuffer.allocate(1000);
            int count = file.read(buffer);
            assertFalse(count < 0, path);
            return new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
        } finally {
            file.release();
        }
    }

    private static void fails(Errno errno, Executable call) {
        assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
    }
}
