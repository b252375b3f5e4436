package podium.cli;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import podium.pod.PodManager;

/// Carries out `podium run` and `podium node` in the container the program booted for them, with
/// this JVM's own input and output. When the container stops first, so does the process.
@Component(service = Function.class, property = Container.COMMAND + "=run")
public final class PodRunner implements Function<byte[], Integer> {

    private final PodManager pods;
    private final BundleContext context;
    private volatile @Nullable PodRun run;

    @Activate
    public PodRunner(@Reference PodManager pods, BundleContext context) {
        this.pods = pods;
        this.context = context;
    }

    @Override
    public Integer apply(byte[] bytes) {
        var started = new PodRun(pods, context, RunRequest.of(bytes), Streams.own());
        run = started;
        return started.execute();
    }

    /// This process was told to end, or the bundle is stopped.
    @Deactivate
    void stop() throws InterruptedException {
        var running = run;
        if (running != null) running.stop(Integer.getInteger(Shutdown.SIGNAL, SignalName.TERM));
    }
}
