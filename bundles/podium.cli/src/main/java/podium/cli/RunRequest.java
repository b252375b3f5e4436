package podium.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the program asks the container to run. It crosses from the program's classes to the
/// bundle's, so it is plain data; the command line itself is read on the program's side only, since
/// that takes a tenth of a second.
///
/// @param name of the pod
/// @param program what of the host is run; null to run Node as `arguments` say
/// @param arguments of Node, or behind the program
/// @param memory, processes, files, fuel limits; null for the default
/// @param timeout in seconds, 0 for none
/// @param input a file for standard input; null for this process's own
/// @param thaw a file with a frozen process to go on with; null to begin
/// @param trace a file for the lines of `--strace`, `-` for standard error, null for none
/// @param terminal whether input and output are a terminal
record RunRequest(
        String name,
        @Nullable Program program,
        List<String> arguments,
        Map<String, String> environment,
        List<MountOption> mounts,
        List<DirectoryOption> directories,
        List<PortalOption> portals,
        List<NetworkOption> network,
        @Nullable Long memory,
        @Nullable Integer processes,
        @Nullable Integer files,
        @Nullable Long fuel,
        String engine,
        double timeout,
        @Nullable String input,
        @Nullable String thaw,
        @Nullable String trace,
        boolean json,
        boolean verbose,
        boolean terminal)
        implements Serializable {

    private static final long serialVersionUID = 1;

    private static final ObjectInputFilter CLASSES =
            ObjectInputFilter.Config.createFilter("podium.cli.*;java.lang.*;java.util.*;!*");

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// The inverse of [#bytes]. Nothing but the classes of a request comes out of the bytes.
    static RunRequest of(byte[] bytes) {
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(CLASSES);
            return (RunRequest) in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("not a request", e);
        }
    }
}
