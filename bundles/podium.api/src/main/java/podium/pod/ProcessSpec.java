package podium.pod;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A program to run in a pod.
///
/// @param arguments the program first: a path in the pod, or a name looked up in `PATH`
/// @param environment added to the pod's, stronger than it
/// @param directory working directory, absolute
/// @param input read by the guest's descriptor 0; closed by nobody
/// @param output, error receive descriptors 1 and 2, as the guest writes; flushed after each write,
///     closed by nobody
/// @param strace receives one line for each system call; null for none
/// @param terminal whether the three descriptors are a terminal to the guest
public record ProcessSpec(
        List<String> arguments,
        Map<String, String> environment,
        String directory,
        InputStream input,
        OutputStream output,
        OutputStream error,
        @Nullable Appendable strace,
        boolean terminal) {

    public ProcessSpec {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (arguments.isEmpty()) throw new IllegalArgumentException("no program given");
        if (!directory.startsWith("/"))
            throw new IllegalArgumentException("a directory is absolute, not " + directory);
    }

    /// With empty input and outputs that vanish.
    public static ProcessSpec of(List<String> arguments) {
        return new ProcessSpec(
                arguments,
                Map.of(),
                "/",
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                null,
                false);
    }

    public ProcessSpec withEnvironment(Map<String, String> environment) {
        return new ProcessSpec(
                arguments, environment, directory, input, output, error, strace, terminal);
    }

    public ProcessSpec withDirectory(String directory) {
        return new ProcessSpec(
                arguments, environment, directory, input, output, error, strace, terminal);
    }

    public ProcessSpec withStreams(InputStream input, OutputStream output, OutputStream error) {
        return new ProcessSpec(
                arguments, environment, directory, input, output, error, strace, terminal);
    }

    public ProcessSpec withStrace(@Nullable Appendable strace) {
        return new ProcessSpec(
                arguments, environment, directory, input, output, error, strace, terminal);
    }

    public ProcessSpec withTerminal(boolean terminal) {
        return new ProcessSpec(
                arguments, environment, directory, input, output, error, strace, terminal);
    }
}
