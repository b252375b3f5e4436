package podium.vfs.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import podium.syscall.Credentials;
import podium.syscall.OpenFile;
import podium.vfs.FsContext;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;

/// What [MigrationKillTest] kills: writes records, syncs them and says so, while the mount moves on
/// from one durable backend to the next.
///
/// Arguments: the directory, what new places' names begin with, and when to say `now`: a phase, in
/// which move, and whether the move then stays at this step.
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
        var step = Phase.valueOf(arguments[2]);
        int which = Integer.parseInt(arguments[3]);
        boolean stays = Boolean.parseBoolean(arguments[4]);
        say("begins");
        for (int i = 0; ; i++) {
            boolean now = i == which;
            namespace.migrate(
                    context,
                    place(directory.resolve(arguments[1] + "-" + i), i),
                    MigrationPlan.DEFAULT,
                    (phase, _, _, _) -> {
                        if (!now || phase != step) return true;
                        say("now");
                        while (stays) LockSupport.park();
                        return true;
                    });
        }
    }

    private static MountSpec place(Path place, int number) throws IOException {
        var type =
                switch (number % 3) {
                    case 0 -> "store";
                    case 1 -> "sqlite";
                    default -> "host";
                };
        if (type.equals("host")) Files.createDirectory(place);
        return MountSpec.of("/data", type, place.toString());
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
            while (bytes.remaining() >= 8) {
                long next = bytes.getLong();
                // Nor has it its content yet, perhaps, on a disk of the host's without power.
                if (next == 0) break;
                if (next != ++number) throw new IllegalStateException(path + " lacks " + number);
            }
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
