package podium.benchmark.move;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import podium.pod.Limits;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Moves a mount from memory to a `store`, to `sqlite`, to an `overlay` and to memory again, under
/// a Node program that does everything to files, two processes with a database, and at times many
/// threads that change files at once. Every program compares what it sees with what it has
/// written; what is there at the end is looked at from the host.
public final class Hammer {

    private static final String MOUNT = "/data";
    private static final String STOP = "/tmp/stop";
    private static final String CROWD = "/tmp/crowd";
    private static final String MANIFEST = "/tmp/manifest";
    private static final int DATABASES = 2;

    /// Of Node's pool.
    private static final int POOL = 16;

    private static final int CROWD_THREADS = 128;

    /// There is a crowd in one of so many moves: odd, so that it meets all types.
    private static final int CROWDED = 19;

    /// The first of them.
    private static final int FIRST_CROWDED = 5;

    /// With a crowd much is to be left when calls are held, as much as a move by the standard plan
    /// would accept. So whoever moves the mount is slow then, and patient.
    private static final MigrationPlan PATIENT =
            MigrationPlan.DEFAULT.withPause(Duration.ofMillis(500)).withRounds(500);

    /// Nanoseconds.
    private static final long DAWDLE = 5_000_000;

    private final PodManager pods;
    private final Path scripts;
    private final Path guests;
    private final Path folder;
    private final long seed;
    private final List<Move> moves = new ArrayList<>();

    /// @param scripts the folder `src/main/js/moves`
    /// @param guests the folder of what `src/main/c` was compiled to, for guests
    /// @param folder of the host, empty, for what mounts keep there
    public Hammer(PodManager pods, Path scripts, Path guests, Path folder, long seed) {
        this.pods = pods;
        this.scripts = scripts;
        this.guests = guests;
        this.folder = folder;
        // The programs have their numbers from it, which are no more than 32 bits.
        this.seed = seed & Integer.MAX_VALUE;
    }

    /// What the programs' random numbers begin with.
    public long seed() {
        return seed;
    }

    /// Moves it so often.
    ///
    /// @param each is told of each move
    /// @throws HammerException a program has failed, or something differs
    public Figures run(int count, Consumer<Move> each)
            throws PodException,
                    MountException,
                    HammerException,
                    IOException,
                    InterruptedException {
        var spec =
                PodSpec.of("moves")
                        .withMount(MountSpec.of(MOUNT, "memory"))
                        .withMount(
                                MountSpec.of("/program", "host", scripts.toString()).asReadOnly())
                        .withLimits(Limits.DEFAULT.withThreads(2 * CROWD_THREADS));
        try (var pod = pods.create(spec)) {
            Files.createDirectory(path(pod, MOUNT + "/databases"));
            var programs = new ArrayList<Program>();
            programs.add(files(pod));
            for (int i = 0; i < DATABASES; i++) programs.add(database(pod, i));
            var crowd = crowd(pod);
            for (int i = 0; i < count; i++) {
                move(pod, programs, crowd, i);
                each.accept(moves.getLast());
            }
            Files.createFile(path(pod, STOP));
            for (var program : programs) program.end();
            crowd.end();
            return compare(pod, programs, crowd);
        }
    }

    private static Path path(Pod pod, String name) {
        return pod.fileSystem().getPath(name);
    }

    private Program files(Pod pod) throws PodException {
        var command =
                List.of(
                        "node",
                        "/program/index.js",
                        MOUNT + "/files",
                        Long.toString(seed),
                        STOP,
                        MANIFEST);
        var pool = Map.of("UV_THREADPOOL_SIZE", Integer.toString(POOL));
        return new Program(pod, "files", ProcessSpec.of(command).withEnvironment(pool));
    }

    private Program database(Pod pod, int number) throws PodException, IOException {
        var folder = MOUNT + "/databases";
        return guest(pod, "database", folder, Integer.toString(number), Long.toString(seed), STOP);
    }

    private Program crowd(Pod pod) throws PodException, IOException {
        return guest(pod, "crowd", MOUNT + "/crowd", Integer.toString(CROWD_THREADS), CROWD, STOP);
    }

