package podium.vfs.host;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.backend.MountOptions;
import podium.vfs.backend.Quota;

/// A mount's options.
///
/// @param owners who owns what
/// @param readOnly whether guests may change nothing
/// @param submounts whether what the host has mounted below is shown
/// @param suid whether guests may set the set-user-ID and set-group-ID bits of the host's files
/// @param quota null when there is none
/// @param snapshots a directory of the host's to keep them in; null when there is none
record HostOptions(
        Owners owners,
        boolean readOnly,
        boolean submounts,
        boolean suid,
        @Nullable HostQuota quota,
        @Nullable String snapshots) {

    private static final String BYTES = "quota";
    private static final String INODES = "quota.inodes";
    private static final Set<String> NAMES =
            Set.of("uid", "gid", "submounts", "suid", "snapshots", BYTES, INODES);

    static HostOptions of(MountSpec spec) throws MountException {
        var options = new MountOptions("a host file system", spec, NAMES);
        return new HostOptions(
                new Owners(Linux.geteuid(), Linux.getegid(), options.id("uid"), options.id("gid")),
                spec.readOnly(),
                choice("submounts", spec),
                choice("suid", spec),
                quota(options, spec),
                snapshots(spec));
    }

    private static @Nullable String snapshots(MountSpec spec) throws MountException {
        var directory = spec.options().get("snapshots");
        if (directory == null) return null;
        if (!directory.startsWith("/"))
            throw new MountException(
                    "option 'snapshots' is an absolute path, not '%s'".formatted(directory));
        if (choice("submounts", spec))
            throw new MountException(
                    "option 'snapshots' does not go with 'submounts': they are of one file system");
        return directory;
    }

    private static boolean choice(String name, MountSpec spec) throws MountException {
        var text = spec.options().getOrDefault(name, "false");
        if (text.equals("true") || text.equals("false")) return text.equals("true");
        throw new MountException("option '%s' is true or false, not '%s'".formatted(name, text));
    }

    private static @Nullable HostQuota quota(MountOptions options, MountSpec spec)
            throws MountException {
        var names = spec.options().keySet();
        if (spec.readOnly() || !(names.contains(BYTES) || names.contains(INODES))) return null;
        return new HostQuota(quota(options, BYTES), quota(options, INODES));
    }

    private static Quota quota(MountOptions options, String name) throws MountException {
        return new Quota(Long.MAX_VALUE, options.size(name, Long.MAX_VALUE));
    }
}
