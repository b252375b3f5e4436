package podium.pod;

import java.util.List;
import java.util.Map;
import podium.vfs.MountSpec;

/// What to run and what it is granted. A guest sees no file, variable, network or clock of the host
/// that is not in here.
///
/// @param name 1 to 63 of `a-z`, `0-9` and `-`, not at the ends: it is part of host names; empty to
///     have one made
/// @param mounts in order. Unless the first one is on `/`, the standard ones come before them: `/`
///     of the installed guest images with a writable layer in memory, `/tmp`, `/dev`, `/proc`
/// @param environment for every process, unless its own spec says otherwise
/// @param portals which listening ports are exposed
/// @param network where guests may connect to
/// @param limits what the pod may use
/// @param engine an engine's name; empty for the default one
public record PodSpec(
        String name,
        List<MountSpec> mounts,
        Map<String, String> environment,
        List<PortalRule> portals,
        NetworkGrants network,
        Limits limits,
        String engine) {

    public PodSpec {
        if (!name.isEmpty() && !name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"))
            throw new IllegalArgumentException(
                    "a pod's name is 1 to 63 of a-z, 0-9 and -, not '" + name + "'");
        mounts = List.copyOf(mounts);
        environment = Map.copyOf(environment);
        portals = List.copyOf(portals);
    }

    /// A pod with the standard mounts and nothing granted.
    public static PodSpec of(String name) {
        return new PodSpec(
                name, List.of(), Map.of(), List.of(), NetworkGrants.NONE, Limits.DEFAULT, "");
    }

    /// With a further mount.
    public PodSpec withMount(MountSpec mount) {
        var more = new java.util.ArrayList<>(mounts);
        more.add(mount);
        return new PodSpec(name, more, environment, portals, network, limits, engine);
    }

    public PodSpec withEnvironment(Map<String, String> environment) {
        return new PodSpec(name, mounts, environment, portals, network, limits, engine);
    }

    public PodSpec withPortal(PortalRule rule) {
        var more = new java.util.ArrayList<>(portals);
        more.add(rule);
        return new PodSpec(name, mounts, environment, more, network, limits, engine);
    }

    public PodSpec withNetwork(NetworkGrants network) {
        return new PodSpec(name, mounts, environment, portals, network, limits, engine);
    }

    public PodSpec withLimits(Limits limits) {
        return new PodSpec(name, mounts, environment, portals, network, limits, engine);
    }

    public PodSpec withEngine(String engine) {
        return new PodSpec(name, mounts, environment, portals, network, limits, engine);
    }
}
