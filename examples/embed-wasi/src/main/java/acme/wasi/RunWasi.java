package acme.wasi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.pod.Limits;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;

/// Runs the module that the property `acme.wasi` names: bytes in; exit code and outputs out; a
/// limit of time, and one of memory.
@Component(service = RunWasi.class, immediate = true)
public final class RunWasi {

    @Activate
    public RunWasi(@Reference PodManager pods)
            throws PodException, InterruptedException, IOException {
        var module = Files.readAllBytes(Path.of(System.getProperty("acme.wasi")));
        var limits = Limits.DEFAULT.withMemory(64 << 20);
        try (var pod = pods.create(PodSpec.of("wasi").withLimits(limits))) {
            var program =
                    ProcessSpec.of(List.of("program", "argument"))
                            .withModule(module)
                            .withEnvironment(Map.of("NAME", "value"))
                            .withInput(new ByteArrayInputStream("input\n".getBytes()));
            var result = pod.run(program, Duration.ofSeconds(10));
            System.out.print(result.output());
            System.err.print(result.error());
            System.out.println("exit code " + result.status());
        }
    }
}
