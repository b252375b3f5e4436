package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.Limits;
import podium.pod.Pod;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.pod.Result;
import podium.vfs.MountSpec;

/// What hostile programs try, by Linux's system calls and by WASI: the same sources,
/// `src/main/c/hostile`, which say themselves what has to come of it.
@Timeout(120)
class HostileTest {

    private static final Path SOURCES =
            RealNode.ROOT.resolve("integration-tests/src/main/c/hostile");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Of a program that has its way with nobody.
    private static final Result MET = new Result(0, "met: all\n", "");

    private static final Limits LIMITS =
            Limits.DEFAULT.withMemory(128 << 20).withFiles(64).withThreads(32).withProcesses(8);

    /// How a program talks to the system.
    enum Abi {
        LINUX,
        WASI;

        private final Map<String, byte[]> modules = new ConcurrentHashMap<>();

        /// A program, compiled.
        byte[] module(String program) {
            return modules.computeIfAbsent(
                    program,
                    name -> {
                        try {
                            return compile(name);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }

        private byte[] compile(String program) throws IOException, InterruptedException {
            var module = Files.createTempFile("podium", ".wasm");
            try {
                var source = SOURCES.resolve(program + ".c");
                if (this == LINUX) Guest.compile(module, source, "-fno-builtin");
                else WasiGuest.compile(module, source, "-mbulk-memory");
                return Files.readAllBytes(module);
            } finally {
                Files.delete(module);
            }
        }
    }

    /// What is mounted at `/data`.
    enum Place {
        MEMORY,
        HOST,
        OVERLAY;

        /// @param data what is on the host; the lowest layer of an overlay
        MountSpec mount(Path data) {
            return switch (this) {
                case MEMORY -> MountSpec.of("/data", "memory");
                case HOST -> MountSpec.of("/data", "host", data.toString());
                case OVERLAY ->
                        MountSpec.of("/data", "overlay")
                                .withOption("upper", "memory")
                                .withOption("lower.1", "host")
                                .withOption("lower.1.source", data.toString());
            };
        }
    }

    static Stream<Arguments> everywhere() {
        return Arrays.stream(Place.values())
                .flatMap(place -> Arrays.stream(Abi.values()).map(abi -> Arguments.of(place, abi)));
    }

    static Stream<Arguments> onTheHost() {
        return everywhere().filter(arguments -> arguments.get()[0] != Place.MEMORY);
    }

    @InjectService(timeout = 10_000)
    PodManager pods;

    @TempDir Path folder;

    private Path data;

    @BeforeEach
    void prepare() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(folder.resolve("secret"), "secret");
    }

    private Pod pod(MountSpec... mounts) throws Exception {
        var spec = PodSpec.of("").withLimits(LIMITS);
        for (var mount : mounts) spec = spec.withMount(mount);
        return pods.create(spec);
    }

    /// @param directories what a program for WASI is granted
    private static ProcessSpec spec(
            Abi abi, Set<String> directories, String program, String... arguments) {
        var all = new ArrayList<>(List.of(program));
        all.addAll(List.of(arguments));
        var same = new java.util.TreeMap<String, String>();
        for (var directory : directories) same.put(directory, directory);
        return ProcessSpec.of(all).withModule(abi.module(program)).withDirectories(same);
    }

    private static Result run(Pod pod, Abi abi, String program, String... arguments)
            throws Exception {
        return pod.run(spec(abi, Set.of("/data"), program, arguments), PATIENCE);
    }

    /// A program that needs nothing.
    private static Result stopped(Pod pod, Abi abi, String... arguments) throws Exception {
        return pod.run(spec(abi, Set.of(), "stopped", arguments), PATIENCE);
    }

    /// Nothing was added to, taken from or changed in what is beside the granted directory.
    private void assertUntouched(String... more) throws IOException {
        var expected = new TreeSet<>(List.of("data", "secret"));
        expected.addAll(List.of(more));
        assertEquals(expected, names(folder));
        assertEquals("secret", Files.readString(folder.resolve("secret")));
    }

    private static Set<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            var names = new TreeSet<String>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }

    // ---- paths and links

