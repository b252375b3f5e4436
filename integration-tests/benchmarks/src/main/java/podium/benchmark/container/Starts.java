package podium.benchmark.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.vfs.MountSpec;

/// Runs `node -e 0` so often as the system property `podium.benchmark.starts` says, each in a pod
/// of its own, prints the milliseconds that each took from the making of the pod to its end, one a
/// line, and stops the container. Does nothing where there is no such property. The property
/// `podium.benchmark.folder` names a folder of this machine with something else to run: it becomes
/// `/data`, and its file `command` holds program and arguments, with a zero byte between them;
/// `podium.benchmark.engine` names an engine.
@Component(service = Starts.class, immediate = true)
public final class Starts {

    private final PodManager pods;

    @Activate
    public Starts(BundleContext context, @Reference PodManager pods) {
        this.pods = pods;
        int starts = Integer.getInteger("podium.benchmark.starts", 0);
        if (starts > 0) Measurement.begin(context, () -> measure(starts));
    }

    private void measure(int starts) throws PodException, IOException, InterruptedException {
        var spec = PodSpec.of("start");
        var command = List.of("node", "-e", "0");
        var folder = System.getProperty("podium.benchmark.folder");
        if (folder != null) {
            spec = spec.withMount(MountSpec.of("/data", "host", folder));
            command = List.of(Files.readString(Path.of(folder, "command")).split("\0"));
        }
        var engine = System.getProperty("podium.benchmark.engine");
        if (engine != null) spec = spec.withEngine(engine);
        for (int i = 0; i < starts; i++) {
            long before = System.nanoTime();
            run(spec, command);
            System.out.println((System.nanoTime() - before) / 1e6);
        }
    }

    private void run(PodSpec spec, List<String> command) throws PodException, InterruptedException {
        try (var pod = pods.create(spec)) {
            var result = pod.run(command.toArray(String[]::new));
            if (result.status() != 0)
                throw new IllegalStateException(command + " ended with " + result);
        }
    }
}
