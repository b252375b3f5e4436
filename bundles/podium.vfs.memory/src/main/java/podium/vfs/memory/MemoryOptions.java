package podium.vfs.memory;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import podium.vfs.MountException;

/// A mount's options, as tmpfs(5) has them, and `seed`.
///
/// @param size the most bytes of content
/// @param inodes the most inodes
/// @param mode permission bits of the root directory
/// @param seed host directory that is copied in, or null
record MemoryOptions(long size, long inodes, int mode, int uid, int gid, @Nullable Path seed) {

    private static final Set<String> NAMES =
            Set.of("size", "inodes", "mode", "uid", "gid", "seed", "base");

    static MemoryOptions of(Map<String, String> options) throws MountException {
        for (var name : options.keySet())
            if (!NAMES.contains(name) && !name.startsWith("base."))
                throw new MountException(
                        "a memory file system has no option '%s', but %s"
                                .formatted(name, String.join(", ", new TreeSet<>(NAMES))));
        var seed = options.get("seed");
        return new MemoryOptions(
                size(options.getOrDefault("size", ""), Runtime.getRuntime().maxMemory() / 4),
                size(options.getOrDefault("inodes", ""), 4_000_000),
                (int) number("mode", options.getOrDefault("mode", "755"), 8, 07777),
                (int) number("uid", options.getOrDefault("uid", "0"), 10, Integer.MAX_VALUE),
                (int) number("gid", options.getOrDefault("gid", "0"), 10, Integer.MAX_VALUE),
                seed == null ? null : Path.of(seed));
    }

    /// A number with an optional unit of 1024's powers.
    private static long size(String text, long standard) throws MountException {
        if (text.isEmpty()) return standard;
        int unit = "kmg".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
        var digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        int shift = 10 * (unit + 1);
        return number("size", digits, 10, Long.MAX_VALUE >> shift) << shift;
    }

    private static long number(String name, String text, int radix, long greatest)
            throws MountException {
        try {
            long number = Long.parseLong(text, radix);
            if (number >= 0 && number <= greatest) return number;
        } catch (NumberFormatException e) {
            // said below, in the same words as a number out of range
        }
        throw new MountException("option '%s' is no valid number: '%s'".formatted(name, text));
    }
}
