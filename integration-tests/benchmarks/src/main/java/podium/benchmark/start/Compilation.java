package podium.benchmark.start;

import java.util.Arrays;
import java.util.stream.Stream;

/// What the engine `jvm` compiles while a program runs already.
final class Compilation {

    /// Of threads that compile.
    private static final String PREFIX = "wasm-";

    private Compilation() {}

    /// Waits until nothing is left to compile: then the threads that do it wait for more, or are
    /// gone. Compiling does not wait for a time.
    static void await() throws InterruptedException {
        while (threads().anyMatch(t -> t.getState() != Thread.State.TIMED_WAITING)) Thread.sleep(1);
    }

    private static Stream<Thread> threads() {
        var group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) group = group.getParent();
        var threads = new Thread[2 * group.activeCount()];
        return Arrays.stream(threads, 0, group.enumerate(threads))
                .filter(t -> t.isAlive() && t.getName().startsWith(PREFIX));
    }
}
