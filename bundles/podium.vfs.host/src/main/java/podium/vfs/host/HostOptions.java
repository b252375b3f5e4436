package podium.vfs.host;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// A mount's options.
///
/// @param owners who owns what
/// @param readOnly whether guests may change nothing
/// @param submounts whether what the host has mounted below is shown
/// @param suid whether guests may set the set-user-ID and set-group-ID bits of the host's files
record HostOptions(Owners owners, boolean readOnly, boolean submounts, boolean suid) {

    private static final Set<String> NAMES = Set.of("uid", "gid", "submounts", "suid");

    static HostOptions of(MountSpec spec) throws MountException {
        var options = spec.options();
        for (var name : options.keySet())
            if (!NAMES.contains(name))
                throw new MountException(
                        "a host file system has no option '%s', but %s"
                                .formatted(name, String.join(", ", new TreeSet<>(NAMES))));
        return new HostOptions(
                new Owners(
                        Linux.geteuid(), Linux.getegid(), id("uid", options), id("gid", options)),
                spec.readOnly(),
                choice("submounts", options),
                choice("suid", options));
    }

    private static boolean choice(String name, Map<String, String> options) throws MountException {
        var text = options.getOrDefault(name, "false");
        if (text.equals("true") || text.equals("false")) return text.equals("true");
        throw new MountException("option '%s' is true or false, not '%s'".formatted(name, text));
    }

    private static int id(String name, Map<String, String> options) throws MountException {
        var text = options.getOrDefault(name, "0");
        try {
            int number = Integer.parseInt(text);
            if (number >= 0) return number;
        } catch (NumberFormatException e) {
            // said below, in the same words as a number out of range
        }
        throw new MountException("option '%s' is no valid number: '%s'".formatted(name, text));
    }
}
