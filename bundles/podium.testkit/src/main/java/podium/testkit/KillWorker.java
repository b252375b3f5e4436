package podium.testkit;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// What [KillContract] kills: writes records to files of its own threads, syncs, and says so.
public final class KillWorker {

    static final int THREADS = 3;
    static final int RECORD = 64;

    /// A file begins anew at this many records, by renaming a new one over it.
    static final int LONGEST = 400;

    private KillWorker() {}

    /// Works until the process is killed.
    public static void run(FileSystem fs, long seed) {
        for (int i = 0; i < THREADS; i++) {
            int worker = i;
            Thread.ofPlatform().start(() -> work(fs, worker, new Random(seed + worker)));
        }
    }

    /// Record `n` of a worker is known by heart: `n` and what follows from it. Every sync is
    /// acknowledged as `worker generation records`.
    private static void work(FileSystem fs, int worker, Random random) {
        var root = fs.root();
        var name = "w" + worker;
        long generation = generation(root.lookup(name)) + 1;
        Node.Regular file = root.create(name + ".new", 0644, 0, 0);
        for (int count = 0; ; ) {
            int more = 1 + random.nextInt(20);
            var bytes = ByteBuffer.allocate(more * RECORD);
            for (int i = 0; i < more; i++) record(bytes, generation, count + i);
            file.append(bytes.flip());
            count += more;
            if (random.nextInt(4) == 0) continue;
            if (random.nextBoolean()) file.sync(random.nextBoolean());
            else fs.sync();
            if (root.lookup(name + ".new") == file) {
                root.rename(name + ".new", root, name, false);
                fs.sync();
            }
            say(System.out, "%d %d %d%n".formatted(worker, generation, count));
            if (count < LONGEST) continue;
            generation++;
            count = 0;
            file = root.create(name + ".new", 0644, 0, 0);
        }
    }

    /// The number that the records of a file begin with, or -1.
    static long generation(@Nullable Node file) {
        var head = ByteBuffer.allocate(8);
        boolean some = file instanceof Node.Regular regular && regular.read(head, 0) == 8;
        return some ? head.getLong(0) : -1;
    }

    private static synchronized void say(PrintStream out, String line) {
        out.print(line);
        out.flush();
    }

    static void record(ByteBuffer into, long generation, int number) {
        int end = into.position() + RECORD;
        into.putLong(generation).putLong(number);
        var random = new Random(generation * 31 + number);
        while (into.position() < end) into.put((byte) random.nextInt());
    }
}
