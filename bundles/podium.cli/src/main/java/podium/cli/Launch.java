package podium.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import podium.pod.Limits;
import podium.pod.NetworkGrants;
import podium.pod.Pod;
import podium.pod.PodSpec;
import podium.pod.PortalRule;
import podium.pod.ProcessSpec;
import podium.vfs.MountSpec;

/// A request as the API's types.
record Launch(RunRequest request) {

    private static final String MEMORY = "memory";

    PodSpec podSpec() {
        var spec =
                PodSpec.of(request.name())
                        .withEnvironment(request.environment())
                        .withLimits(limits())
                        .withNetwork(network())
                        .withEngine(request.engine());
        if (request.program() != null) spec = spec.withMount(MountSpec.of(Program.FOLDER, MEMORY));
        for (var mount : request.mounts())
            spec = spec.withMount(MountSpec.of(mount.guest(), MEMORY));
        for (var rule : portals()) spec = spec.withPortal(rule);
        return spec;
    }

    private Limits limits() {
        var limits = Limits.DEFAULT;
        if (request.memory() != null) limits = limits.withMemory(request.memory());
        if (request.processes() != null) limits = limits.withProcesses(request.processes());
        if (request.files() != null) limits = limits.withFiles(request.files());
        if (request.fuel() != null) limits = limits.withFuel(request.fuel());
        return limits;
    }

    private NetworkGrants network() {
        var rules = new ArrayList<NetworkGrants.Rule>();
        for (var granted : request.network()) {
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
        var rules = new ArrayList<PortalRule>();
        for (var portal : request.portals()) {
            var own = new HashMap<String, String>();
            if (portal.hostPort() != 0) own.put("port", "" + portal.hostPort());
            rules.add(new PortalRule(portal.scheme(), portal.guestPort(), own));
        }
        return rules;
    }

    /// Copies what the program and the mounts name into the pod.
    void fill(Pod pod) throws IOException, CommandException {
        var files = new HostFiles(pod.files());
        var program = request.program();
        if (program != null) files.copy(Path.of(program.files()), Program.FOLDER);
        if (program != null && program.module())
            files.makeExecutable(Program.FOLDER + "/" + program.file());
        for (var mount : request.mounts()) files.copy(Path.of(mount.host()), mount.guest());
    }

    ProcessSpec processSpec() {
        var program = request.program();
        var arguments = new ArrayList<>(program == null ? List.of("node") : program.command());
        arguments.addAll(request.arguments());
        return ProcessSpec.of(arguments).withDirectory(program == null ? "/" : Program.FOLDER);
    }
}
