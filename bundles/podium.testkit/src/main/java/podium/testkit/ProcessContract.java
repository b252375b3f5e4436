package podium.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.pod.Limits;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.OpenFile;

/// Processes from the host's side: starting, ending, failing, and what is left of them.
@Timeout(60)
public abstract class ProcessContract {

    private static final int[] LOOP = {0x03, 0x40, 0x0c, 0, 0x0b};
    private static final String TEXT = "hello\n";

    private Pod pod;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    /// The kernel under test.
    protected abstract PodManager pods();

    /// A pod's specification: all in memory, and nothing in it.
    protected abstract PodSpec spec(String name);

    @BeforeEach
    void create() throws PodException {
        pod = pods().create(spec(""));
    }

    @AfterEach
    void close() {
        pod.close();
    }

    /// Puts a file into a pod.
    static void put(Pod pod, String path, byte[] content, int mode) {
        int flags = OpenFile.O_WRONLY | OpenFile.O_CREAT | OpenFile.O_TRUNC;
        var file = pod.files().namespace().open(pod.files(), null, path, flags, mode);
        try {
            var rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                int count = file.write(rest);
                assertTrue(count > 0, () -> "write answers " + count);
            }
        } finally {
            file.release();
        }
    }

    private PodProcess start(TinyModule program) throws PodException {
        return start(program.bytes());
    }

    private PodProcess start(byte[] program) throws PodException {
        put(pod, "/program", program, 0755);
        return pod.start(run("/program"));
    }

    private ProcessSpec run(String... arguments) {
        return ProcessSpec.of(List.of(arguments))
                .withStreams(new ByteArrayInputStream(new byte[0]), output, output);
    }

    private static int status(PodProcess process) throws Exception {
        return process.exit().get(30, TimeUnit.SECONDS);
    }

    private static TinyModule hello() {
        return TinyModule.of(TEXT)
                .call("linux", "write", 1, 0, TEXT.length())
                .call("linux", "exit_group", 3);
    }

    @Test
    void writesAndExits() throws Exception {
        var process = start(hello());
        assertEquals(3, status(process));
        assertEquals(TEXT, output.toString(UTF_8));
        assertNull(process.failure());
        assertFalse(process.alive());
    }

    @Test
    void returningIsSuccess() throws Exception {
        assertEquals(0, status(start(TinyModule.of(""))));
    }

    @Test
    void trapsAreSignals() throws Exception {
        var unreachable = start(TinyModule.of("").raw(0x00));
        assertEquals(128 + 4, status(unreachable));
        assertEquals("program: unreachable code reached (SIGILL) in func[0]", line(unreachable));
        // i32.load at -1
        var load = start(TinyModule.of("").raw(0x41, 0x7f, 0x28, 2, 0, 0x1a));
        assertEquals(128 + 11, status(load));
        // 1 / 0
        var division = start(TinyModule.of("").raw(0x41, 1, 0x41, 0, 0x6d, 0x1a));
        assertEquals(128 + 8, status(division));
        // calls itself
        var endless = start(TinyModule.of("").raw(0x20, 0, 0x10, 0));
        assertEquals(128 + 11, status(endless));
    }

    private static String line(PodProcess process) {
        var line = String.valueOf(process.failure());
        int names = line.indexOf(" in ");
        return names < 0 ? line : line.substring(0, names) + " in func[0]";
    }

    @Test
    void whatIsNotThereOrNoProgram() {
        var absent = assertThrows(PodException.class, () -> pod.start(run("absent")));
        assertEquals(127, absent.status());
        assertEquals("absent: command not found", absent.getMessage());
        var path = assertThrows(PodException.class, () -> pod.start(run("/a/b")));
        assertEquals(127, path.status());
        put(pod, "/text", "echo hello\n".getBytes(UTF_8), 0755);
        var text = assertThrows(PodException.class, () -> pod.start(run("/text")));
        assertEquals(126, text.status());
        assertEquals("/text: cannot execute: not a WebAssembly module", text.getMessage());
        put(pod, "/private", hello().bytes(), 0644);
        var denied = assertThrows(PodException.class, () -> pod.start(run("/private")));
        assertEquals(126, denied.status());
        assertEquals("/private: Permission denied", denied.getMessage());
        put(pod, "/broken", new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 99, 1}, 0755);
        assertEquals(
                126, assertThrows(PodException.class, () -> pod.start(run("/broken"))).status());
        assertEquals(0, pod.usage().processes());
    }

    @Test
    void importsThatNobodyProvidesAreNamed() {
        var module = TinyModule.of("").call("acme", "frob", 1).call("acme", "twist", 1);
        var refused = assertThrows(PodException.class, () -> start(module));
        assertEquals(126, refused.status());
        var message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("acme.frob"), message);
        assertTrue(message.contains("acme.twist"), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void unknownSystemCallsAnswerEnosys() throws Exception {
        var strace = new StringBuilder();
        var module = TinyModule.of("").exitWith("frobnicate", 1, 2);
        put(pod, "/program", module.bytes(), 0755);
        var process = pod.start(run("/program").withStrace(strace));
        assertEquals(Errno.ENOSYS.number(), status(process));
        assertEquals(
                """
                [2] frobnicate(1, 2) = -1 ENOSYS (Function not implemented)
                [2] exit_group(38) = ?
                [2] +++ exited with 38 +++
                """,
                strace.toString());
    }

    @Test
    void scriptsNameTheirInterpreter() throws Exception {
        put(pod, "/hello", hello().bytes(), 0755);
        put(pod, "/script", "#! /hello  with  this \nrest".getBytes(UTF_8), 0755);
        var process = pod.start(run("/script", "argument"));
        assertEquals(List.of("/hello", "with  this", "/script", "argument"), process.arguments());
        assertEquals(3, status(process));
        put(pod, "/circle", "#!/circle\n".getBytes(UTF_8), 0755);
        var circle = assertThrows(PodException.class, () -> pod.start(run("/circle")));
        assertEquals(126, circle.status());
    }

    @Test
    void programsAreFoundInPath() throws Exception {
        var files = pod.files();
        files.namespace().makeDirectory(files, null, "/opt", 0755);
        put(pod, "/opt/tool", hello().bytes(), 0755);
        var wanted = run("tool").withEnvironment(java.util.Map.of("PATH", "/usr/bin:/opt"));
        assertEquals(3, status(pod.start(wanted)));
    }

    @Test
    void endlessLoopsAreKilled() throws Exception {
        var process = start(TinyModule.of("").raw(LOOP));
        assertTrue(process.alive());
        process.signal(15);
        assertEquals(128 + 15, status(process));
        var stubborn = start(TinyModule.of("").raw(LOOP));
        assertEquals(128 + 15, stubborn.kill(Duration.ofSeconds(5)));
    }

    /// What a program starts with is the program's.
    @Test
    void startFunctionsBelongToTheProgram() throws Exception {
        assertEquals(3, status(start(hello().start())));
        assertEquals(TEXT, output.toString(UTF_8));
        var process = start(startsWith(LOOP));
        assertTrue(process.alive());
        process.signal(15);
        assertEquals(128 + 15, status(process));
        var broken = start(startsWith(0x00));
        assertEquals(128 + 4, status(broken));
        assertEquals("program: unreachable code reached (SIGILL) in func[0]", line(broken));
        var other = pods().create(spec("starting"));
        put(other, "/program", startsWith(LOOP).bytes(), 0755);
        var closed = other.start(run("/program"));
        other.close();
        assertEquals(128 + 9, status(closed));
    }

    private static TinyModule startsWith(int... instructions) {
        return TinyModule.of("").raw(instructions).start();
    }

    @Test
    void sleepersAreKilled() throws Exception {
        // A pipe that nobody writes to.
        var silent = new PipedInputStream(new PipedOutputStream());
        put(pod, "/program", TinyModule.of("").exitWith("read", 0, 0, 9).bytes(), 0755);
        var process = pod.start(run("/program").withStreams(silent, output, output));
        Thread.sleep(50);
        process.signal(9);
        assertEquals(128 + 9, status(process));
    }

    @Test
    void inputIsReadAsItComes() throws Exception {
        var host = new PipedOutputStream();
        var input = new PipedInputStream(host);
        put(pod, "/program", TinyModule.of("").exitWith("read", 0, 0, 9).bytes(), 0755);
        var process = pod.start(run("/program").withStreams(input, output, output));
        Thread.sleep(20);
        host.write("abc".getBytes(UTF_8));
        host.flush();
        // It exits with the negated count.
        assertEquals(-3 & 0xff, status(process));
    }

    @Test
    void whoGivesUpItsUserGivesUpItsFiles() throws Exception {
        put(pod, "/secret", new byte[1], 0600);
        var opens = TinyModule.of("@/secret\0").exitWith("openat", -100, 1, 0, 0);
        assertEquals(-3 & 0xff, status(start(opens)));
        var gives = TinyModule.of("@/secret\0").call("linux", "setuid", 1000);
        assertEquals(Errno.EACCES.number(), status(start(gives.exitWith("openat", -100, 1, 0, 0))));
    }

    @Test
    void supplementaryGroupsOpenWhatIsTheirs() throws Exception {
        put(pod, "/shared", new byte[1], 0640);
        Files.setAttribute(pod.fileSystem().getPath("/shared"), "unix:gid", (int) '2');
        assertEquals(
                Errno.EACCES.number(), status(start(opensAsMemberOf("@/shared\0" + "1\0\0\0"))));
        assertEquals(-3 & 0xff, status(start(opensAsMemberOf("@/shared\0" + "2\0\0\0"))));
        var many = TinyModule.of("").exitWith("setgroups", Credentials.MAX_GROUPS + 1, 0);
        assertEquals(Errno.EINVAL.number(), status(start(many)));
        var none = TinyModule.of("").call("linux", "setuid", 1000).exitWith("setgroups", 0, 0);
        assertEquals(Errno.EPERM.number(), status(start(none)));
    }

    /// @param nameAndGroup a byte, a path of 7 bytes with its NUL, and the number of a group
    private static TinyModule opensAsMemberOf(String nameAndGroup) {
        return TinyModule.of(nameAndGroup)
                .call("linux", "setgroups", 1, 9)
                .call("linux", "setresgid", 1000, 1000, 1000)
                .call("linux", "setuid", 1000)
                .exitWith("openat", -100, 1, 0, 0);
    }

    @Test
    void aBrokenOutputIsSigpipe() throws Exception {
        put(pod, "/program", hello().bytes(), 0755);
        var broken =
                new java.io.OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("gone");
                    }
                };
        var process = pod.start(run("/program").withStreams(System.in, broken, broken));
        assertEquals(128 + 13, status(process));
    }

    @Test
    void memoryHasItsLimit() throws Exception {
        var limited = spec("limited").withLimits(Limits.DEFAULT.withMemory(4 * 65_536));
        try (var small = pods().create(limited)) {
            // mmap2 of 1 MiB, private and anonymous
            var module = TinyModule.of("").exitWith("mmap2", 0, 1 << 20, 3, 0x22, -1, 0);
            put(small, "/program", module.bytes(), 0755);
            assertEquals(Errno.ENOMEM.number(), status(small.start(run("/program"))));
            // What memory.grow by 4 pages returns, which is -1, negated
            var grow = TinyModule.of("").raw(0x41, 0, 0x41, 4, 0x40, 0, 0x6b).exit();
            put(small, "/program", grow.bytes(), 0755);
            assertEquals(1, status(small.start(run("/program"))));
        }
    }

    /// All of a pod's processes use the same fuel.
    @Test
    void fuelRunsOut() throws Exception {
        var limited = spec("fuel").withLimits(Limits.DEFAULT.withFuel(10_000_000));
        try (var small = pods().create(limited)) {
            put(small, "/hello", hello().bytes(), 0755);
            put(small, "/program", TinyModule.of("").raw(LOOP).bytes(), 0755);
            assertEquals(3, status(small.start(run("/hello"))));
            var process = small.start(run("/program"));
            assertEquals(128 + 24, status(process));
            assertEquals("program: out of fuel (SIGXCPU) in func[0]", line(process));
            assertEquals(128 + 24, status(small.start(run("/hello"))));
        }
    }

    @Test
    void closingAPodEndsAllOfIt() throws Exception {
        var other = pods().create(spec("other"));
        assertThrows(PodException.class, () -> pods().create(spec("other")));
        put(other, "/program", TinyModule.of("").raw(LOOP).bytes(), 0755);
        var process = other.start(run("/program"));
        other.close();
        assertEquals(128 + 9, status(process));
        assertNull(pods().pod("other"));
        assertThrows(PodException.class, () -> other.start(run("/program")));
        other.close();
        pods().create(spec("other")).close();
    }

    @Test
    void processesHaveALimit() throws Exception {
        var limited = spec("few").withLimits(Limits.DEFAULT.withProcesses(2));
        try (var few = pods().create(limited)) {
            put(few, "/program", TinyModule.of("").raw(LOOP).bytes(), 0755);
            few.start(run("/program"));
            few.start(run("/program"));
            assertThrows(PodException.class, () -> few.start(run("/program")));
            assertEquals(2, few.usage().processes());
        }
    }

    /// After a thousand processes there are no more threads, descriptors or memory than before.
    @Test
    void nothingIsLeftBehind() throws Exception {
        var program = hello().bytes();
        for (int i = 0; i < 50; i++) assertEquals(3, status(start(program)));
        settle();
        int threads = Thread.activeCount();
        long mapped = mappedMemory();
        for (int i = 0; i < 1000; i++) assertEquals(3, status(pod.start(run("/program"))));
        settle();
        assertTrue(Thread.activeCount() <= threads, "threads: " + Thread.activeCount());
        assertTrue(mappedMemory() - mapped < 64, "mappings: " + mapped + ", " + mappedMemory());
        var usage = pod.usage();
        assertEquals(0, usage.processes());
        assertEquals(0, usage.threads());
        assertEquals(0, usage.openFiles());
        assertEquals(0, usage.memory());
        assertTrue(usage.systemCalls() >= 2100, "" + usage);
    }

    /// Threads end a moment after their processes.
    private static void settle() throws InterruptedException {
        for (int i = 0; i < 100 && guestThreads() > 0; i++) Thread.sleep(10);
        assertEquals(0, guestThreads());
    }

    private static long guestThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("program "))
                .count();
    }

    /// The number of this JVM's mappings; 0 where that cannot be seen.
    private static long mappedMemory() throws IOException {
        var maps = java.nio.file.Path.of("/proc/self/maps");
        if (!java.nio.file.Files.exists(maps)) return 0;
        try (var lines = java.nio.file.Files.lines(maps)) {
            return lines.count();
        }
    }
}
