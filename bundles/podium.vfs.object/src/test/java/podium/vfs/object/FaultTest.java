package podium.vfs.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.Backends;
import podium.testkit.Trees;
import podium.vfs.FileSystem;
import podium.vfs.MountSpec;

/// A real server behind a network that fails.
class FaultTest {

    @TempDir Path directory;

    private final String bucket = "b-" + UUID.randomUUID();
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        Server.get().bucket(bucket);
        proxy = new FaultProxy(Server.get().port);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
    }

    private MountSpec spec(String cache, String... options) throws IOException {
        var spec =
                MountSpec.of("/", "object", "s3://" + bucket)
                        .withOption("endpoint", Server.endpoint(proxy.port()).toString())
                        .withOption("credentials", Server.credentials(directory).toString())
                        .withOption("timeout", "4")
                        .withOption("cache", directory.resolve(cache).toString());
        for (int i = 0; i < options.length; i += 2)
            spec = spec.withOption(options[i], options[i + 1]);
        return spec;
    }

    private FileSystem mount(String cache, String... options) throws Exception {
        return new ObjectFileSystemType().create(spec(cache, options));
    }

    /// Every kind of fault that passes, at random, and nothing is noticed.
    @Test
    void whatPassesIsTriedAgain() throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime());
        var random = new Random(seed);
        var passing =
                new FaultProxy.Fault[] {
                    FaultProxy.Fault.DROP,
                    FaultProxy.Fault.LOSE_ANSWER,
                    FaultProxy.Fault.CUT_ANSWER,
                    FaultProxy.Fault.ERROR,
                    FaultProxy.Fault.BUSY
                };
        String tree;
        proxy.faults =
                (request, number) ->
                        random.nextInt(6) == 0
                                ? passing[random.nextInt(passing.length)]
                                : FaultProxy.Fault.NONE;
        try (var fs = mount("one", "timeout", "30")) {
            for (int i = 0; i < 40; i++) {
                Backends.file(fs, "f" + i, Backends.random(random.nextInt(200_000), i)).sync(false);
                if (i % 3 == 0) fs.root().unlink("f" + i);
            }
            tree = Trees.text(fs);
        }
        try (var fs = mount("two", "timeout", "30")) {
            assertEquals(tree, Trees.text(fs), "podium.seed=" + seed);
        }
    }

    /// Who syncs is told, and when the server is back, everything gets there.
    @Test
    void aServerThatIsAwayForAWhile() throws Exception {
        String tree;
        try (var fs = mount("one")) {
            var file = Backends.file(fs, "f", Backends.random(10_000, 1));
            file.sync(false);
            proxy.faults = (request, number) -> FaultProxy.Fault.DROP;
            var other = Backends.file(fs, "g", Backends.random(20_000, 2));
            Backends.fails(Errno.ETIMEDOUT, fs::sync);
            Backends.fails(Errno.ETIMEDOUT, () -> other.sync(true));
            // That was there before.
            file.sync(true);
            assertArrayEquals(Backends.random(20_000, 2), Backends.content(Backends.file(fs, "g")));
            Backends.file(fs, "h", Backends.random(30_000, 3));
            proxy.faults = (request, number) -> FaultProxy.Fault.NONE;
            syncAtLast(fs);
            tree = Trees.text(fs);
        }
        try (var fs = mount("two")) {
            assertEquals(tree, Trees.text(fs));
        }
    }

    private static void syncAtLast(FileSystem fs) throws InterruptedException {
        for (int i = 0; ; i++)
            try {
                fs.sync();
                return;
            } catch (ErrnoException e) {
                assertEquals(Errno.ETIMEDOUT, e.errno());
                assertTrue(i < 600, "the server is back, and nobody notices");
                Thread.sleep(100);
            }
    }

    @Test
    void whatDidNotReachTheBucketGetsThereNextTime() throws Exception {
        String tree;
        try (var fs = mount("one", "sync", "local")) {
            fs.sync();
            proxy.faults =
                    (request, number) ->
                            request.startsWith("PUT")
                                    ? FaultProxy.Fault.DROP
                                    : FaultProxy.Fault.NONE;
            Backends.file(fs, "f", Backends.random(100_000, 1)).sync(false);
            tree = Trees.text(fs);
        }
        proxy.faults = (request, number) -> FaultProxy.Fault.NONE;
        try (var fs = mount("one", "sync", "local")) {
            assertEquals(tree, Trees.text(fs));
        }
        try (var fs = mount("two")) {
            assertEquals(tree, Trees.text(fs));
        }
    }

    @Test
    void aBucketWithoutRoom() throws Exception {
        try (var fs = mount("one")) {
            fs.sync();
            proxy.faults =
                    (request, number) ->
                            request.startsWith("PUT")
                                    ? FaultProxy.Fault.FULL
                                    : FaultProxy.Fault.NONE;
            Backends.file(fs, "f", Backends.random(10_000, 1));
            Backends.fails(Errno.ENOSPC, fs::sync);
            proxy.faults = (request, number) -> FaultProxy.Fault.NONE;
        }
        try (var fs = mount("two")) {
            assertArrayEquals(Backends.random(10_000, 1), Backends.content(Backends.file(fs, "f")));
        }
    }

    @Test
    void aServerThatSaysNothing() throws Exception {
        proxy.faults = (request, number) -> FaultProxy.Fault.STALL;
        var message = Backends.refused(() -> mount("one"));
        assertTrue(message.contains("cannot be reached"), message);
        try (var cache = Files.list(directory.resolve("one/files"))) {
            assertEquals(0, cache.count());
        }
    }

    @Test
    void whatIsWrongIsSaidInOneLineAndNothingSecretEver() throws Exception {
        var said = new ByteArrayOutputStream();
        var before = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            var wrong =
                    Files.writeString(
                            directory.resolve("wrong"),
                            Files.readString(Server.credentials(directory))
                                    .replace("may-see", "may-see-either"));
            one("access denied", () -> mount("a", "credentials", wrong.toString()));
            one("no credentials", () -> mount("b", "credentials", directory + "/none"));
            one(
                    "no bucket",
                    () ->
                            new ObjectFileSystemType()
                                    .create(
                                            new MountSpec(
                                                    "/",
                                                    "object",
                                                    "nobody-s",
                                                    spec("c").options(),
                                                    false)));
            one("URL", () -> mount("d", "endpoint", "ftp://x"));
            one("without credentials", () -> mount("d", "endpoint", "http://me:pass@127.0.0.1"));
            one(
                    "sync=local needs cache",
                    () ->
                            new ObjectFileSystemType()
                                    .create(
                                            MountSpec.of("/", "object", "b-b")
                                                    .withOption("sync", "local")));
            one("bucket or local", () -> mount("e", "sync", "perhaps"));
            one(
                    "BUCKET/PREFIX",
                    () -> new ObjectFileSystemType().create(MountSpec.of("/", "object", "/")));
            Files.writeString(Files.createDirectory(directory.resolve("mine")).resolve("x"), "x");
            one("not empty and no cache", () -> mount("mine"));
            proxy.faults = (request, number) -> FaultProxy.Fault.ERROR;
            one("the server does not do it (InternalError)", () -> mount("f"));
        } finally {
            System.setErr(before);
        }
        assertFalse(said.toString(StandardCharsets.UTF_8).contains(Server.SECRET));
        assertFalse(ObjectOptions.of(spec("x")).toString().contains(Server.SECRET));
    }

    private static void one(String part, org.junit.jupiter.api.function.Executable mount) {
        var message = Backends.refused(mount);
        assertTrue(message.contains(part), message);
        assertFalse(message.contains("\n"), message);
        assertFalse(message.contains(Server.SECRET), message);
    }

    /// What a store of many small files costs is counted, as a bill would.
    @Test
    void manySmallFilesAreFewRequests() throws Exception {
        int before;
        try (var fs = mount("one")) {
            before = proxy.count("");
            for (int i = 0; i < 10_000; i++)
                Backends.file(fs, "f" + i, Backends.random(100 + i % 400, i));
            fs.sync();
        }
        int written = proxy.count("") - before;
        assertTrue(written < 40, "requests to write: " + written);
        before = proxy.count("");
        try (var fs = mount("two")) {
            for (int i = 0; i < 10_000; i += 97)
                assertArrayEquals(
                        Backends.random(100 + i % 400, i),
                        Backends.content(Backends.file(fs, "f" + i)));
        }
        int read = proxy.count("") - before;
        assertTrue(read < 60, "requests to read: " + read);
        try (var fs = mount("two")) {
            before = proxy.count("GET");
            for (int i = 0; i < 10_000; i += 97) Backends.content(Backends.file(fs, "f" + i));
            assertEquals(before, proxy.count("GET"), "what is in the cache is read there");
        }
    }
}
