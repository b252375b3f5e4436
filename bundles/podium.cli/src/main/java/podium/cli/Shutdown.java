package podium.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Stops a container when the JVM is told to end (Ctrl-C, SIGTERM, a terminal that is closed), and
/// lets the JVM end with the exit code of the command that ran in it.
final class Shutdown {

    /// System property with the number of the signal the JVM was told with, for [PodRunner].
    static final String SIGNAL = "podium.signal";

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int status = 1;
    private final Thread hook;

    Shutdown(Container container) {
        hook = new Thread(() -> run(container), "podium-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        Interrupts.handle(this::interrupted);
    }

    private void interrupted(int signal) {
        System.setProperty(SIGNAL, "" + signal);
        if (ended.getCount() > 0) status = 128 + signal;
        System.exit(128 + signal);
    }

    private void run(Container container) {
        container.stop();
        try {
            if (ended.await(1, TimeUnit.SECONDS)) Runtime.getRuntime().halt(status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The command has ended.
    ///
    /// @return whether the JVM is not ending already
    boolean end(int status) {
        this.status = status;
        ended.countDown();
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            return false;
        }
    }
}
