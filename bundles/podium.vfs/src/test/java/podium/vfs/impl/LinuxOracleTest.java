package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import podium.testkit.posix.NativePosix;
import podium.testkit.posix.Posix;
import podium.testkit.posix.PosixScript;
import podium.testkit.posix.PosixScripts;
import podium.testkit.posix.RandomScript;
import podium.testkit.posix.VfsPosix;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.memory.MemoryFileSystemType;

/// The same calls on native Linux and on the VFS over memory.
class LinuxOracleTest {

    private static final int RANDOM_SCRIPTS = Integer.getInteger("podium.random.scripts", 60);
    private static final int RANDOM_LINES = 400;

    static List<PosixScripts> scripts() {
        // Watches are files that system calls make; podium.syscall.fs tries them.
        return PosixScripts.all().stream()
                .filter(script -> script.lines().stream().noneMatch(l -> l.startsWith("watch ")))
                .toList();
    }

    static Posix podium() throws MountException {
        var vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
        return new VfsPosix(vfs, vfs.namespace(List.of(MountSpec.of("/", "memory"))));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void doesAsLinuxDoes(PosixScripts script) throws IOException, MountException {
        assumeTrue(NativePosix.available());
        try (var linux = NativePosix.create()) {
            boolean users = script.lines().stream().anyMatch(line -> line.startsWith("user "));
            assumeTrue(linux.superuser() || !users, "only the superuser can be several users");
            compare(linux, script.lines());
        }
    }

    @Test
    void doesAsLinuxDoesWhateverIsAsked() throws IOException, MountException {
        assumeTrue(NativePosix.available());
        long first = Long.getLong("podium.random.seed", System.nanoTime());
        for (long seed = first; seed < first + RANDOM_SCRIPTS; seed++) {
            var lines = RandomScript.of(seed, RANDOM_LINES);
            try (var linux = NativePosix.create()) {
                compare(linux, lines);
            } catch (AssertionError e) {
                throw new AssertionError("podium.random.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void thereAreScripts() {
        assertTrue(scripts().size() > 20);
    }

    private static void compare(Posix linux, List<String> lines) throws MountException {
        var expected = PosixScript.run(linux, lines);
        try (var podium = podium()) {
            var actual = PosixScript.run(podium, lines);
            for (int i = 0; i < lines.size(); i++)
                assertEquals(expected.get(i), actual.get(i), "line " + i);
            assertEquals(lines.size(), actual.size());
        }
    }
}
