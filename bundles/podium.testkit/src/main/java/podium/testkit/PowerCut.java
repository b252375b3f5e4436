package podium.testkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// A crash of the machine: the directory is on an ext4 of its own, in a file, which is shut down
/// (`EXT4_IOC_SHUTDOWN`). What was not synced is lost, as when the power goes: the pages that were
/// not written, and of the file system's journal by turns nothing more, or all of it, so that there
/// are names of files whose content never was.
///
/// Mounting needs root and loop devices; without them, tests are skipped.
public final class PowerCut implements Crash {

    /// Without this, ext4 writes a file's content before a rename puts it in another one's place.
    private static final String OPTIONS = "loop,noauto_da_alloc";

    private final Path image;
    private final Path mount;
    private final Random random;
    private boolean mounted;

    private PowerCut(Path folder, Random random) throws IOException {
        image = folder.resolve("image");
        mount = Files.createTempDirectory(folder, "disk");
        this.random = random;
    }

    /// A disk in a folder, with an empty directory on it.
    public static PowerCut in(Path folder, Random random) throws IOException {
        boolean possible =
                System.getProperty("user.name").equals("root")
                        && Files.exists(Path.of("/dev/loop-control"));
        assumeTrue(possible, "only root mounts a disk, and with loop devices");
        var disk = new PowerCut(folder, random);
        run("truncate", "--size=512M", disk.image.toString());
        run("mke2fs", "-q", "-t", "ext4", disk.image.toString());
        disk.recover();
        Files.createDirectory(disk.directory());
        run("sync", "--file-system", disk.mount.toString());
        return disk;
    }

    @Override
    public Path directory() {
        // Tests call their places by this name; the disk's own directory is not empty.
        return mount.resolve(mount.getFileName());
    }

    @Override
    public void strike(Process process) throws InterruptedException {
        // It must not go on: a sync that meets the shut-down may be told that all is well, when
        // its blocks were written, and that they were is not in the journal.
        Kernel.stop(process);
        cut(random.nextBoolean());
    }

    /// Cuts the power under this process.
    ///
    /// @param journal whether the file system's journal is written first
    public void cut(boolean journal) {
        Kernel.shutDown(mount, journal);
    }

    @Override
    public void recover() throws IOException {
        close();
        run("mount", "-o", OPTIONS, image.toString(), mount.toString());
        mounted = true;
    }

    @Override
    public ProcessBuilder.Redirect complaints() {
        // Each of its threads has something to say about a disk that is gone.
        return ProcessBuilder.Redirect.appendTo(image.resolveSibling("complaints").toFile());
    }

    @Override
    public void close() throws IOException {
        if (mounted) run("umount", mount.toString());
        mounted = false;
    }

    private static void run(String... command) throws IOException {
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, more) -> own + ":" + more);
        var process = builder.start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0)
                throw new IOException(String.join(" ", command) + ": failed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(e.getMessage());
        } finally {
            process.destroyForcibly();
        }
    }

    /// Calls that Java does not have.
    private static final class Kernel {

        private static final int O_RDONLY = 0;
        private static final int SIGSTOP = 19;

        /// `_IOR('X', 125, __u32)`
        private static final long SHUTDOWN = 0x8004587dL;

        /// With the journal written first, and without.
        private static final int WRITE_JOURNAL = 1;

        private static final int AT_ONCE = 2;

        private static final Linker LINKER = Linker.nativeLinker();

        private static MethodHandle function(String name, MemoryLayout... types) {
            var symbol = LINKER.defaultLookup().findOrThrow(name);
            var type = FunctionDescriptor.of(JAVA_INT, types);
            // The two that have three or more arguments declare two.
            return types.length < 3
                    ? LINKER.downcallHandle(symbol, type)
                    : LINKER.downcallHandle(symbol, type, Linker.Option.firstVariadicArg(2));
        }

        private static final MethodHandle KILL = function("kill", JAVA_INT, JAVA_INT);
        private static final MethodHandle OPEN = function("open", ADDRESS, JAVA_INT, JAVA_INT);
        private static final MethodHandle IOCTL = function("ioctl", JAVA_INT, JAVA_LONG, ADDRESS);
        private static final MethodHandle CLOSE = function("close", JAVA_INT);

        /// No thread of it comes back from the kernel any more.
        static void stop(Process process) throws InterruptedException {
            check("kill", KILL, (int) process.pid(), SIGSTOP);
            while (process.isAlive() && !isStopped(process.pid())) Thread.sleep(1);
        }

        /// Each thread is stopped, or waits for a disk and stops then: proc(5).
        private static boolean isStopped(long process) {
            try (var threads = Files.list(Path.of("/proc", "" + process, "task"))) {
                for (var thread : threads.toList()) {
                    var stat = Files.readString(thread.resolve("stat"));
                    if ("TD".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) return false;
                }
                return true;
            } catch (IOException e) {
                // A thread that ended meanwhile.
                return false;
            }
        }

        static void shutDown(Path mount, boolean journal) {
            try (var arena = Arena.ofConfined()) {
                int at = check("open", OPEN, arena.allocateFrom(mount.toString()), O_RDONLY, 0);
                var how = arena.allocateFrom(JAVA_INT, journal ? WRITE_JOURNAL : AT_ONCE);
                try {
                    check("ioctl", IOCTL, at, SHUTDOWN, how);
                } finally {
                    check("close", CLOSE, at);
                }
            }
        }

        private static int check(String name, MethodHandle function, Object... arguments) {
            int result;
            try {
                result = (int) function.invokeWithArguments(arguments);
            } catch (Throwable e) {
                throw new IllegalStateException(name, e);
            }
            if (result < 0) throw new IllegalStateException(name + " failed");
            return result;
        }
    }
}
