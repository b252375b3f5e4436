package podium.vfs.overlay;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import podium.syscall.Credentials;
import podium.syscall.OpenFile;
import podium.vfs.FsContext;
import podium.vfs.MigrationPlan;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;

/// What [MigrationKillTest] kills: writes records, syncs them and says so, while the mount moves on
/// from one durable backend to the next, and says how far that is.
final class MigrationKillWorker {

    static final int THREADS = 2;

    private MigrationKillWorker() {}

    /// The mount, wherever its record says it is.
    static MountSpec mount(Path directory) {
        return MountSpec.of("/data", "store", directory.resolve("first").toString())
                .withOption("record", directory.resolve("record").toString());
    }

    public static void main(String[] arguments) throws Exception {
        var directory = Path.of(arguments[0]);
        var vfs = MigrationTest.vfs();
        var namespace = vfs.namespace(List.of(MountSpec.of("/", "memory"), mount(directory)));
        for (int i = 0; i < THREADS; i++) {
            int worker = i;
            Thread.ofPlatform().start(() -> work(vfs, namespace, worker));
        }
        var context = vfs.context(namespace, Credentials.ROOT);
        for (int i = 0; ; i++) {
            var place = directory.resolve(arguments[1] + "-" + i);
            boolean host = i % 3 == 2;
            if (host) java.nio.file.Files.createDirectory(place);
            var to = MountSpec.of("/data", host ? "host" : "store", place.toString());
            namespace.migrate(
                    context,
                    to,
                    MigrationPlan.DEFAULT,
                    (phase, _, _, _) -> {
                        say("phase " + phase);
                        return true;
                    });
        }
    }

    /// Appends numbers to a file; a synced one is acknowledged as `synced WORKER NUMBER`.
    private static void work(Vfs vfs, MountNamespace namespace, int worker) {
        var context = vfs.context(namespace, Credentials.ROOT);
        var path = "/data/w" + worker;
        long number = last(namespace, context, path);
        int flags = OpenFile.O_CREAT | OpenFile.O_RDWR | OpenFile.O_APPEND;
        var file = namespace.open(context, null, path, flags, 0644);
        while (true) {
            if (file.write(ByteBuffer.allocate(8).putLong(++number).flip()) != 8)
                throw new IllegalStateException("not written");
            if (number % 3 != 0) continue;
            file.sync(false);
            say("synced " + worker + " " + number);
        }
    }

    /// The last number of a file whose numbers are all there.
    static long last(MountNamespace namespace, FsContext context, String path) {
        int flags = OpenFile.O_CREAT | OpenFile.O_RDWR;
        var file = namespace.open(context, null, path, flags, 0644);
        try {
            var bytes = ByteBuffer.allocate((int) file.attributes().size());
            file.read(bytes, 0);
            bytes.flip();
            long number = 0;
            // What was not synced may be cut anywhere.
            while (bytes.remaining() >= 8)
                if (bytes.getLong() != ++number)
                    throw new IllegalStateException(path + " lacks " + number);
            file.truncate(number * 8);
            return number;
        } finally {
            file.release();
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
