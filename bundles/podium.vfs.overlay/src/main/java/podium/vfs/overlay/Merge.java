package podium.vfs.overlay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import podium.vfs.Node;

/// A directory's entries in all layers, each name once: as the topmost layer has it, unless a layer
/// in between hides it.
final class Merge {

    private static final int AT_ONCE = 1024;

    private static final Comparator<Node.Entry> ORDER =
            Comparator.comparingLong(Node.Entry::cookie).thenComparing(Node.Entry::name);

    private final OverlayFileSystem fs;
    private final List<Node.Entry> entries = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Set<String> whiteouts = new HashSet<>();

    private Merge(OverlayFileSystem fs) {
        this.fs = fs;
    }

    /// @param parts topmost first
    /// @return by cookie: a place that stays a name's whatever comes and goes
    static List<Node.Entry> of(OverlayFileSystem fs, List<Part<Node.Directory>> parts) {
        var merge = new Merge(fs);
        for (var part : parts) merge.add(part);
        merge.entries.sort(ORDER);
        merge.apart();
        return merge.entries;
    }

    private void add(Part<Node.Directory> part) {
        var own = new ArrayList<String>();
        long cookie = 0;
        for (; ; ) {
            var some = part.node().entries(cookie, AT_ONCE);
            if (some.isEmpty()) break;
            for (var entry : some) {
                cookie = entry.cookie();
                if (Whiteouts.reserved(entry.name())) own.add(entry.name());
                else add(part.layer(), entry);
            }
        }
        // They hide what is below, not what is beside them.
        whiteouts.addAll(own);
    }

    private void add(int layer, Node.Entry entry) {
        var name = entry.name();
        if (!whiteouts.isEmpty() && whiteouts.contains(Whiteouts.of(name))) return;
        if (!seen.add(name)) return;
        long number = fs.number(layer, entry.inode());
        entries.add(new Node.Entry(name, number, entry.type(), fs.cookie(name)));
    }

    /// Gives names of one hash cookies of their own.
    private void apart() {
        for (int i = 1; i < entries.size(); i++) {
            long before = entries.get(i - 1).cookie();
            var entry = entries.get(i);
            if (entry.cookie() > before) continue;
            entries.set(i, new Node.Entry(entry.name(), entry.inode(), entry.type(), before + 1));
        }
    }
}