    private Program guest(Pod pod, String... command) throws PodException, IOException {
        var module = Files.readAllBytes(guests.resolve(command[0] + ".wasm"));
        var spec = ProcessSpec.of(List.of(command)).withModule(module);
        return new Program(pod, String.join(" ", command), spec);
    }

    /// Moves it when every program has got on.
    private void move(Pod pod, List<Program> programs, Program crowd, int number)
            throws IOException, HammerException, MountException, InterruptedException {
        for (var program : programs) program.await(program.at() + 1);
        boolean crowded = number % CROWDED == FIRST_CROWDED;
        if (crowded) {
            Files.createFile(path(pod, CROWD));
            crowd.await(crowd.at() + 2 * CROWD_THREADS);
        }
        move(pod, place(number), crowded);
        if (crowded) Files.delete(path(pod, CROWD));
    }

    /// Where it goes, in turn.
    private MountSpec place(int number) {
        var own = folder.resolve("move-" + number).toString();
        return switch (number % 4) {
            case 0 -> MountSpec.of(MOUNT, "store", own);
            case 1 -> MountSpec.of(MOUNT, "sqlite", own);
            case 2 ->
                    MountSpec.of(MOUNT, "overlay")
                            .withOption("upper", "memory")
                            .withOption("lower.1", "memory");
            default -> MountSpec.of(MOUNT, "memory");
        };
    }

    private void move(Pod pod, MountSpec to, boolean crowded) throws MountException, IOException {
        var files = pod.files();
        var from =
                files.namespace().mounts().stream()
                        .map(mount -> mount.spec())
                        .filter(spec -> spec.target().equals(MOUNT))
                        .findFirst()
                        .orElseThrow();
        long start = System.nanoTime();
        var plan = crowded ? PATIENT : MigrationPlan.DEFAULT;
        var progress = crowded ? (MigrationProgress) Hammer::dawdle : MigrationProgress.NONE;
        var done = files.namespace().migrate(files, to, plan, progress);
        var took = Duration.ofNanos(System.nanoTime() - start);
        moves.add(new Move(to.type(), crowded, done.pause(), done.tail(), took));
        // What it has left is not needed.
        if (!from.source().isEmpty()) remove(Path.of(from.source()));
    }

    /// Gives others time to change more, before each round of copying and in it.
    private static boolean dawdle(Phase phase, long inodes, long bytes, long pending) {
        if (phase == Phase.CATCH_UP) LockSupport.parkNanos(DAWDLE);
        return true;
    }

    private static void remove(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private Figures compare(Pod pod, List<Program> programs, Program crowd)
            throws IOException, HammerException {
        var files = programs.getFirst();
        var databases = programs.subList(1, programs.size());
        var wanted = Files.readAllLines(path(pod, MANIFEST));
        compare(wanted, Manifest.of(path(pod, MOUNT + "/files")));
        var transactions = new ArrayList<Long>();
        double slowest = 0;
        for (var program : databases) {
            transactions.add(Long.valueOf(program.figure("transactions")));
            slowest = Math.max(slowest, Double.parseDouble(program.figure("slowest")));
        }
        var copies = Files.createDirectory(folder.resolve("copies"));
        new Bank(path(pod, MOUNT + "/databases"), copies).check(transactions);
        remove(copies);
        return new Figures(
                moves,
                Long.parseLong(files.figure("operations")),
                Long.parseLong(crowd.figure("files")),
                transactions.stream().mapToLong(Long::longValue).sum(),
                wanted.size(),
                Double.parseDouble(files.figure("slowest")),
                slowest);
    }

    private static void compare(List<String> wanted, List<String> found) throws HammerException {
        if (wanted.equals(found)) return;
        var lost = new ArrayList<>(wanted);
        lost.removeAll(found);
        var other = new ArrayList<>(found);
        other.removeAll(wanted);
        throw new HammerException(
                "what is there is not what was written: lost\n%s\nand instead\n%s"
                        .formatted(String.join("\n", lost), String.join("\n", other)));
    }
}
