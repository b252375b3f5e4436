package podium.vfs.impl;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.vfs.Attributes;
import podium.vfs.Node;
import podium.vfs.ReadOnlyDirectory;

/// A directory whose entries never change.
final class FixedDirectory implements ReadOnlyDirectory {

    /// @param node what the name stands for
    record Named(String name, Node node) {}

    private final Attributes attributes;
    private final List<Named> names;

    FixedDirectory(long inode, int mode, List<Named> names) {
        attributes = Attributes.of(inode, mode, 0, 0, Inode.now());
        this.names = names;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public @Nullable Node lookup(String name) {
        for (var named : names) if (named.name.equals(name)) return named.node;
        return null;
    }

    @Override
    public List<Entry> entries(long cookie, int limit) {
        int from = (int) Math.min(cookie, names.size());
        int to = (int) Math.min(names.size(), (long) from + limit);
        var entries = new java.util.ArrayList<Entry>(to - from);
        for (int i = from; i < to; i++) {
            var of = names.get(i).node.attributes();
            entries.add(new Entry(names.get(i).name, of.inode(), of.mode() & 0170000, i + 1L));
        }
        return entries;
    }
}
