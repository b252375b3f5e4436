package podium.vfs.impl;

import org.jspecify.annotations.Nullable;

/// Where entries are, as text.
final class Paths {

    private Paths() {}

    /// The path of an entry from a root, or from the namespace's when that is null.
    static String from(@Nullable Entry root, Entry entry) {
        var namespace = entry.mount.namespace;
        // No rename comes between the parts.
        namespace.renames.lock();
        try {
            if (entry.parent() == null && entry.mount.hidden()) return entry.name();
            var text = new StringBuilder();
            boolean reached = climb(root, entry, text);
            if (text.isEmpty()) text.append('/');
            if (entry.gone()) text.append(" (deleted)");
            return reached ? text.toString() : "(unreachable)" + text;
        } finally {
            namespace.renames.unlock();
        }
    }

    /// @return whether the root was met
    private static boolean climb(@Nullable Entry root, Entry entry, StringBuilder text) {
        for (var at = entry; at != root; ) {
            var parent = at.parent();
            if (parent != null || at.gone()) {
                text.insert(0, at.name()).insert(0, '/');
                if (parent == null) return false;
                at = parent;
                continue;
            }
            var point = at.mount.point();
            if (point == null) return root == null && !at.mount.detached();
            at = point;
        }
        return true;
    }

    /// Whether an entry is a root or lies below it.
    static boolean below(Entry root, Entry entry) {
        for (var at = entry; at != root; ) {
            var parent = at.parent();
            if (parent == null) parent = at.mount.point();
            if (parent == null) return false;
            at = parent;
        }
        return true;
    }
}
