package podium.vfs.store;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.Node;
import podium.vfs.Snapshots;
import podium.vfs.backend.DurableOptions;
import podium.vfs.backend.Ticker;
import podium.vfs.backend.Usage;

/// A mounted store.
public final class StoreFileSystem implements FileSystem {

    /// "PdSt": there is no number of Linux's for it.
    static final long MAGIC = 0x7453_6450;

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
    public static StoreFileSystem open(
            Disk disk, Limits limits, DurableOptions options, boolean readOnly) throws IOException {
        var space = options.limits();
        var store = new Store(disk, limits, space.content(Extent.PAGE), space.nodes(), readOnly);
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

    @Override
    public Statistics statistics() {
        try {
            long left = store.readOnly ? 0 : store.disk.usable();
            return Usage.of(MAGIC, left, store.pages, store.inodes);
        } catch (IOException e) {
            throw store.faults.unreadable(e, root);
        }
    }

    @Override
    public Snapshots snapshots() {
        return store.snapshots;
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
