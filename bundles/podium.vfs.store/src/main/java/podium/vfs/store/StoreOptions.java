package podium.vfs.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// A mount's options.
///
/// @param path the directory of the host
/// @param size the most bytes of content, in whole pages
/// @param inodes the most inodes
/// @param mode permission bits of a new store's root
record StoreOptions(Path path, long size, long inodes, int mode, int uid, int gid) {

    private static final Set<String> NAMES = Set.of("path", "size", "inodes", "mode", "uid", "gid");

    static StoreOptions of(MountSpec spec) throws MountException {
        var options = spec.options();
        for (var name : options.keySet())
            if (!NAMES.contains(name))
                throw new MountException(
                        "a store has no option '%s', but %s"
                                .formatted(name, String.join(", ", new TreeSet<>(NAMES))));
        return new StoreOptions(
                path(spec),
                size("size", options, Long.MAX_VALUE >> 1),
                size("inodes", options, 4_000_000),
                (int) number("mode", options.getOrDefault("mode", "755"), 8, 07777),
                (int) number("uid", options.getOrDefault("uid", "0"), 10, Integer.MAX_VALUE),
                (int) number("gid", options.getOrDefault("gid", "0"), 10, Integer.MAX_VALUE));
    }

    /// The mount's source, as everywhere, or an option, where something else stands as the source.
    private static Path path(MountSpec spec) throws MountException {
        var path = spec.options().getOrDefault("path", spec.source());
        if (path.isEmpty())
            throw new MountException("a store needs a source, a directory of the host");
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new MountException("a store's source is no path: " + e.getMessage(), e);
        }
    }

    /// A number with an optional unit of 1024's powers.
    private static long size(String name, Map<String, String> options, long standard)
            throws MountException {
        var text = options.getOrDefault(name, "");
        if (text.isEmpty()) return standard;
        int unit = "kmgt".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
        var digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        int shift = 10 * (unit + 1);
        return number(name, digits, 10, Long.MAX_VALUE >> shift + 1) << shift;
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
