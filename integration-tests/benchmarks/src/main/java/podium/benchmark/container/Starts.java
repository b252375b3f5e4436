package podium.benchmark.container;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;

/// Runs `node -e 0` so often as the system property `podium.benchmark.starts` says, each in a pod
/// of
/// its own, prints the milliseconds that each took from the making of the pod to its end, one a
/// line, and stops the container. Does nothing where there is no such property.
@Component(service = Starts.class, immediate = true)
public final class Starts {

    private final Bundle system;
    private final PodManager pods;

    @Activate
    public Starts(BundleContext context, @Reference PodManager pods) {
        system = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        this.pods = pods;
        int starts = Integer.getInteger("podium.benchmark.starts", 0);
        if (starts > 0) new Thread(() -> measure(starts), "benchmark").start();
    }

    private void measure(int starts) {
        try {
            while (system.getState() != Bundle.ACTIVE) Thread.sleep(1);
            for (int i = 0; i < starts; i++) {
                long before = System.nanoTime();
                run();
                System.out.println((System.nanoTime() - before) / 1e6);
            }
        } catch (PodException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

    private void run() throws PodException, InterruptedException {
        try (var pod = pods.create(PodSpec.of("start"))) {
            var result = pod.run("node", "-e", "0");
            if (result.status() != 0)
                throw new IllegalStateException("node ended with " + result.status());
        }
    }
}