    /// A link in `/data` that was there before the program.
    private void plant(Place place, Pod pod, String name, String target) throws IOException {
        if (place != Place.MEMORY) {
            Files.createSymbolicLink(data.resolve(name), Path.of(target));
            return;
        }
        var files = pod.files();
        files.namespace().symlink(files, target, null, "/data/" + name);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void noPathLeadsOut(Place place, Abi abi) throws Exception {
        try (var pod = pod(place.mount(data))) {
            plant(place, pod, "planted", "../secret");
            plant(place, pod, "planted-far", folder.resolve("secret").toString());
            plant(place, pod, "planted-folder", "..");
            assertEquals(MET, run(pod, abi, "paths"));
        }
        assertUntouched();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void nothingIsLearntOfTheHost(Place place, Abi abi) throws Exception {
        try (var pod = pod(place.mount(data))) {
            if (place == Place.MEMORY) {
                var files = pod.files();
                files.namespace().makeDirectory(files, null, "/data/sub", 0777);
                files.namespace().open(files, null, "/data/file", 0101, 0666).release();
            } else {
                Files.createDirectory(data.resolve("sub"));
                Files.createFile(data.resolve("file"));
            }
            plant(place, pod, "link", "file");
            plant(place, pod, "there", folder.resolve("secret").toString());
            plant(place, pod, "not-there", folder.resolve("nothing").toString());
            var above = Files.getAttribute(folder, "unix:ino");
            assertEquals(MET, run(pod, abi, "oracle", above.toString()));
        }
        assertUntouched();
    }

    /// The one who swaps a directory and a link is another program of the pod, or of the host.
    @ParameterizedTest
    @MethodSource("onTheHost")
    void noSwapLetsItOut(Place place, Abi abi) throws Exception {
        for (var name : List.of("data/swapped", "beside"))
            Files.createDirectory(folder.resolve(name));
        Files.writeString(data.resolve("swapped/file"), "inside");
        Files.writeString(folder.resolve("beside/file"), "outside!");
        Files.createSymbolicLink(data.resolve("link"), Path.of("../beside"));
        var mount =
                place == Place.HOST
                        ? place.mount(data)
                        : MountSpec.of("/data", "overlay")
                                .withOption("upper", "host")
                                .withOption("upper.source", data.toString())
                                .withOption("lower.1", "memory");
        try (var pod = pod(mount)) {
            var swapping = pod.start(spec(Abi.LINUX, Set.of("/data"), "swap", "swap"));
            assertEquals(MET, run(pod, abi, "swap"));
            assertTrue(swapping.alive(), swapping.failure());
        }
        assertUntouched("beside");
        assertEquals(Set.of("file"), names(folder.resolve("beside")));
        assertEquals("outside!", Files.readString(folder.resolve("beside/file")));
    }

    @ParameterizedTest
    @EnumSource
    void norDoesOneByTheHost(Abi abi) throws Exception {
        for (var name : List.of("data/swapped", "beside"))
            Files.createDirectory(folder.resolve(name));
        Files.writeString(data.resolve("swapped/file"), "inside");
        Files.writeString(folder.resolve("beside/file"), "outside!");
        Files.createSymbolicLink(data.resolve("link"), Path.of("../beside"));
        var ended = new AtomicBoolean();
        try (var pod = pod(Place.HOST.mount(data));
                var host = Executors.newSingleThreadExecutor()) {
            Future<?> swapping = host.submit(() -> swap(ended));
            try {
                assertEquals(MET, run(pod, abi, "swap"));
            } finally {
                ended.set(true);
            }
            swapping.get();
        }
        assertUntouched("beside");
        assertEquals(Set.of("file"), names(folder.resolve("beside")));
    }

    private Void swap(AtomicBoolean ended) throws IOException {
        var swapped = data.resolve("swapped");
        var link = data.resolve("link");
        while (!ended.get()) {
            move(swapped, data.resolve("folder"));
            move(link, swapped);
            move(swapped, link);
            move(data.resolve("folder"), swapped);
        }
        return null;
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    // ---- changes that are not granted

    @ParameterizedTest
    @MethodSource("onTheHost")
    void whatIsReadOnlyStaysAsItIs(Place place, Abi abi) throws Exception {
        Files.writeString(data.resolve("file"), "text");
        Files.createDirectory(data.resolve("empty"));
        Files.createSymbolicLink(data.resolve("link"), Path.of("file"));
        var modified = Files.getLastModifiedTime(data.resolve("file"));
        var own = MountSpec.of("/own", "memory");
        try (var pod = pod(place.mount(data).asReadOnly(), own)) {
            var spec = spec(abi, Set.of("/data", "/own"), "readonly");
            assertEquals(MET, pod.run(spec, PATIENCE));
        }
        assertEquals(Set.of("empty", "file", "link"), names(data));
        assertEquals("text", Files.readString(data.resolve("file")));
        assertEquals(modified, Files.getLastModifiedTime(data.resolve("file")));
        assertUntouched();
    }

    @ParameterizedTest
    @EnumSource
    void whoIsGrantedNothingChangesNothing(Abi abi) throws Exception {
        for (int i = 0; i < 2; i++)
            try (var pod = pod()) {
                assertEquals(MET, pod.run(spec(abi, Set.of(), "nothing"), PATIENCE));
            }
        assertUntouched();
    }

    // ---- too much of something

    @ParameterizedTest
    @MethodSource("everywhere")
    void noSizeIsTheHostsMemory(Place place, Abi abi) throws Exception {
        var heap = ManagementFactory.getMemoryMXBean();
        heap.gc();
        long before = heap.getHeapMemoryUsage().getUsed();
        try (var pod = pod(place.mount(data))) {
            assertEquals(MET, run(pod, abi, "memory"));
            heap.gc();
            long more = heap.getHeapMemoryUsage().getUsed() - before;
            assertTrue(more < 64 << 20, () -> more + " bytes more");
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void everythingHasAnEnd(Place place, Abi abi) throws Exception {
        var programs = Files.createDirectory(folder.resolve("programs"));
        var program = Files.write(programs.resolve("bombs"), Abi.LINUX.module("bombs"));
        assertTrue(program.toFile().setExecutable(true));
        try (var pod =
                pod(place.mount(data), MountSpec.of("/programs", "host", programs.toString()))) {
            assertEquals(MET, run(pod, abi, "bombs"));
            assertEquals(List.of(), pod.processes());
            assertEquals(MET, run(pod, abi, "bombs"), "all was given back");
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void nobodysBytesAreLeft(Place place, Abi abi) throws Exception {
        for (int i = 0; i < 2; i++)
            try (var pod = pod(place.mount(data))) {
                for (int j = 0; j < 2; j++) assertEquals(MET, run(pod, abi, "leftovers"));
            }
        assertEquals(Set.of(), names(data));
    }

    /// A program that runs modules of its own gets no further than by itself.
    @Test
    void noModuleWithinGetsOut() throws Exception {
        try (var pod = pod()) {
            assertEquals(MET, pod.run(spec(Abi.LINUX, Set.of(), "webassembly"), PATIENCE));
        }
    }

    // ---- programs that do not end, or not well

    @ParameterizedTest
    @EnumSource
    void whatDoesNotEndIsStoppedAndHurtsNobody(Abi abi) throws Exception {
        var time = Duration.ofMillis(500);
        try (var pod = pod();
                var neighbour = pod()) {
            for (var what : List.of("spin", "sleep", "nanosleep", "flood", "errors")) {
                var endless = spec(abi, Set.of(), "stopped", what);
                var bystander = neighbour.start(spec(abi, Set.of(), "stopped", "sleep"));
                var ended = pod.run(endless, time);
                assertEquals(124, ended.status(), what);
                assertTrue(ended.output().startsWith("begun\n"), what);
                assertEquals(what.equals("errors"), !ended.error().isEmpty(), what);
                assertEquals(List.of(), pod.processes(), what);
                assertEquals(7, stopped(neighbour, abi, "exit", "7").status(), what);
                assertTrue(bystander.alive(), what);
                bystander.signal(9);
                assertEquals(137, bystander.exit().get());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatEndsItIsTheExitCode(Abi abi) throws Exception {
        var codes = new EnumMap<Abi, Integer>(Map.of(Abi.LINUX, 134, Abi.WASI, 132));
        try (var pod = pod()) {
            for (var what : List.of("fill", "copy", "load", "deep"))
                assertEquals(new Result(139, "begun\n", ""), stopped(pod, abi, what), what);
            assertEquals(new Result(132, "begun\n", ""), stopped(pod, abi, "unreachable"));
            assertEquals(new Result(136, "begun\n", ""), stopped(pod, abi, "divide"));
            assertEquals(codes.get(abi), stopped(pod, abi, "abort").status());
            for (int status : new int[] {0, 1, 126, 127, 128, 137, 255, 256, -1, 1000}) {
                var ended = stopped(pod, abi, "exit", "" + status);
                assertEquals(new Result(status & 255, "begun\n", ""), ended, "" + status);
            }
        }
    }

    /// What the tests above rest on.
    @Test
    void anExpectationThatIsNotMetIsTold() throws Exception {
        try (var pod = pod(Place.HOST.mount(data))) {
            for (var abi : Abi.values()) {
                var ended = run(pod, abi, "readonly");
                assertEquals(1, ended.status());
                assertTrue(ended.output().contains("met: not all\n"), ended.output());
                assertFalse(ended.output().startsWith("met"), ended.output());
            }
        }
    }
}
