package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import podium.syscall.Credentials;
import podium.syscall.OpenFile;
import podium.vfs.FileSystem;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;
import podium.vfs.Node;
import podium.vfs.Vfs;

/// Does what programs do to files in a directory of its own, whose state it knows by heart after
/// each step.
final class SnapshotWorker implements Runnable {

    static final int NAMES = 10;
    private static final int MOST = 5000;

    /// What there is: inodes by name, and their contents. Constant.
    record State(Map<String, Integer> names, Map<Integer, byte[]> contents) {

        /// Without what has no name.
        State named() {
            var left = new HashMap<>(contents);
            left.keySet().retainAll(names.values());
            return new State(names, left);
        }

        /// Whether a directory has just this.
        boolean is(Node.Directory in) {
            var entries = in.entries(0, Integer.MAX_VALUE);
            if (entries.size() != names.size()) return false;
            for (var entry : entries) {
                var number = names.get(entry.name());
                if (number == null || !(in.lookup(entry.name()) instanceof Node.Regular file))
                    return false;
                var buffer = ByteBuffer.allocate(2 * MOST);
                int count = file.read(buffer, 0);
                if (!Arrays.equals(contents.get(number), Arrays.copyOf(buffer.array(), count)))
                    return false;
            }
            return true;
        }
    }

    private record Open(OpenFile file, int inode) {}

    private final String home;
    private final MountNamespace namespace;
    private final FsContext context;
    private final Random random;

    /// Held for a step, and not by whoever restores a snapshot.
    private final Lock step;

    private final List<Open> open = new ArrayList<>();
    private TreeMap<String, Integer> names = new TreeMap<>();
    private HashMap<Integer, byte[]> contents = new HashMap<>();
    private int inodes;

    /// After each step since [#mark].
    private final List<State> states = new ArrayList<>();

    private int steps;

    volatile boolean stop;

    SnapshotWorker(Vfs vfs, MountNamespace namespace, int number, long seed, Lock step) {
        home = "/data/w" + number;
        this.namespace = namespace;
        this.step = step;
        context = vfs.context(namespace, Credentials.ROOT);
        random = new Random(seed + number);
    }

    /// What the lower layer has for a worker.
    static void plant(FileSystem lower, int number) {
        var home = lower.root().createDirectory("w" + number, 0755, 0, 0);
        for (int i = 0; i < 5; i++) Layers.file(home, "n" + i, "lower" + i);
        home.link("n5", home.lookup("n0"));
        home.link("n6", home.lookup("n1"));
    }

    /// Begins with what [#plant] has made.
    SnapshotWorker begin() {
        for (int i = 0; i < 7; i++) names.put("n" + i, i % 5);
        for (int i = 0; i < 5; i++) contents.put(inodes++, ("lower" + i).getBytes());
        keep();
        return this;
    }

    private synchronized void keep() {
        states.add(new State(new TreeMap<>(names), new HashMap<>(contents)));
        steps++;
    }

    /// Forgets the states before the present one.
    synchronized void mark() {
        states.subList(0, states.size() - 1).clear();
    }

    /// How many states there were since [#mark].
    synchronized int since() {
        return states.size();
    }

    int steps() {
        return steps;
    }

    /// The state that a snapshot has, which was taken since [#mark].
    ///
    /// @param most how many states there had been when it was taken; one more was under way perhaps
    synchronized State find(FileSystem then, int most) {
        var in = (Node.Directory) then.root().lookup(home.substring("/data/".length()));
        for (int i = 0; i < Math.min(states.size(), most + 1); i++)
            if (states.get(i).is(in)) return states.get(i).named();
        throw new AssertionError("a snapshot of " + home + " has what was at no time");
    }

    /// A snapshot was restored, and no step is under way.
    void restored(State then) {
        var before = contents;
        names = new TreeMap<>(then.names());
        contents = new HashMap<>(then.contents());
        for (var one : open) contents.putIfAbsent(one.inode(), before.get(one.inode()));
        keep();
        mark();
        compare();
    }

