package acme.embed;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;

/// Runs a line of JavaScript in a pod of its own.
@Component(service = Hello.class, immediate = true)
public final class Hello {

    @Activate
    public Hello(@Reference PodManager pods) throws PodException, InterruptedException {
        try (var pod = pods.create(PodSpec.of("hello"))) {
            var result = pod.run("node", "-e", "console.log('hi from', process.version)");
            System.out.print(result.output());
            System.err.print(result.error());
            System.out.println("exit code " + result.status());
        }
    }
}
