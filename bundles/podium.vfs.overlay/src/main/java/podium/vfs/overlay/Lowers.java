package podium.vfs.overlay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.vfs.Node;

/// What the lower layers have of a directory.
///
/// @param parts topmost first
/// @param trail null for the root, and where there is nothing
record Lowers(List<Part<Node.Directory>> parts, @Nullable Trail trail) {

    static final Lowers NONE = new Lowers(List.of(), null);

    boolean isEmpty() {
        return parts.isEmpty();
    }

    Part<Node.Directory> first() {
        return parts.getFirst();
    }

    /// What the topmost layer of all has.
    Part<Node.Directory> topmost(Node.@Nullable Directory upper) {
        return upper != null ? new Part<>(0, upper) : first();
    }

    /// They, and what the upper layer has above them.
    List<Part<Node.Directory>> under(Node.@Nullable Directory upper) {
        if (upper == null) return parts;
        var all = new ArrayList<Part<Node.Directory>>(parts.size() + 1);
        all.add(new Part<>(0, upper));
        all.addAll(parts);
        return all;
    }

    /// Where they have a name that is in it.
    Trail trail(String name) {
        return new Trail(trail, name);
    }

    /// What the topmost layer has of a name that has it, or null.
    @Nullable Part<Node> find(String name) {
        for (var part : parts) {
            var node = part.node().lookup(name);
            if (node != null) return new Part<>(part.layer(), node);
            if (part != parts.getLast() && Whiteouts.hides(part.node(), name)) return null;
        }
        return null;
    }

    /// The directories of a name, as far down as they are one.
    Lowers directories(String name) {
        var found = new ArrayList<Part<Node.Directory>>();
        for (var part : parts) {
            var node = part.node().lookup(name);
            boolean last = part == parts.getLast();
            if (node instanceof Node.Directory directory) {
                found.add(new Part<>(part.layer(), directory));
                if (!last && Whiteouts.isOpaque(directory)) break;
            } else if (node != null) break;
            if (!last && Whiteouts.hides(part.node(), name)) break;
        }
        return found.isEmpty() ? NONE : new Lowers(List.copyOf(found), trail(name));
    }
}
