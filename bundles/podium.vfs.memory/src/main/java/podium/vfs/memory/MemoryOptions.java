package podium.vfs.memory;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.backend.MountOptions;
import podium.vfs.backend.SpaceLimits;

/// A mount's options, as tmpfs(5) has them, and `seed`.
///
/// @param limits how much it may hold
/// @param mode permission bits of the root directory
/// @param seed host directory that is copied in, or null
record MemoryOptions(SpaceLimits limits, int mode, int uid, int gid, @Nullable Path seed) {

    private static final Set<String> NAMES =
            SpaceLimits.names("mode", "uid", "gid", "seed", "base", "base.");

    static MemoryOptions of(MountSpec spec) throws MountException {
        var options = new MountOptions("a memory file system", spec, NAMES);
        var seed = spec.options().get("seed");
        return new MemoryOptions(
                SpaceLimits.of(options, Runtime.getRuntime().maxMemory() / 4),
                options.mode("mode", "755"),
                options.id("uid"),
                options.id("gid"),
                seed == null ? null : Path.of(seed));
    }
}
