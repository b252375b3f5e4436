package podium.buildtool.node;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.buildtool.Assembly;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.ProcessSpec;
import podium.pod.Result;
import podium.vfs.MountSpec;

/// The guest in a pod, which has the checkout as a writable copy in memory. The pod is kept for the
/// next test if all of the last one has ended well.
final class PodGuest implements Guest {

    private static final String CHECKOUT = "/node";

    private static final String OUTPUT = "/output";
    private static final String ERROR = "/error";

    private final Assembly system;
    private final Options options;
    private final int number;
    private @Nullable Pod pod;

    /// @param number of this guest, among those that run at once
    PodGuest(Assembly system, Options options, int number) {
        this.system = system;
        this.options = options;
        this.number = number;
    }

    /// Makes known what was prepared for the guest.
    ///
    /// @param modules folder with a folder for each module
    static void prepare(Assembly system, Path modules) {
        system.catalog()
                .add(
                        path -> {
                            var file = modules.resolve(path);
                            return Files.exists(file) ? Files.newInputStream(file) : null;
                        });
    }

    @Override
    public Result run(List<String> arguments, Map<String, String> environment, Duration timeout)
            throws IOException, PodException, InterruptedException {
        // Into files: some tests are about what else than their output is open.
        var command = new ArrayList<>(List.of("/usr/bin/redirect", OUTPUT, ERROR, "/usr/bin/node"));
        command.addAll(arguments);
        var pod = pod();
        var spec =
                ProcessSpec.of(command)
                        .withDirectory(CHECKOUT)
                        .withEnvironment(environment)
                        .withInput(InputStream.nullInputStream());
        var ended = pod.run(spec, timeout);
        var result = new Result(ended.status(), text(pod, OUTPUT), text(pod, ERROR));
        if (result.status() != 0 || !pod.processes().isEmpty()) close();
        return result;
    }

    private static String text(Pod pod, String path) {
        return new String(Assembly.get(pod, path, Result.OUTPUT_LIMIT), StandardCharsets.UTF_8);
    }

    private Pod pod() throws IOException, PodException {
        var current = pod;
        if (current != null) return current;
        var root = MountSpec.of("/", "memory", options.image.toString()).withOption("base", "host");
        var spec =
                Assembly.spec("node-" + number, root)
                        .withMount(
                                MountSpec.of(CHECKOUT, "memory", options.checkout.toString())
                                        .withOption("base", "host"))
                        .withEnvironment(Map.of("PATH", "/usr/bin:/bin", "HOME", "/tmp"));
        var made = system.kernel().create(spec);
        pod = made;
        try (var programs = Files.list(options.machine)) {
            for (var program : programs.toList())
                Assembly.put(
                        made,
                        "/usr/bin/" + program.getFileName(),
                        Files.readAllBytes(program),
                        0755);
        }
        return made;
    }

    @Override
    public String place(String resource) throws IOException, PodException {
        var path = "/tmp/" + resource;
        try (var in = PodGuest.class.getResourceAsStream(resource)) {
            if (in == null) throw new FileNotFoundException(resource);
            Assembly.put(pod(), path, in.readAllBytes(), 0644);
        }
        return path;
    }

    @Override
    public void close() {
        var last = pod;
        pod = null;
        if (last != null) last.close();
    }
}
