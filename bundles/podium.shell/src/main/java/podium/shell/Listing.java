package podium.shell;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import podium.pod.PodException;
import podium.syscall.ErrnoException;
import podium.vfs.Attributes;
import podium.vfs.FsContext;
import podium.vfs.Mode;
import podium.vfs.MountNamespace;
import podium.vfs.Node;

/// A folder of a pod, as `ls -l` shows it.
final class Listing {

    private static final int BATCH = 256;

    private Listing() {}

    /// @throws PodException there is no such path
    static String of(FsContext files, String path) throws PodException {
        var namespace = files.namespace();
        try {
            var place = namespace.resolve(files, null, path, 0);
            var columns = new Columns("MODE", "OWNER", ">SIZE", "MODIFIED", "NAME");
            if (place.node() instanceof Node.Directory directory)
                for (var entry : entries(directory)) {
                    var below = (path.endsWith("/") ? path : path + "/") + entry.name();
                    var found =
                            namespace.resolve(
                                    files, null, below, MountNamespace.AT_SYMLINK_NOFOLLOW);
                    add(columns, found.attributes(), shown(found.node(), entry.name()));
                }
            else add(columns, place.attributes(), path);
            return columns.toString();
        } catch (ErrnoException e) {
            throw new PodException(path + ": " + e.errno().text(), 1, e);
        }
    }

    private static List<Node.Entry> entries(Node.Directory directory) {
        var all = new ArrayList<Node.Entry>();
        for (long cookie = 0; ; ) {
            var some = directory.entries(cookie, BATCH);
            if (some.isEmpty()) break;
            all.addAll(some);
            cookie = some.getLast().cookie();
        }
        all.sort(Comparator.comparing(Node.Entry::name));
        return all;
    }

    private static String shown(Node node, String name) {
        return node instanceof Node.Link link ? name + " -> " + link.target() : name;
    }

    private static void add(Columns columns, Attributes attributes, String name) {
        var modified = Instant.EPOCH.plus(attributes.modified(), ChronoUnit.NANOS);
        columns.add(
                mode(attributes.mode()),
                attributes.uid() + ":" + attributes.gid(),
                attributes.size(),
                modified.truncatedTo(ChronoUnit.SECONDS),
                name);
    }

    private static String mode(int mode) {
        char type =
                switch (Mode.type(mode)) {
                    case Mode.DIRECTORY -> 'd';
                    case Mode.LINK -> 'l';
                    case Mode.SOCKET -> 's';
                    case Mode.FIFO -> 'p';
                    case Mode.CHARACTER -> 'c';
                    case Mode.BLOCK -> 'b';
                    default -> '-';
                };
        var text = new StringBuilder().append(type);
        for (int bit = 8; bit >= 0; bit--)
            text.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
        return text.toString();
    }

    /// Bytes for people.
    static String size(long bytes) {
        if (bytes < 1 << 20) return (bytes + 1023) / 1024 + " KiB";
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
