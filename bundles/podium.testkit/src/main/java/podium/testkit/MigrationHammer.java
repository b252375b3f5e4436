package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;
import podium.vfs.Vfs;

/// Threads that do all that programs do to files below `/data`, each in a directory of its own
/// whose content it knows by heart, while the mount moves: whatever they read is compared with
/// what they have written.
public final class MigrationHammer {

    private static final int NAMES = 12;
    private static final int MOST = 20_000;

    private final Vfs vfs;
    private final MountNamespace namespace;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final LongAdder operations = new LongAdder();
    private final AtomicLong slowest = new AtomicLong();
    private volatile boolean stop;

    public MigrationHammer(Vfs vfs, MountNamespace namespace, int threads, long seed) {
        this.vfs = vfs;
        this.namespace = namespace;
        for (int i = 0; i < threads; i++) workers.add(new Worker(i, seed + i));
    }

    public void start() {
        for (var worker : workers) threads.add(Thread.ofPlatform().start(worker));
    }

    /// Waits until so many more operations are done.
    public void await(long more) throws InterruptedException {
        long end = operations.sum() + more;
        while (operations.sum() < end && failures.isEmpty()) Thread.sleep(1);
    }

    public void stop() throws InterruptedException {
        stop = true;
        for (var thread : threads) thread.join();
    }

    public long operations() {
        return operations.sum();
    }

    /// Nanoseconds that the slowest operation took.
    public long slowest() {
        return slowest.get();
    }

    /// Everything is as the threads left it.
    public void compare() {
        for (var failure : failures) throw new AssertionError("a worker failed", failure);
        for (var worker : workers) worker.compare();
    }

    private final class Worker implements Runnable {

        private final String home;
        private final Random random;
        private final FsContext context = vfs.context(namespace, Credentials.ROOT);

        /// Content by name; one array for all names of an inode.
        private final TreeMap<String, Content> files = new TreeMap<>();

        private final List<Open> open = new ArrayList<>();

        private static final class Content {
            private byte[] bytes = {};
        }

        private record Open(OpenFile file, Content content) {}

        Worker(int number, long seed) {
            home = "/data/w" + number;
            random = new Random(seed);
        }

        @Override
        public void run() {
            try {
                namespace.makeDirectory(context, null, home, 0755);
                while (!stop) {
                    long start = System.nanoTime();
                    step();
                    slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
                    operations.increment();
                }
            } catch (Throwable e) {
                failures.add(e);
            }
        }

        private String name() {
            return home + "/n" + random.nextInt(NAMES);
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1 -> make(name());
                case 2 -> remove(name());
                case 3 -> rename(name(), name());
                case 4 -> link(name(), name());
                case 5 -> truncate(name());
                case 6 -> keep(name());
                case 7 -> close();
                case 8, 9 -> change();
                case 10 -> append(name());
                default -> check(name());
            }
        }

        private OpenFile open(String path, int flags) {
            return namespace.open(context, null, path, flags, 0644);
        }

        private void make(String path) {
            var known = files.get(path);
            int flags = OpenFile.O_CREAT | OpenFile.O_RDWR;
            var file = open(path, known == null ? flags | OpenFile.O_EXCL : flags);
            if (known == null) files.put(path, known = new Content());
            write(file, known, random.nextInt(MOST));
            file.release();
        }

        private void write(OpenFile file, Content content, int at) {
            var bytes = new byte[1 + random.nextInt(3000)];
            random.nextBytes(bytes);
            assertEquals(bytes.length, file.write(ByteBuffer.wrap(bytes), at));
            int size = Math.max(content.bytes.length, at + bytes.length);
            content.bytes = Arrays.copyOf(content.bytes, size);
            System.arraycopy(bytes, 0, content.bytes, at, bytes.length);
        }

        private void append(String path) {
            var known = files.get(path);
            if (known == null || known.bytes.length > MOST) return;
            var file = open(path, OpenFile.O_WRONLY | OpenFile.O_APPEND);
            var bytes = new byte[1 + random.nextInt(200)];
            random.nextBytes(bytes);
            assertEquals(bytes.length, file.write(ByteBuffer.wrap(bytes)));
            file.release();
            int size = known.bytes.length;
            known.bytes = Arrays.copyOf(known.bytes, size + bytes.length);
            System.arraycopy(bytes, 0, known.bytes, size, bytes.length);
        }

        private void remove(String path) {
            expect(files.containsKey(path), () -> namespace.unlink(context, null, path, 0));
            files.remove(path);
        }

        private void rename(String from, String to) {
            expect(
                    files.containsKey(from),
                    () -> namespace.rename(context, null, from, null, to, 0));
            var moved = files.get(from);
            if (moved == null || files.get(to) == moved) return;
            files.remove(from);
            files.put(to, moved);
        }

        private void link(String from, String to) {
            if (files.containsKey(to)) return;
            expect(files.containsKey(from), () -> namespace.link(context, null, from, null, to, 0));
            var known = files.get(from);
            if (known != null) files.put(to, known);
        }

        private void expect(boolean there, Runnable call) {
            try {
                call.run();
                assertTrue(there);
            } catch (ErrnoException e) {
                if (there || e.errno() != Errno.ENOENT) throw e;
            }
        }

        private void truncate(String path) {
            var known = files.get(path);
            if (known == null) return;
            int size = random.nextInt(MOST);
            namespace.truncate(context, namespace.resolve(context, null, path, 0), size);
            known.bytes = Arrays.copyOf(known.bytes, size);
        }

        /// Some stay open when their names are gone.
        private void keep(String path) {
            var known = files.get(path);
            if (known == null || open.size() >= 5) return;
            open.add(new Open(open(path, OpenFile.O_RDWR), known));
        }

        private void close() {
            if (open.isEmpty()) return;
            var one = open.remove(random.nextInt(open.size()));
            check(one.file, one.content);
            one.file.release();
        }

        private void change() {
            if (open.isEmpty()) return;
            var one = open.get(random.nextInt(open.size()));
            write(one.file, one.content, random.nextInt(MOST));
            if (random.nextInt(8) == 0) one.file.sync(random.nextBoolean());
        }

        private void check(String path) {
            var known = files.get(path);
            if (known == null) {
                expect(false, () -> open(path, OpenFile.O_RDONLY));
                return;
            }
            var file = open(path, OpenFile.O_RDONLY);
            check(file, known);
            file.release();
        }

        private void check(OpenFile file, @Nullable Content content) {
            var expected = content == null ? new byte[0] : content.bytes;
            assertEquals(expected.length, file.attributes().size());
            var buffer = ByteBuffer.allocate(expected.length + 1);
            assertEquals(expected.length, file.read(buffer, 0));
            assertArrayEquals(expected, Arrays.copyOf(buffer.array(), expected.length));
        }

        void compare() {
            files.keySet().forEach(this::check);
            for (int i = 0; i < NAMES; i++) check(home + "/n" + i);
            for (var one : open) {
                check(one.file, one.content);
                one.file.release();
            }
            context.close();
        }
    }
}
