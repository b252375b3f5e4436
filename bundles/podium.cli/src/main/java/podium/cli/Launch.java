package podium.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.pod.Limits;
import podium.pod.NetworkGrants;
import podium.pod.Pod;
import podium.pod.PodSpec;
import podium.pod.PortalRule;
import podium.pod.ProcessSpec;
import podium.vfs.MountSpec;

/// A command line of `podium run` or `podium node` as the API's types.
///
/// @param program null for `podium node`
/// @param node the arguments of Node
record Launch(RunOptions options, @Nullable Program program, List<String> node) {

    private static final String MEMORY = "memory";

    /// @param arguments the whole command line, as the launcher got it
    static Launch of(String... arguments) throws CommandException {
        var parsed = CommandLines.of(new PodiumCommand(), Path.of("")).parseArgs(arguments);
        var command = parsed.subcommand().commandSpec().userObject();
        return switch (command) {
            case RunCommand run -> {
                var program = Program.of(run.path);
                var node = new ArrayList<String>();
                node.add(program.script());
                node.addAll(run.arguments);
                yield new Launch(run.options, program, node);
            }
            case NodeCommand node -> new Launch(node.options, null, node.arguments);
            default -> throw new IllegalArgumentException("no command to run: " + command);
        };
    }

    String podName() {
        if (options.name != null) return options.name;
        return program == null ? "node" : program.name();
    }

    PodSpec podSpec() throws CommandException {
        var spec =
                PodSpec.of(podName())
                        .withEnvironment(options.variables())
                        .withLimits(limits())
                        .withNetwork(network())
                        .withEngine(options.engine);
        if (program != null) spec = spec.withMount(MountSpec.of(Program.FOLDER, MEMORY));
        for (var mount : options.mounts) spec = spec.withMount(MountSpec.of(mount.guest(), MEMORY));
        for (var rule : portals()) spec = spec.withPortal(rule);
        return spec;
    }

    private Limits limits() {
        var limits = Limits.DEFAULT;
        if (options.memory != null) limits = limits.withMemory(options.memory);
        if (options.processes != null) limits = limits.withProcesses(options.processes);
        if (options.files != null) limits = limits.withFiles(options.files);
        return limits;
    }

    private NetworkGrants network() {
        var rules = new ArrayList<NetworkGrants.Rule>();
        for (var granted : options.network) {
            var networks =
                    granted.network().isEmpty()
                            ? List.of("0.0.0.0/0", "::/0")
                            : List.of(granted.network());
            for (var network : networks)
                rules.add(
                        new NetworkGrants.Rule(
                                true, network, granted.firstPort(), granted.lastPort()));
        }
        return new NetworkGrants(rules, !rules.isEmpty());
    }

    private List<PortalRule> portals() {
        if (options.noPortals) return List.of();
        if (options.portals.isEmpty()) return List.of(PortalRule.of("http"));
        var rules = new ArrayList<PortalRule>();
        for (var portal : options.portals) {
            var own = new HashMap<String, String>();
            if (portal.hostPort() != 0) own.put("port", "" + portal.hostPort());
            rules.add(new PortalRule(portal.scheme(), portal.guestPort(), own));
        }
        return rules;
    }

    /// Copies what the program and the mounts name into the pod.
    void fill(Pod pod) throws IOException, CommandException {
        var files = new HostFiles(pod.files());
        if (program != null) files.copy(program.files(), Program.FOLDER);
        for (var mount : options.mounts) files.copy(mount.host(), mount.guest());
    }

    ProcessSpec processSpec() {
        var arguments = new ArrayList<String>();
        arguments.add("node");
        arguments.addAll(node);
        return ProcessSpec.of(arguments)
                .withEnvironment(Map.of())
                .withDirectory(program == null ? "/" : Program.FOLDER);
    }
}
