package podium.vfs.memory;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.backend.MountOptions;

/// A mount's options, as tmpfs(5) has them, and `seed`.
///
/// @param size the most bytes of content
/// @param inodes the most inodes
/// @param mode permission bits of the root directory
/// @param seed host directory that is copied in, or null
record MemoryOptions(long size, long inodes, int mode, int uid, int gid, @Nullable Path seed) {

    private static final Set<String> NAMES =
            Set.of("size", "inodes", "mode", "uid", "gid", "seed", "base", "base.");

    static MemoryOptions of(MountSpec spec) throws MountException {
        var options = new MountOptions("a memory file system", spec, NAMES);
        var seed = spec.options().get("seed");
        return new MemoryOptions(
                options.size("size", Runtime.getRuntime().maxMemory() / 4),
                options.size("inodes", 4_000_000),
                options.mode("mode", "755"),
                options.id("uid"),
                options.id("gid"),
                seed == null ? null : Path.of(seed));
    }
}
