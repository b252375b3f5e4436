package podium.kernel.proc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.ReadOnlyDirectory;

/// A directory whose entries are found when it is read.
final class ProcDirectory extends ProcNode implements ReadOnlyDirectory {

    private final Supplier<List<String>> names;
    private final Function<String, @Nullable Node> lookup;

    /// @param names in a stable order
    /// @param lookup null for a name that is not there
    ProcDirectory(
            String path, Supplier<List<String>> names, Function<String, @Nullable Node> lookup) {
        super(path, Mode.DIRECTORY | 0555);
        this.names = names;
        this.lookup = lookup;
    }

    @Override
    public @Nullable Node lookup(String name) {
        return lookup.apply(name);
    }

    @Override
    public List<Entry> entries(long cookie, int limit) {
        var entries = new ArrayList<Entry>();
        var all = names.get();
        for (int i = (int) Math.min(cookie, all.size()); i < all.size(); i++) {
            if (entries.size() == limit) break;
            var node = lookup(all.get(i));
            if (node == null) continue; // gone since
            var attributes = node.attributes();
            entries.add(
                    new Entry(
                            all.get(i), attributes.inode(), Mode.type(attributes.mode()), i + 1L));
        }
        return entries;
    }
}
