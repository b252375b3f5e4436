package podium.testkit.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same calls on native Linux and on something of ours must give the same answers. A test is a
/// subclass with [#create].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class PosixContract {

    private static final int RANDOM_LINES = 400;

    private final int randomScripts;

    /// @param randomScripts how many scripts are made up; `-Dpodium.random.scripts` says otherwise
    protected PosixContract(int randomScripts) {
        this.randomScripts = Integer.getInteger("podium.random.scripts", randomScripts);
    }

    /// A new tree to try a script on.
    protected abstract Posix create() throws Exception;

    /// Whether it has a call.
    ///
    /// @param line of a script
    protected boolean takes(String line) {
        return true;
    }

    final List<PosixScripts> scripts() {
        return PosixScripts.all().stream()
                .filter(script -> script.lines().stream().allMatch(this::takes))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void doesAsLinuxDoes(PosixScripts script) throws Exception {
        assumeTrue(NativePosix.available());
        boolean extended = script.lines().stream().anyMatch(line -> line.contains("xattr "));
        try (var linux = extended ? NativePosix.createOnDisk() : NativePosix.create()) {
            boolean users = script.lines().stream().anyMatch(line -> line.startsWith("user "));
            assumeTrue(linux.superuser() || !users, "only the superuser can be several users");
            compare(linux, script.lines());
        }
    }

    @Test
    void doesAsLinuxDoesWhateverIsAsked() throws Exception {
        assumeTrue(NativePosix.available());
        long first = Long.getLong("podium.random.seed", System.nanoTime());
        for (long seed = first; seed < first + randomScripts; seed++) {
            try (var linux = NativePosix.create()) {
                compare(linux, RandomScript.of(seed, RANDOM_LINES));
            } catch (AssertionError e) {
                throw new AssertionError("podium.random.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void thereAreScripts() {
        assertTrue(scripts().size() > 20);
    }

    private void compare(Posix linux, List<String> lines) throws Exception {
        var expected = PosixScript.run(linux, lines);
        try (var ours = create()) {
            var actual = PosixScript.run(ours, lines);
            for (int i = 0; i < lines.size(); i++)
                assertEquals(expected.get(i), actual.get(i), "line " + i);
            assertEquals(lines.size(), actual.size());
        }
    }
}