    @Override
    public void run() {
        while (!stop) {
            step.lock();
            try {
                step();
            } finally {
                step.unlock();
            }
        }
    }

    private void step() {
        var name = "n" + random.nextInt(NAMES);
        var other = "n" + random.nextInt(NAMES);
        switch (random.nextInt(9)) {
            case 0, 1 -> write(name);
            case 2 -> unlink(name);
            case 3 -> rename(name, other);
            case 4 -> link(name, other);
            case 5 -> hold(name);
            case 6 -> close();
            case 7 -> change();
            default -> check(name);
        }
        contents.keySet()
                .removeIf(
                        inode ->
                                !names.containsValue(inode)
                                        && open.stream().noneMatch(one -> one.inode() == inode));
        keep();
    }

    private OpenFile file(String name) {
        int flags = OpenFile.O_RDWR | OpenFile.O_CREAT;
        return namespace.open(context, null, home + "/" + name, flags, 0644);
    }

    private void write(String name) {
        var file = file(name);
        if (!names.containsKey(name)) {
            names.put(name, inodes);
            contents.put(inodes++, new byte[0]);
            // A snapshot may come in between.
            keep();
        }
        write(file, names.get(name));
        file.release();
    }

    private void write(OpenFile file, int inode) {
        var bytes = new byte[1 + random.nextInt(1000)];
        random.nextBytes(bytes);
        int at = random.nextInt(MOST - 1000);
        assertEquals(bytes.length, file.write(ByteBuffer.wrap(bytes), at));
        var known = contents.get(inode);
        var next = Arrays.copyOf(known, Math.max(known.length, at + bytes.length));
        System.arraycopy(bytes, 0, next, at, bytes.length);
        contents.put(inode, next);
    }

    private void unlink(String name) {
        if (names.remove(name) != null) namespace.unlink(context, null, home + "/" + name, 0);
    }

    private void rename(String from, String to) {
        var moved = names.get(from);
        if (moved == null) return;
        namespace.rename(context, null, home + "/" + from, null, home + "/" + to, 0);
        if (moved.equals(names.get(to))) return;
        names.remove(from);
        names.put(to, moved);
    }

    private void link(String from, String to) {
        var known = names.get(from);
        if (known == null || names.containsKey(to)) return;
        namespace.link(context, null, home + "/" + from, null, home + "/" + to, 0);
        names.put(to, known);
    }

    private void hold(String name) {
        var known = names.get(name);
        if (known != null && open.size() < 4) open.add(new Open(file(name), known));
    }

    private void close() {
        if (open.isEmpty()) return;
        var one = open.remove(random.nextInt(open.size()));
        check(one);
        one.file().release();
    }

    private void change() {
        if (open.isEmpty()) return;
        var one = open.get(random.nextInt(open.size()));
        write(one.file(), one.inode());
    }

    private void check(String name) {
        var known = names.get(name);
        if (known == null) return;
        var file = file(name);
        check(new Open(file, known));
        file.release();
    }

    private void check(Open one) {
        var expected = contents.get(one.inode());
        assertEquals(expected.length, one.file().attributes().size());
        long links = names.values().stream().filter(inode -> inode == one.inode()).count();
        assertEquals(links, one.file().attributes().links());
        var buffer = ByteBuffer.allocate(2 * MOST);
        int count = one.file().read(buffer, 0);
        assertArrayEquals(expected, Arrays.copyOf(buffer.array(), count));
    }

    /// Everything is as it is known.
    void compare() {
        var in = (Node.Directory) namespace.resolve(context, null, home, 0).node();
        assertEquals(
                names.keySet().stream().toList(),
                in.entries(0, 100).stream().map(Node.Entry::name).sorted().toList());
        names.keySet().forEach(this::check);
        open.forEach(this::check);
    }

    void end() {
        for (var one : open) one.file().release();
        context.close();
    }
}
