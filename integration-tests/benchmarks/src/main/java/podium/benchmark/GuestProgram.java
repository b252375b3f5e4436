package podium.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import podium.buildtool.Assembly;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodProcess;
import podium.pod.ProcessSpec;

/// Runs a program that is a module, in a pod, with what this process has as standard input and
/// output: `ENGINE MODULE FORMS [ARGUMENT...]`, FORMS being a folder with what was prepared for
/// modules.
public record GuestProgram(String name, byte[] binary, List<String> arguments) {

    /// @param arguments beyond the program's name
    public static GuestProgram of(String file, List<String> arguments) throws IOException {
        var path = Path.of(file);
        return new GuestProgram(path.getFileName().toString(), Files.readAllBytes(path), arguments);
    }

    public static void main(String[] arguments) throws Exception {
        var program = of(arguments[1], List.of(arguments).subList(3, arguments.length));
        try (var assembly = new Assembly(Engines.named(arguments[0]))) {
            assembly.catalog().add(new Forms(Path.of(arguments[2])));
            try (var pod = assembly.kernel().create(Assembly.spec("program"))) {
                program.run(pod, System.in, System.out);
            }
        }
    }

    /// Runs it to its end, which must be a good one.
    public void run(Pod pod, InputStream input, OutputStream output) throws Exception {
        int status = start(pod, input, output).exit().get();
        if (status != 0) throw new IllegalStateException(name + " ended with " + status);
    }

    public PodProcess start(Pod pod, InputStream input, OutputStream output) throws PodException {
        var words = new ArrayList<String>();
        words.add(name);
        words.addAll(arguments);
        var command =
                ProcessSpec.of(words).withModule(binary).withStreams(input, output, System.err);
        return pod.start(command);
    }
}
