package podium.syscall.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

/// The same calls on native Linux and through the system calls of a guest.
class GuestOracleTest {

    static List<PosixScripts> scripts() {
        return PosixScripts.all();
    }

    static Posix guest() throws MountException {
        var vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
        return new GuestPosix(vfs, vfs.namespace(List.of(MountSpec.of("/", "memory"))));
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
        for (long seed = first; seed < first + 20; seed++) {
            try (var linux = NativePosix.create()) {
                compare(linux, RandomScript.of(seed, 400));
            } catch (AssertionError e) {
                throw new AssertionError("podium.random.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static void compare(Posix linux, List<String> lines) throws MountException {
        var expected = PosixScript.run(linux, lines);
        try (var guest = guest()) {
            var actual = PosixScript.run(guest, lines);
            for (int i = 0; i < lines.size(); i++)
                assertEquals(expected.get(i), actual.get(i), "line " + i);
            assertEquals(lines.size(), actual.size());
        }
    }
}
