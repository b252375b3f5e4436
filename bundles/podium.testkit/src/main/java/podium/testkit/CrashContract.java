package podium.testkit;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that keeps something on the host is killed at some moment, or its machine's power is
/// cut, again and again: what it said to be durable is there. `-Dpodium.seed` says which moments.
public abstract class CrashContract {

    @TempDir Path folder;

    protected final long seed = Long.getLong("podium.seed", System.nanoTime());
    protected final Random random = new Random(seed);

    @ParameterizedTest
    @EnumSource
    void whatIsDurableIsThere(Crash.Of what) throws Exception {
        try (var crash = what.in(folder, random)) {
            run(crash);
        }
    }

    /// Crashes it again and again, and compares.
    protected abstract void run(Crash crash) throws Exception;
}
