package podium.pod;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.ModuleSource;

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
/// @param module the program itself, of which the first argument is no more than the name then;
///     null to find it by that
/// @param directories that the program and those it executes find open, where their ABI has that:
///     the name they are told, and the absolute path in the pod. Null for all of the pod's files
public record ProcessSpec(
        List<String> arguments,
        Map<String, String> environment,
        String directory,
        InputStream input,
        OutputStream output,
        OutputStream error,
        @Nullable Appendable strace,
        boolean terminal,
        @Nullable ModuleSource module,
        @Nullable Map<String, String> directories) {

    public ProcessSpec {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (directories != null)
            directories = Collections.unmodifiableMap(new LinkedHashMap<>(directories));
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
                false,
                null,
                null);
    }

    public ProcessSpec withEnvironment(Map<String, String> environment) {
        return new ProcessSpec(
                arguments,
                environment,
                directory,
                input,
                output,
                error,
                strace,
                terminal,
                module,
                directories);
    }

    public ProcessSpec withDirectory(String directory) {
        return new ProcessSpec(
                arguments,
                environment,
                directory,
                input,
                output,
                error,
                strace,
                terminal,
                module,
                directories);
    }

    public ProcessSpec withInput(InputStream input) {
        return withStreams(input, output, error);
    }

    public ProcessSpec withStreams(InputStream input, OutputStream output, OutputStream error) {
        return new ProcessSpec(
                arguments,
                environment,
                directory,
                input,
                output,
                error,
                strace,
                terminal,
                module,
                directories);
    }

    public ProcessSpec withStrace(@Nullable Appendable strace) {
        return new ProcessSpec(
                arguments,
                environment,
                directory,
                input,
                output,
                error,
                strace,
                terminal,
                module,
                directories);
    }

    public ProcessSpec withTerminal(boolean terminal) {
        return new ProcessSpec(
                arguments,
                environment,
                directory,
                input,
                output,
                error,
                strace,
                terminal,
                module,
                directories);
    }

    /// Runs a WebAssembly binary that is in no file of the pod.
    ///
    /// @param binary not copied: it must not be changed
    public ProcessSpec withModule(byte[] binary) {
        return withModule(ModuleSource.of(arguments.getFirst(), binary));
    }

    /// Runs a module that is in no file of the pod.
    public ProcessSpec withModule(ModuleSource module) {
        return new ProcessSpec(
                arguments,
                environment,
                directory,
                input,
                output,
                error,
                strace,
                terminal,
                module,
                directories);
    }

    /// Opens these directories and no others, in this order.
    public ProcessSpec withDirectories(Map<String, String> directories) {
        return new ProcessSpec(
                arguments,
                environment,
                directory,
                input,
                output,
                error,
                strace,
                terminal,
                module,
                directories);
    }
}
