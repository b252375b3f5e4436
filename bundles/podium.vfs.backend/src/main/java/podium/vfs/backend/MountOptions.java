package podium.vfs.backend;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// A mount's options, as tmpfs(5) writes them, checked.
public final class MountOptions {

    private final String what;
    private final MountSpec spec;
    private final Map<String, String> options;

    /// @param what for messages, such as "a store"
    /// @param names the options there are; one that ends with a dot stands for all that begin so
    /// @throws MountException there is another one
    public MountOptions(String what, MountSpec spec, Set<String> names) throws MountException {
        this.what = what;
        this.spec = spec;
        options = spec.options();
        for (var name : options.keySet()) {
            if (names.contains(name) || names.contains(name.substring(0, name.indexOf('.') + 1)))
                continue;
            var known = new TreeSet<>(names);
            known.removeIf(one -> one.endsWith("."));
            throw new MountException(
                    "%s has no option '%s', but %s"
                            .formatted(what, name, String.join(", ", known)));
        }
    }

    /// The mount's source, as everywhere, or the option `path`, where something else stands as the
    /// source.
    ///
    /// @param kind for messages: what of the host's it is
    public Path path(String kind) throws MountException {
        var path = options.getOrDefault("path", spec.source());
        if (path.isEmpty())
            throw new MountException(what + " needs a source, " + kind + " of the host");
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new MountException(what + "'s source is no path: " + e.getMessage(), e);
        }
    }

    /// A number with an optional unit of 1024's powers.
    public long size(String name, long standard) throws MountException {
        var text = options.getOrDefault(name, "");
        if (text.isEmpty()) return standard;
        int unit = "kmgt".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
        var digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        int shift = 10 * (unit + 1);
        return number(name, digits, 10, Long.MAX_VALUE >> shift + 1) << shift;
    }

    /// Permission bits, in octal.
    public int mode(String name, String standard) throws MountException {
        return (int) number(name, options.getOrDefault(name, standard), 8, 07777);
    }

    /// A user's or group's number; 0 when it is not there.
    public int id(String name) throws MountException {
        return (int) number(name, options.getOrDefault(name, "0"), 10, Integer.MAX_VALUE);
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
