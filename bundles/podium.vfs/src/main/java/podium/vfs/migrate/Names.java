package podium.vfs.migrate;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.vfs.Node;

/// Finds what an inode is called, for people: looks everywhere, since backends do not know.
final class Names {

    private static final int AT_ONCE = 256;

    private Names() {}

    private record Place(Node.Directory directory, String path) {}

    static @Nullable String path(Node.Directory root, Node node) {
        if (root.equals(node)) return "/";
        var places = new ArrayDeque<Place>();
        places.add(new Place(root, ""));
        for (var place = places.poll(); place != null; place = places.poll())
            for (long cookie = 0; ; ) {
                var some = place.directory.entries(cookie, AT_ONCE);
                if (some.isEmpty()) break;
                for (var entry : some) {
                    var path = place.path + "/" + entry.name();
                    var found = lookup(place.directory, entry.name());
                    if (node.equals(found)) return path;
                    if (found instanceof Node.Directory below) places.add(new Place(below, path));
                }
                cookie = some.getLast().cookie();
            }
        return null;
    }

    private static @Nullable Node lookup(Node.Directory directory, String name) {
        try {
            return directory.lookup(name);
        } catch (ErrnoException _) {
            return null;
        }
    }
}
