package podium.vfs.sqlite;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Node;
import podium.vfs.Snapshots;
import podium.vfs.backend.DurableOptions;
import podium.vfs.backend.Ticker;
import podium.vfs.backend.Usage;

/// A mounted database.
final class SqliteFileSystem implements FileSystem {

    /// "PdSq": there is no number of Linux's for it.
    static final long MAGIC = 0x7153_6450;

    private final Tree tree;
    private final SqliteDirectory root;
    private final @Nullable Ticker ticker;

    private SqliteFileSystem(Tree tree, int interval) {
        this.tree = tree;
        root = tree.root();
        boolean ticks = !tree.database.readOnly && interval > 0;
        ticker = ticks ? Ticker.start("sqlite " + tree.database.path, interval, tree::tick) : null;
    }

    /// @param interval milliseconds after which changes are made durable unasked; 0: never
    /// @throws IOException in one line
    static SqliteFileSystem open(DurableOptions options, boolean readOnly, int interval)
            throws IOException {
        var database = Database.open(options, readOnly);
        boolean done = false;
        try {
            var space = options.limits();
            var tree = new Tree(database, space.content(Chunk.PAGE), space.nodes());
            var fs = new SqliteFileSystem(tree, interval);
            done = true;
            return fs;
        } catch (SQLException e) {
            throw Database.failure(e);
        } catch (ErrnoException e) {
            throw new IOException("its root cannot be read (podium fs check tells more)", e);
        } finally {
            if (!done) close(database);
        }
    }

    private static void close(Database database) throws IOException {
        try {
            database.close();
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    Tree tree() {
        return tree;
    }

    @Override
    public Node.Directory root() {
        return root;
    }

    @Override
    public Set<Capability> capabilities() {
        var all = EnumSet.allOf(Capability.class);
        if (tree.database.readOnly) all.remove(Capability.WRITE);
        return all;
    }

    @Override
    public Snapshots snapshots() {
        return new SqliteSnapshots(tree);
    }

    @Override
    public Statistics statistics() {
        long left = tree.database.readOnly ? 0 : tree.left();
        return Usage.of(MAGIC, left, tree.pages, tree.inodes);
    }

    @Override
    public void sync() {
        tree.sync();
    }

    @Override
    public void close() {
        if (ticker != null) ticker.close();
        tree.close();
    }
}
