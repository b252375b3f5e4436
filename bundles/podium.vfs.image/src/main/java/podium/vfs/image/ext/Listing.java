package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.vfs.image.bytes.Bytes;

/// All entries of a directory, without `.` and `..`, in their order on disk.
final class Listing {

    /// They are kept in memory, and so are the characters of their names.
    private static final int MOST = 1_000_000;

    private static final long MOST_TEXT = 64 << 20;

    private final Inode of;
    private final List<DirectoryBlock.Entry> entries = new ArrayList<>();
    private final Map<String, DirectoryBlock.Entry> byName = new HashMap<>();

    private long text;

    private Listing(Inode of) {
        this.of = of;
    }

    /// @throws IOException it cannot be read, or makes no sense
    static Listing read(Bytes bytes, Inode of) throws IOException {
        var listing = new Listing(of);
        if (of.isInline()) {
            var inline = InlineData.of(of);
            // The number of the directory above, then entries.
            listing.add(inline.first().slice(4, inline.first().limit() - 4));
            listing.add(inline.rest());
            return listing;
        }
        var data = new Data(bytes, of);
        for (long block = 0; block < blocks(of); block++) {
            var entries = new DirectoryBlock(of, data.block(block));
            entries.checkSum(block == 0);
            entries.entries(listing::add);
        }
        return listing;
    }

    private static long blocks(Inode of) throws IOException {
        long blocks = of.size() / of.fs().blockSize();
        if (of.size() % of.fs().blockSize() != 0 || blocks == 0 || blocks > of.fs().blocks())
            throw of.damaged("is a directory of a size that makes no sense");
        return blocks;
    }

    private void add(ByteBuffer part) throws IOException {
        new DirectoryBlock(of, part.order(of.raw().order())).entries(this::add);
    }

    private void add(DirectoryBlock.Entry entry) throws Damage {
        if (entry.name().equals(".") || entry.name().equals("..")) return;
        text += entry.name().length();
        if (entries.size() == MOST || text > MOST_TEXT)
            throw of.damaged("is a directory with more than " + MOST + " entries, the limit");
        if (byName.put(entry.name(), entry) != null)
            throw of.damaged("is a directory with one name twice");
        entries.add(entry);
    }

    /// The number of the directory above, told without reading the whole one.
    static int above(Bytes bytes, Inode of) throws IOException {
        if (of.isInline()) return of.map().getInt(0);
        blocks(of);
        var first = new ArrayList<DirectoryBlock.Entry>();
        var block = new DirectoryBlock(of, new Data(bytes, of).block(0));
        block.checkSum(true);
        block.entries(first::add);
        boolean sound =
                first.size() >= 2
                        && first.get(0).name().equals(".")
                        && first.get(0).inode() == of.number()
                        && first.get(1).name().equals("..");
        if (!sound) throw of.damaged("is a directory without '.' and '..'");
        return first.get(1).inode();
    }

    DirectoryBlock.@Nullable Entry find(String name) {
        return byName.get(name);
    }

    List<DirectoryBlock.Entry> entries() {
        return entries;
    }
}
