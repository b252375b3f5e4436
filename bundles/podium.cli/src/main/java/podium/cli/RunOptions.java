package podium.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/// What a pod is granted, and how its output is shown: the options of `podium run` and
/// `podium node`. None of the API's types are used here, since the command line is read before
/// there is a container.
final class RunOptions {

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The pod's name, part of its host names.")
    @Nullable String name;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "KEY[=VALUE]",
            description = "A variable for the guest; without a value, the host's.")
    List<String> environment = new ArrayList<>();

    @Option(
            names = "--mount",
            paramLabel = "HOST:GUEST",
            description = "Copies a folder or file of the host into the pod.")
    List<MountOption> mounts = new ArrayList<>();

    @Option(
            names = "--dir",
            paramLabel = "HOST:GUEST[:ro]",
            description =
                    "Lets the guest work in a folder of the host itself, at GUEST; a WASI program then finds"
                            + " these folders open and nothing else.")
    List<DirectoryOption> directories = new ArrayList<>();

    @Option(
            names = "--stdin",
            paramLabel = "FILE",
            description = "Standard input comes from a file.")
    @Nullable Path input;

    @Option(
            names = {"-p", "--portal"},
            paramLabel = "SCHEME[:GUEST[=HOST]]",
            description =
                    "Exposes the guest port, or all, through a transport (http, tcp), at a port of the"
                            + " host. Default: http.")
    List<PortalOption> portals = new ArrayList<>();

    @Option(names = "--no-portals", description = "Exposes no port.")
    boolean noPortals;

    @Option(
            names = "--net",
            paramLabel = "all|NETWORK[:PORT[-PORT]]",
            description =
                    "Where the guest may connect to, such as 10.0.0.0/8:443. Default: nowhere.")
    List<NetworkOption> network = new ArrayList<>();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Most memory of one process, such as 512m. Default: 1g.",
            converter = Sizes.class)
    @Nullable Long memory;

    @Option(
            names = "--processes",
            paramLabel = "N",
            description = "Most processes in the pod. Default: 64.")
    @Nullable Integer processes;

    @Option(
            names = "--files",
            paramLabel = "N",
            description = "Most open files of one process. Default: 1024.")
    @Nullable Integer files;

    @Option(
            names = "--fuel",
            paramLabel = "N",
            description =
                    "Most instructions, roughly, that the pod may execute; then SIGXCPU ends it. Programs"
                            + " are compiled anew for that, which takes a while.")
    @Nullable Long fuel;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Ends the program after so long, with status 124.")
    double timeout;

    @Option(names = "--engine", paramLabel = "NAME", description = "The WebAssembly engine.")
    String engine = "";

    @Option(
            names = "--thaw",
            paramLabel = "FILE",
            description =
                    "Goes on with a process of the program that 'podium freeze' wrote; its arguments and"
                            + " variables are those it had.")
    @Nullable Path thaw;

    @Option(
            names = "--strace",
            description = "Writes a line for each system call to standard error.")
    boolean strace;

    @Option(
            names = "--strace-to",
            paramLabel = "FILE",
            description = "Writes a line for each system call to a file.")
    @Nullable Path straceFile;

    @Option(
            names = "--attach",
            description = "Run in the container that 'podium start' keeps, not in one of its own.")
    boolean attach;

    @Option(names = "--json", description = "Events (portals) as lines of JSON on standard error.")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log what the container does; stack traces with errors.")
    boolean verbose;

    private Map<String, String> variables() {
        var variables = new LinkedHashMap<String, String>();
        for (var variable : environment) {
            int equals = variable.indexOf('=');
            var key = equals < 0 ? variable : variable.substring(0, equals);
            var value = equals < 0 ? System.getenv(key) : variable.substring(equals + 1);
            if (value != null) variables.put(key, value);
        }
        return variables;
    }

    /// @param program null for `podium node`
    RunRequest request(@Nullable Program program, List<String> arguments) {
        return new RunRequest(
                podName(program),
                program,
                List.copyOf(arguments),
                variables(),
                mounts,
                directories,
                portals(),
                network,
                memory,
                processes,
                files,
                fuel,
                engine,
                timeout,
                input == null ? null : input.toAbsolutePath().toString(),
                thaw == null ? null : thaw.toAbsolutePath().toString(),
                straceFile != null ? straceFile.toString() : strace ? "-" : null,
                json,
                verbose,
                Boolean.getBoolean("podium.terminal"));
    }

    private String podName(@Nullable Program program) {
        if (name != null) return name;
        return program == null ? "node" : program.name();
    }

    private List<PortalOption> portals() {
        if (noPortals) return List.of();
        return portals.isEmpty() ? List.of(new PortalOption("http", 0, 0)) : portals;
    }

    /// @throws CommandException an option makes no sense, as far as that can be told without a
    ///     container
    void check() throws CommandException {
        for (var mount : mounts) mount.check();
        for (var directory : directories) directory.check();
        if (input != null && !Files.isReadable(input))
            throw new CommandException("cannot read '" + input + "'");
        if (thaw != null && !Files.isReadable(thaw))
            throw new CommandException("cannot read '" + thaw + "'");
        for (var variable : environment)
            if (variable.isEmpty() || variable.startsWith("="))
                throw wrong("--env needs KEY=VALUE, not '" + variable + "'");
        if (name != null && !name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"))
            throw wrong("a pod's name is 1 to 63 of a-z, 0-9 and -, not '" + name + "'");
        if (!(timeout >= 0)) throw wrong("--timeout is not negative");
        if (memory != null && memory <= 0) throw wrong("--memory is more than 0");
        if (processes != null && processes <= 0) throw wrong("--processes is more than 0");
        if (files != null && files <= 0) throw wrong("--files is more than 0");
        if (fuel != null && fuel <= 0) throw wrong("--fuel is more than 0");
    }

    private static CommandException wrong(String message) {
        return new CommandException(message, ExitCode.USAGE);
    }
}
