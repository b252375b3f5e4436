package podium.vfs.image.ext;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.ReadOnlyDirectory;

/// A directory. It is read as a whole when it is first asked, and kept while there is room: a hash
/// index, where it has one, would only say where to look.
final class ExtDirectory extends ExtNode implements ReadOnlyDirectory {

    private volatile @Nullable SoftReference<Listing> listing;

    ExtDirectory(ExtFileSystem fs, Inode inode) {
        super(fs, inode);
    }

    private Listing listing() throws IOException {
        var known = listing;
        var all = known == null ? null : known.get();
        if (all != null) return all;
        all = Listing.read(fs.bytes(), inode);
        listing = new SoftReference<>(all);
        return all;
    }

    @Override
    public @Nullable Node lookup(String name) {
        try {
            var entry = listing().find(name);
            return entry == null ? null : fs.node(entry, inode);
        } catch (IOException e) {
            throw fs.failed(e);
        }
    }

    @Override
    public List<Entry> entries(long cookie, int limit) {
        try {
            var all = listing().entries();
            int from = (int) Math.min(cookie, all.size());
            int to = (int) Math.min(all.size(), (long) from + limit);
            var some = new ArrayList<Entry>(to - from);
            for (int i = from; i < to; i++) {
                var entry = all.get(i);
                long number = Integer.toUnsignedLong(entry.inode());
                some.add(new Entry(entry.name(), number, type(entry), i + 1L));
            }
            return some;
        } catch (IOException e) {
            throw fs.failed(e);
        }
    }

    /// Without the feature `filetype` only the inode tells.
    private int type(DirectoryBlock.Entry entry) throws IOException {
        if (entry.type() != 0) return entry.type();
        return Mode.type(fs.node(entry, inode).attributes().mode());
    }
}
