package podium.vfs.backend;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import podium.vfs.MountException;

/// How much a tree may hold, as a mount's options say: `size` and `inodes` are how large it is, as
/// of tmpfs(5), `quota` and `quota.inodes` what may be used of it.
///
/// @param size the most bytes of content there is room for
/// @param inodes the most inodes there is room for
/// @param quota the most bytes of content that may be used
/// @param quotaInodes the most inodes that may be used
public record SpaceLimits(long size, long inodes, long quota, long quotaInodes) {

    private static final List<String> NAMES = List.of("size", "inodes", "quota", "quota.inodes");
    private static final long STANDARD_INODES = 4_000_000;

    /// Without quotas.
    public SpaceLimits(long size, long inodes) {
        this(size, inodes, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /// The names of these options and of others.
    public static Set<String> names(String... others) {
        var all = new HashSet<>(NAMES);
        all.addAll(List.of(others));
        return Set.copyOf(all);
    }

    /// @param standard the size where the options say none
    /// @throws MountException a value is none
    public static SpaceLimits of(MountOptions options, long standard) throws MountException {
        return new SpaceLimits(
                options.size("size", standard),
                options.size("inodes", STANDARD_INODES),
                options.size("quota", Long.MAX_VALUE),
                options.size("quota.inodes", Long.MAX_VALUE));
    }

    /// Counts content.
    ///
    /// @param unit in so many bytes
    public Quota content(int unit) {
        return new Quota(size / unit, quota == Long.MAX_VALUE ? quota : quota / unit);
    }

    /// Counts inodes.
    public Quota nodes() {
        return new Quota(inodes, quotaInodes);
    }
}
