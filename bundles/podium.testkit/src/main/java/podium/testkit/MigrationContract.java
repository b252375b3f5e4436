package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.FileLocks;
import podium.vfs.FileWatcher;
import podium.vfs.FsContext;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;

/// What moving a mount promises ([MountNamespace#migrate]), for every pair of backends that can be
/// written: a subclass names them, and how to mount an empty one.
@org.junit.jupiter.api.TestInstance(org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS)
public abstract class MigrationContract {

    protected static final int RW = OpenFile.O_RDWR;
    protected static final int CREATE = OpenFile.O_CREAT | OpenFile.O_RDWR;
    protected static final String AT = "/data";
    private static final int NOFOLLOW = MountNamespace.AT_SYMLINK_NOFOLLOW;

    /// Two backends, by name.
    public record Pair(String from, String to) {

        @Override
        public String toString() {
            return from + " to " + to;
        }
    }

    @TempDir protected Path directory;

    protected Vfs vfs;
    protected MountNamespace namespace;
    protected FsContext context;
    private int mounts;

    /// A VFS with the types of all backends, and `memory`.
    protected abstract Vfs create();

    /// How to mount each backend, given a directory of its own that is there and empty: a spec
    /// whose target does not matter.
    protected abstract Map<String, Function<Path, MountSpec>> backends();

    /// All pairs, a backend with another of its own kind included.
    protected final List<Pair> pairs() {
        var all = new ArrayList<Pair>();
        for (var from : backends().keySet())
            for (var to : backends().keySet()) all.add(new Pair(from, to));
        return all;
    }

    @BeforeEach
    final void open() throws Exception {
        vfs = create();
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        context = vfs.context(namespace, Credentials.ROOT);
    }

    @AfterEach
    final void close() {
        context.close();
        namespace.close();
    }

    /// A fresh, empty backend.
    protected final MountSpec fresh(String backend) throws Exception {
        var own = java.nio.file.Files.createDirectories(directory.resolve("mount-" + mounts++));
        var spec = Objects.requireNonNull(backends().get(backend)).apply(own);
        return new MountSpec(AT, spec.type(), spec.source(), spec.options(), spec.readOnly());
    }

    protected final void move(String to) throws Exception {
        move(fresh(to), MigrationProgress.NONE);
    }

    protected final void move(MountSpec to, MigrationProgress progress) throws MountException {
        namespace.migrate(context, to, MigrationPlan.DEFAULT, progress);
    }

