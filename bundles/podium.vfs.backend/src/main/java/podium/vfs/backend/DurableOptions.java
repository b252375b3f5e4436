package podium.vfs.backend;

import java.nio.file.Path;
import java.util.Set;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// The options of a mount whose tree is kept on the host.
///
/// @param path where, on the host
/// @param limits how much it may hold
/// @param mode permission bits of a new tree's root
public record DurableOptions(Path path, SpaceLimits limits, int mode, int uid, int gid) {

    private static final Set<String> NAMES = SpaceLimits.names("path", "mode", "uid", "gid");

    /// Without quotas.
    public DurableOptions(Path path, long size, long inodes, int mode, int uid, int gid) {
        this(path, new SpaceLimits(size, inodes), mode, uid, gid);
    }

    /// @param what for messages, such as "a store"
    /// @param kind for messages: what of the host's the source is, such as "a directory"
    public static DurableOptions of(String what, String kind, MountSpec spec)
            throws MountException {
        var options = new MountOptions(what, spec, NAMES);
        return new DurableOptions(
                options.path(kind),
                SpaceLimits.of(options, Long.MAX_VALUE >> 1),
                options.mode("mode", "755"),
                options.id("uid"),
                options.id("gid"));
    }
}
