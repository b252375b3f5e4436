package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final String HOST = "host";

    PodSpec podSpec() {
        var spec =
                PodSpec.of(request.name())
                        .withEnvironment(request.environment())
                        .withLimits(limits())
                        .withNetwork(network())
                        .withEngine(request.engine());
        for (var mount : directories()) spec = spec.withMount(mount);
        if (hasFolder()) spec = spec.withMount(MountSpec.of(Program.FOLDER, MEMORY));
        for (var mount : request.mounts())
            spec = spec.withMount(MountSpec.of(mount.guest(), MEMORY));
        for (var rule : portals()) spec = spec.withPortal(rule);
        return spec;
    }

    /// Whether the program lies in a folder of the pod. A module that is granted folders of the
    /// host
    /// does not: they are all it sees.
    private boolean hasFolder() {
        var program = request.program();
        return program != null && !(program.module() && !request.directories().isEmpty());
    }

    /// Folders of the host. The root comes first, whichever was named first.
    private List<MountSpec> directories() {
        return request.directories().stream()
                .sorted(Comparator.comparingInt(directory -> directory.guest().length()))
                .map(
                        directory ->
                                new MountSpec(
                                        directory.guest(),
                                        HOST,
                                        directory.host(),
                                        Map.of(),
                                        directory.readOnly()))
                .toList();
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
        if (program != null && hasFolder()) files.copy(Path.of(program.files()), Program.FOLDER);
        if (program != null && program.module() && hasFolder())
            files.makeExecutable(Program.FOLDER + "/" + program.file());
        for (var mount : request.mounts()) files.copy(Path.of(mount.host()), mount.guest());
    }

    ProcessSpec processSpec() throws IOException {
        var program = request.program();
        var arguments = new ArrayList<>(program == null ? List.of("node") : program.command());
        arguments.addAll(request.arguments());
        var spec = ProcessSpec.of(arguments);
        if (hasFolder()) spec = spec.withDirectory(Program.FOLDER);
        if (request.directories().isEmpty()) return spec;
        if (program != null && program.module())
            spec = spec.withModule(Files.readAllBytes(Path.of(program.files())));
        var opened = new LinkedHashMap<String, String>();
        for (var directory : request.directories())
            opened.put(directory.guest(), directory.guest());
        return spec.withDirectories(opened);
    }
}
