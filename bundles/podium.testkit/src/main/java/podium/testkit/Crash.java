package podium.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/// How a process ends that writes to a directory, and what of that is lost with it.
public interface Crash extends AutoCloseable {

    /// What crashes.
    enum Of {
        /// The process alone: what it has handed to the kernel is there.
        PROCESS,

        /// The machine: see [PowerCut].
        POWER;

        /// @param folder an empty one, for all that there is
        public Crash in(Path folder, Random random) throws IOException {
            return this == PROCESS ? () -> folder : PowerCut.in(folder, random);
        }
    }

    /// Where the process keeps what is to outlive it.
    Path directory();

    /// Takes from the directory what the process has not made durable, just before the process is
    /// killed.
    default void strike(Process process) throws InterruptedException {}

    /// Makes the directory what the next process finds, when this one is dead.
    default void recover() throws IOException {}

    /// Where to go with what the process complains about.
    default ProcessBuilder.Redirect complaints() {
        return ProcessBuilder.Redirect.INHERIT;
    }

    @Override
    default void close() throws IOException {}
}
