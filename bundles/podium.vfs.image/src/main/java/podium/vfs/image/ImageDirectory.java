package podium.vfs.image;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.ReadOnlyDirectory;

/// A directory. Filled while the tree is made, then frozen.
final class ImageDirectory extends ImageNode implements ReadOnlyDirectory {

    private Map<String, ImageNode> nodes = new HashMap<>(4);
    private String[] names = {};
    private int links = 2;

    ImageDirectory(long inode, long modified) {
        super(inode, modified);
    }

    @Nullable ImageNode child(String name) {
        return nodes.get(name);
    }

    void put(String name, ImageNode node) {
        nodes.put(name, node);
    }

    /// Fixes the order of the names, here and below.
    void freeze() {
        nodes = Map.copyOf(nodes);
        names = new TreeMap<>(nodes).navigableKeySet().toArray(new String[0]);
        for (var node : nodes.values())
            if (node instanceof ImageDirectory directory) {
                directory.freeze();
                links++;
            }
    }

    @Override
    int mode() {
        return Mode.DIRECTORY | 0755;
    }

    @Override
    int type() {
        return Mode.DIRECTORY;
    }

    @Override
    long size() {
        return 32L * names.length;
    }

    @Override
    int links() {
        return links;
    }

    @Override
    public @Nullable Node lookup(String name) {
        return (Node) nodes.get(name);
    }

    @Override
    public List<Entry> entries(long cookie, int limit) {
        int from = (int) Math.min(cookie, names.length);
        int to = (int) Math.min(names.length, (long) from + limit);
        var entries = new ArrayList<Entry>(to - from);
        for (int i = from; i < to; i++) {
            var node = nodes.get(names[i]);
            if (node != null) entries.add(new Entry(names[i], node.inode, node.type(), i + 1L));
        }
        return entries;
    }
}
