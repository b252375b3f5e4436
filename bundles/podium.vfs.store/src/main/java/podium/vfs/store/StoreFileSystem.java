package podium.vfs.store;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.Node;
import podium.vfs.backend.DurableOptions;
import podium.vfs.backend.Ticker;

/// A mounted store.
final class StoreFileSystem implements FileSystem {

    /// "PdSt": there is no number of Linux's for it.
    private static final long MAGIC = 0x7453_6450;

    private final Store store;
    private final StoreDirectory root;
    private final @Nullable Ticker ticker;

    private StoreFileSystem(Store store) {
        this.store = store;
        root = store.root();
        boolean ticks = !store.readOnly && store.limits.interval() > 0;
        ticker =
                ticks
                        ? Ticker.start(
                                "store " + store.disk.name(), store.limits.interval(), store::tick)
                        : null;
    }

    /// @param disk closed with the result; by the caller, when this fails
    /// @throws IOException in one line
    static StoreFileSystem open(Disk disk, Limits limits, DurableOptions options, boolean readOnly)
            throws IOException {
        long pages = options.size() / Extent.PAGE;
        var store = new Store(disk, limits, pages, options.inodes(), readOnly);
        boolean done = false;
        try {
            Recovery.open(store, options.mode(), options.uid(), options.gid());
            done = true;
        } finally {
            if (!done) store.abandon();
        }
        return new StoreFileSystem(store);
    }

    Store store() {
        return store;
    }

    @Override
    public Node.Directory root() {
        return root;
    }

    @Override
    public Set<Capability> capabilities() {
        var all = EnumSet.allOf(Capability.class);
        if (store.readOnly) all.remove(Capability.WRITE);
        return all;
    }

    /// What is free is what the quota leaves, or the disk, whichever is less.
    @Override
    public Statistics statistics() {
        long left;
        try {
            left = store.disk.usable() / Extent.PAGE;
        } catch (IOException e) {
            throw store.faults.unreadable(e, root);
        }
        long free = store.readOnly ? 0 : Math.min(left, store.pages.left());
        long used = store.pages.used();
        long files = Math.min(store.inodes.limit, Integer.MAX_VALUE);
        return new Statistics(
                MAGIC,
                Extent.PAGE,
                Math.max(used + free, used),
                free,
                files,
                Math.clamp(files - store.nodes.size(), 0, files));
    }

    @Override
    public void sync() {
        store.commit();
    }

    @Override
    public void close() {
        if (ticker != null) ticker.close();
        store.close();
    }
}
