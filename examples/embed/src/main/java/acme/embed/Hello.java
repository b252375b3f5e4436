package acme.embed;

import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;

/// Runs a line of JavaScript in a pod of its own, and ends another one that would not end by itself.
@Component(service = Hello.class, immediate = true)
public final class Hello {

    @Activate
    public Hello(@Reference PodManager pods) throws PodException, InterruptedException {
        try (var pod = pods.create(PodSpec.of("hello"))) {
            var code = "console.log('hi from', process.version); console.error('no one is perfect')";
            var result = pod.run("node", "-e", code);
            System.out.print(result.output());
            System.err.print(result.error());
            System.out.println("exit code " + result.status());

            var endless = pod.start(ProcessSpec.of(List.of("node", "-e", "for (;;);")));
            System.out.println("killed: " + endless.kill(Duration.ofSeconds(2)));
        }
    }
}
