package podium.benchmark.container;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/// Measures when the container has started, and stops it then.
final class Measurement {

    /// What is measured.
    interface Work {
        void run() throws Exception;
    }

    private final Bundle system;
    private final Work work;

    private Measurement(Bundle system, Work work) {
        this.system = system;
        this.work = work;
    }

    /// Begins, and returns.
    static void begin(BundleContext context, Work work) {
        var system = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        new Thread(new Measurement(system, work)::run, "benchmark").start();
    }

    private void run() {
        try {
            while (system.getState() != Bundle.ACTIVE) Thread.sleep(1);
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            stop();
        }
    }

    private void stop() {
        try {
            system.stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }
}
