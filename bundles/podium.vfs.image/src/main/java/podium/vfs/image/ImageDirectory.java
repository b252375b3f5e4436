package podium.vfs.image;

import java.util.ArrayList;
import java.util.Arrays;
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

    /// What it has while it is filled.
    private Map<String, ImageNode> filling = new HashMap<>(4);

    /// What it has, by name, in the names' order.
    private String[] names = {};

    private ImageNode[] nodes = {};
    private int links = 2;

    /// Whether the source told of it, or only of what is in it.
    private boolean told;

    private Facts facts;

    /// @param modified where nobody tells anything else
    ImageDirectory(long inode, long modified) {
        super(inode, Mode.DIRECTORY);
        facts = Facts.of(-1, modified);
    }

    /// The source tells of it.
    void tell(Facts facts) {
        this.facts = facts;
        told = true;
    }

    boolean isTold() {
        return told;
    }

    @Nullable ImageNode child(String name) {
        return filling.get(name);
    }

    void put(String name, ImageNode node) {
        filling.put(name, node);
    }

    void remove(String name) {
        filling.remove(name);
    }

    void clear() {
        filling.clear();
    }

    Map<String, ImageNode> children() {
        return filling;
    }

    /// Fixes the order of the names, here and below, and counts them.
    void freeze() {
        var sorted = new TreeMap<>(filling);
        filling = Map.of();
        names = sorted.navigableKeySet().toArray(new String[0]);
        nodes = sorted.values().toArray(new ImageNode[0]);
        for (var node : nodes) {
            node.nameCount++;
            if (!(node instanceof ImageDirectory directory)) continue;
            directory.freeze();
            links++;
        }
    }

    @Override
    Facts facts() {
        return facts;
    }

    @Override
    int permissions() {
        return facts.mode() < 0 ? 0755 : facts.mode();
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
        int at = Arrays.binarySearch(names, name);
        return at < 0 ? null : (Node) nodes[at];
    }

    @Override
    public List<Entry> entries(long cookie, int limit) {
        int from = (int) Math.min(cookie, names.length);
        int to = (int) Math.min(names.length, (long) from + limit);
        var entries = new ArrayList<Entry>(to - from);
        for (int i = from; i < to; i++)
            entries.add(new Entry(names[i], nodes[i].inode, nodes[i].type(), i + 1L));
        return entries;
    }
}
