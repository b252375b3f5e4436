package podium.vfs.backend;

import java.nio.file.Path;
import java.util.Set;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// The options of a mount whose tree is kept on the host.
///
/// @param path where, on the host
/// @param size the most bytes of content, in whole pages
/// @param inodes the most inodes
/// @param mode permission bits of a new tree's root
public record DurableOptions(Path path, long size, long inodes, int mode, int uid, int gid) {

    private static final Set<String> NAMES = Set.of("path", "size", "inodes", "mode", "uid", "gid");

    /// @param what for messages, such as "a store"
    /// @param kind for messages: what of the host's the source is, such as "a directory"
    public static DurableOptions of(String what, String kind, MountSpec spec)
            throws MountException {
        var options = new MountOptions(what, spec, NAMES);
        return new DurableOptions(
                options.path(kind),
                options.size("size", Long.MAX_VALUE >> 1),
                options.size("inodes", 4_000_000),
                options.mode("mode", "755"),
                options.id("uid"),
                options.id("gid"));
    }
}