    private boolean keepsSpecialFiles(Pair pair) {
        return !pair.from.equals("host") && !pair.to.equals("host");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everythingIsThereAfterwards(Pair pair) throws Exception {
        namespace.mount(context, fresh(pair.from));
        fill(keepsSpecialFiles(pair));
        var before = tree();
        var phases = EnumSet.noneOf(Phase.class);
        move(
                fresh(pair.to),
                (phase, _, _, _) -> {
                    phases.add(phase);
                    return true;
                });
        assertEquals(EnumSet.allOf(Phase.class), phases);
        assertEquals(before, tree());
        var spec = namespace.mounts().getLast().spec();
        assertEquals(fresh(pair.to).type(), spec.type());
        usable();
        move(pair.from);
        before.keySet().removeIf(path -> path.startsWith("/data/new"));
        var after = tree();
        after.keySet().removeIf(path -> path.startsWith("/data/new"));
        // Its times have changed since.
        before.remove("/data");
        after.remove("/data");
        assertEquals(before, after);
    }

    /// New inodes get numbers that nobody has.
    private void usable() {
        var numbers = new HashSet<Long>();
        for (var path : tree().keySet()) numbers.add(number(path));
        for (int i = 0; i < 100; i++) {
            write("/data/new" + i, "new");
            assertTrue(numbers.add(number("/data/new" + i)), "/data/new" + i);
        }
        for (int i = 0; i < 50; i++) namespace.unlink(context, null, "/data/new" + i, 0);
        assertEquals("new", text("/data/new60"));
    }

    private void fill(boolean special) {
        mkdir("/data/a");
        mkdir("/data/a/b");
        mkdir("/data/many");
        write("/data/a/f", "content");
        write("/data/a/b/empty", "");
        link("/data/a/f", "/data/a/b/second");
        link("/data/a/f", "/data/third");
        namespace.symlink(context, "nowhere/at all", null, "/data/dangling");
        namespace.symlink(context, "../a/f", null, "/data/many/up");
        for (int i = 0; i < 150; i++) write("/data/many/file" + i, "number " + i);
        sparse("/data/sparse");
        large("/data/large", 3_000_000);
        write("/data/ \t\u00e4\u20ac", "names");
        if (special) namespace.makeNode(context, null, "/data/fifo", Mode.FIFO | 0640, 0);
        if (special) {
            extend("/data", "user.of", "the root");
            extend("/data/a", "user.of", "a directory");
            extend("/data/a/f", "user.of", "a file");
            extend("/data/a/f", "trusted.more", "x".repeat(5000));
        }
        mode("/data/a/f", 0400);
        mode("/data/a", 01750);
        times("/data/large", 1_000_000_001L, 2_000_000_003L);
        times("/data/a", 3_000_000_001L, 4_000_000_003L);
        var deep = new StringBuilder("/data/deep");
        for (int i = 0; i < 20; i++) mkdir(deep.append("/d").substring(0, deep.length() - 2));
        write(deep.substring(0, deep.length() - 2) + "/bottom", "deep");
    }

    private void sparse(String path) {
        var file = open(path, CREATE);
        file.write(bytes("start"), 0);
        file.write(bytes("middle"), 10_000_000);
        file.truncate(20_000_000);
        file.release();
    }

    private void large(String path, int size) {
        var content = new byte[size];
        new Random(size).nextBytes(content);
        var file = open(path, CREATE);
        assertEquals(size, file.write(ByteBuffer.wrap(content)));
        file.release();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void openFilesGoOn(Pair pair) throws Exception {
        namespace.mount(context, fresh(pair.from));
        write("/data/f", "0123456789");
        write("/data/gone", "unlinked");
        write("/data/log", "one ");
        var file = open("/data/f", RW);
        var gone = open("/data/gone", RW);
        var log = open("/data/log", OpenFile.O_WRONLY | OpenFile.O_APPEND);
        var unnamed = open("/data", OpenFile.O_TMPFILE | RW);
        unnamed.write(bytes("no name"));
        namespace.unlink(context, null, "/data/gone", 0);
        assertEquals(3, file.read(ByteBuffer.allocate(3)));
        gone.seek(8, 0);
        long inode = file.attributes().inode();
        long goneInode = gone.attributes().inode();
        move(pair.to);
        assertEquals("3456789", rest(file));
        assertEquals(inode, file.attributes().inode());
        file.write(bytes("abc"), 0);
        assertEquals("abc3456789", text("/data/f"));
        assertEquals(goneInode, gone.attributes().inode());
        assertEquals(0, gone.attributes().links());
        gone.write(bytes(" and alive"));
        gone.seek(0, 0);
        assertEquals("unlinked and alive", rest(gone));
        log.write(bytes("two"));
        assertEquals("one two", text("/data/log"));
        assertEquals(OpenFile.O_APPEND, log.flags() & OpenFile.O_APPEND);
        move(pair.from);
        unnamed.seek(0, 0);
        assertEquals("no name", rest(unnamed));
        gone.seek(0, 0);
        assertEquals("unlinked and alive", rest(gone));
        for (var one : List.of(file, gone, log, unnamed)) one.release();
        assertEquals(Set.of("f", "log"), names("/data"));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void locksStay(Pair pair) throws Exception {
        namespace.mount(context, fresh(pair.from));
        write("/data/f", "locked");
        var file = open("/data/f", RW);
        var locks = Objects.requireNonNull(file.locks());
        var mine = new Object();
        var other = new Object();
        assertTrue(locks.set(lock(FileLocks.Kind.RECORD, FileLocks.Type.WRITE, mine, 0, 9)));
        assertTrue(
                locks.set(
                        lock(FileLocks.Kind.WHOLE, FileLocks.Type.WRITE, file, 0, Long.MAX_VALUE)));
        move(pair.to);
        var again = open("/data/f", RW);
        var same = Objects.requireNonNull(again.locks());
        var wish = lock(FileLocks.Kind.RECORD, FileLocks.Type.READ, other, 5, 20);
        assertFalse(same.set(wish));
        var whole = lock(FileLocks.Kind.WHOLE, FileLocks.Type.READ, again, 0, Long.MAX_VALUE);
        assertFalse(same.set(whole));
        file.release();
        assertTrue(same.set(whole));
        same.end(mine);
        assertTrue(same.set(wish));
        again.release();
    }

    private static FileLocks.Lock lock(
            FileLocks.Kind kind, FileLocks.Type type, Object owner, long first, long last) {
        return new FileLocks.Lock(kind, type, owner, 1, first, last);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void directoryStreamsGoOn(Pair pair) throws Exception {
        namespace.mount(context, fresh(pair.from));
        var expected = new HashSet<String>();
        for (int i = 0; i < 300; i++) {
            write("/data/f" + i, "");
            expected.add("f" + i);
        }
        var stream = open("/data", OpenFile.O_RDONLY);
        var seen = new ArrayList<String>();
        read(stream, seen, 700);
        long place = stream.seek(0, 1);
        int told = seen.size();
        var last = seen.get(told - 1);
        // It may come anywhere, so it is not the one that must not come again.
        var anew = last.equals("f7") ? "f9" : "f7";
        for (int move = 0; move < 3; move++) {
            move(move % 2 == 0 ? pair.to : pair.from);
            write("/data/later" + move, "");
            read(stream, seen, 700);
        }
        namespace.unlink(context, null, "/data/" + anew, 0);
        write("/data/" + anew, "another one");
        namespace.rename(context, null, "/data/f8", null, "/data/moved", 0);
        while (read(stream, seen, 4000) > 0) {}
        assertEquals(new HashSet<>(seen).size() + twice(seen), seen.size(), seen::toString);
        var found = new HashSet<>(seen);
        expected.removeAll(List.of(anew, "f8"));
        assertTrue(found.containsAll(expected));
        assertTrue(found.contains("later0"));
        // telldir(3) before it all
        stream.seek(place, 0);
        var again = new ArrayList<String>();
        while (read(stream, again, 4000) > 0) {}
        expected.removeAll(seen.subList(0, told));
        assertTrue(again.containsAll(expected));
        expected.retainAll(Set.copyOf(again));
        assertFalse(again.contains(last), last);
        stream.seek(0, 0);
        var all = new ArrayList<String>();
        while (read(stream, all, 4000) > 0) {}
        all.removeAll(List.of(".", ".."));
        assertEquals(names("/data"), new HashSet<>(all));
        assertEquals(all.size(), new HashSet<>(all).size());
        stream.release();
        assertEquals(303, names("/data").size());
    }

    /// Those that were removed and made anew, or moved, may come twice.
    private static int twice(List<String> seen) {
        return seen.size() - new HashSet<>(seen).size() <= 1
                ? seen.size() - new HashSet<>(seen).size()
                : -1;
    }

    private static int read(OpenFile stream, List<String> names, int room) {
        var buffer = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
        int count = stream.readDirectory(buffer);
        assertTrue(count >= 0, () -> "readdir: " + count);
        for (int at = 0; at < count; at += buffer.getShort(at + 16)) {
            int end = at + 19;
            while (buffer.get(end) != 0) end++;
            names.add(new String(buffer.array(), at + 19, end - at - 19, StandardCharsets.UTF_8));
        }
        return count;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void placesStay(Pair pair) throws Exception {
        namespace.mount(context, fresh(pair.from));
        mkdir("/data/d");
        mkdir("/data/d/below");
        mkdir("/data/removed");
        write("/data/d/f", "watched");
        namespace.mount(context, MountSpec.of("/data/d/below", "memory"));
        write("/data/d/below/nested", "nested");
        try (var inside = vfs.copy(context, () -> Credentials.ROOT);
                var nowhere = vfs.copy(context, () -> Credentials.ROOT)) {
            inside.setWorkingDirectory(namespace.resolve(context, null, "/data/d", 0));
            nowhere.setWorkingDirectory(namespace.resolve(context, null, "/data/removed", 0));
            namespace.unlink(context, null, "/data/removed", MountNamespace.AT_REMOVEDIR);
            var events = new ArrayList<String>();
            FileWatcher watcher = (event, _, name) -> events.add(event + " " + name);
            var place = namespace.resolve(context, null, "/data/d", 0);
            var node = place.node();
            place.watch(watcher);
            move(pair.to);
            assertEquals(List.of(), events);
            assertEquals(node, namespace.resolve(context, null, "/data/d", 0).node());
            assertEquals("/data/d", inside.workingDirectory().path(inside));
            assertEquals("watched", text(inside, "f"));
            assertEquals("nested", text(inside, "below/nested"));
            events.clear();
            write("/data/d/g", "x");
            assertTrue(events.contains(FileWatcher.CREATE + " g"), events::toString);
            fails(Errno.ENOENT, () -> namespace.open(nowhere, null, "x", CREATE, 0644));
            assertEquals("/data/removed (deleted)", nowhere.workingDirectory().path());
            place.unwatch(watcher);
            fails(Errno.EBUSY, () -> namespace.unmount(context, "/data", false));
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whatIsCanceledHasNotHappened(Pair pair) throws Exception {
        namespace.mount(context, fresh(pair.from));
        fill(false);
        var before = tree();
        for (var end : List.of(Phase.COPY, Phase.CATCH_UP, Phase.VERIFY, Phase.FREEZE)) {
            var to = fresh(pair.to);
            var e =
                    assertThrows(
                            MountException.class, () -> move(to, (phase, _, _, _) -> phase != end));
            assertTrue(String.valueOf(e.getMessage()).endsWith("canceled"), e::toString);
            assertEquals(before, tree());
            // It is empty again.
            namespace.mount(context, at(to, "/other"));
            assertEquals(Set.of(), names("/other"), end + "");
            namespace.unmount(context, "/other", false);
        }
        move(pair.to);
        assertEquals(before, tree());
    }

    protected static MountSpec at(MountSpec spec, String target) {
        return new MountSpec(target, spec.type(), spec.source(), spec.options(), spec.readOnly());
    }

    /// Programs change everything while it moves to and fro.
    @ParameterizedTest
    @MethodSource("pairs")
    void programsGoOn(Pair pair) throws Exception {
        namespace.mount(context, fresh(pair.from));
        int moves = 6;
        var hammer = new MigrationHammer(vfs, namespace, 3, Long.getLong("podium.random.seed", 1));
        hammer.start();
        try {
            for (int i = 0; i < moves; i++) {
                hammer.await(150);
                move(i % 2 == 0 ? pair.to : pair.from);
            }
        } finally {
            hammer.stop();
        }
        hammer.compare();
        assertNotEquals(0, hammer.operations());
    }

    // What tests have in common.

    /// All there is below the mount, as guests see it.
    protected final Map<String, String> tree() {
        var all = new TreeMap<String, String>();
        tree(AT, all);
        return all;
    }

    private void tree(String path, Map<String, String> all) {
        var place = namespace.resolve(context, null, path, NOFOLLOW);
        var of = place.attributes();
        all.put(path, line(path, of));
        if (!of.isDirectory()) return;
        for (var name : names(path)) tree(path + "/" + name, all);
    }

    private String line(String path, Attributes of) {
        var times = of.modified() + " " + of.changed() + " " + of.born() + " ";
        times += extended(path);
        var what = of.inode() + " " + Integer.toOctalString(of.mode()) + " " + of.uid() + " ";
        if (of.isDirectory()) return what + of.gid() + " " + times;
        var content =
                of.isLink()
                        ? namespace.readLink(context, null, path)
                        : of.isRegular() ? digest(path) : "";
        return what + of.gid() + " " + of.links() + " " + of.size() + " " + times + content;
    }

    private String extended(String path) {
        var place = namespace.resolve(context, null, path, NOFOLLOW);
        var text = new StringBuilder();
        for (var name : new TreeSet<>(namespace.extendedAttributes(context, place))) {
            var value = namespace.extendedAttribute(context, place, name);
            text.append(name)
                    .append('=')
                    .append(new String(value, StandardCharsets.UTF_8))
                    .append(' ');
        }
        return text.toString();
    }

    private void extend(String path, String name, String value) {
        var place = namespace.resolve(context, null, path, 0);
        namespace.setExtendedAttribute(context, place, name, bytes(value).array(), 0);
    }

    private String digest(String path) {
        var file = open(path, OpenFile.O_RDONLY | OpenFile.O_NOATIME);
        try {
            var digest = java.security.MessageDigest.getInstance("SHA-256");
            var buffer = ByteBuffer.allocate(1 << 16);
            for (int count = file.read(buffer); count > 0; count = file.read(buffer)) {
                digest.update(buffer.flip());
                buffer.clear();
            }
            return java.util.HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } finally {
            file.release();
        }
    }

    protected final Set<String> names(String path) {
        var stream = open(path, OpenFile.O_RDONLY);
        var all = new ArrayList<String>();
        while (read(stream, all, 4000) > 0) {}
        stream.release();
        all.removeAll(List.of(".", ".."));
        var names = new TreeSet<>(all);
        assertEquals(names.size(), all.size(), all::toString);
        return names;
    }

    private long number(String path) {
        return namespace.resolve(context, null, path, NOFOLLOW).attributes().inode();
    }

    protected final OpenFile open(String path, int flags) {
        return namespace.open(context, null, path, flags, 0644);
    }

    protected final void mkdir(String path) {
        namespace.makeDirectory(context, null, path, 0755);
    }

    private void link(String existing, String path) {
        namespace.link(context, null, existing, null, path, 0);
    }

    private void mode(String path, int mode) {
        change(path, AttributeChange.mode(mode));
    }

    private void times(String path, long accessed, long modified) {
        change(path, AttributeChange.times(accessed, modified));
    }

    private void change(String path, AttributeChange change) {
        namespace.change(context, namespace.resolve(context, null, path, 0), change);
    }

    protected final void write(String path, String content) {
        var file = open(path, CREATE | OpenFile.O_TRUNC);
        if (!content.isEmpty())
            assertEquals(bytes(content).remaining(), file.write(bytes(content)));
        file.release();
    }

    protected final String text(String path) {
        return text(context, path);
    }

    private String text(FsContext context, String path) {
        var file = namespace.open(context, null, path, OpenFile.O_RDONLY, 0);
        try {
            return rest(file);
        } finally {
            file.release();
        }
    }

    protected static String rest(OpenFile file) {
        var buffer = ByteBuffer.allocate(4096);
        int count = file.read(buffer);
        assertTrue(count >= 0, () -> "read: " + count);
        return new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
    }

    protected static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    protected static void fails(Errno errno, org.junit.jupiter.api.function.Executable call) {
        assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
    }
}
