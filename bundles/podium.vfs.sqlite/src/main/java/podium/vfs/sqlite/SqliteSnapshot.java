package podium.vfs.sqlite;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.LinuxString;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.ReadOnlyDirectory;
import podium.vfs.ReadOnlyRegular;
import podium.vfs.sqlite.SnapshotList.Taken;

/// A snapshot's tree, to read. Nothing of it is in memory: each query finds the rows that the
/// snapshot has, wherever they are meanwhile.
final class SqliteSnapshot implements FileSystem {

    private final Tree tree;
    private final Taken taken;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param taken which is kept open for it
    SqliteSnapshot(Tree tree, Taken taken) {
        this.tree = tree;
        this.taken = taken;
    }

    @Override
    public Node.Directory root() {
        var root = tree.read(Schema.ROOT, session -> node(session, Schema.ROOT));
        if (root instanceof Directory directory) return directory;
        throw tree.faults.unreadable(new DamageException("a snapshot without a root"), Schema.ROOT);
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.WRITE));
    }

    /// It is full.
    @Override
    public Statistics statistics() {
        return new Statistics(
                SqliteFileSystem.MAGIC, Chunk.PAGE, taken.pages(), 0, taken.inodes(), 0);
    }

    @Override
    public void sync() {}

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) tree.snapshots.close(taken);
    }

    private Node node(Session session, long inode) throws SQLException {
        var node = session.one(row -> node(inode, row), Sql.THEN_INODE, inode, taken.id());
        if (node == null) throw new DamageException("a snapshot lacks an inode");
        return node;
    }

    private Node node(long inode, ResultSet row) throws SQLException {
        var status = Status.of(row);
        var attributes = status.attributes(inode, row.getLong("accessed"));
        return switch (Mode.type(status.mode)) {
            case Mode.DIRECTORY -> new Directory(this, attributes, status);
            case Mode.REGULAR -> new Regular(this, attributes, status);
            case Mode.LINK -> new Link(this, attributes, status);
            default -> new Special(this, attributes, status);
        };
    }

    /// What all kinds have in common. Every look-up makes another one; those of the same inode of
    /// the same tree are equal.
    abstract static class Inode {

        final SqliteSnapshot fs;
        final Tree tree;
        final long inode;
        final long then;
        final Status status;
        private final Attributes attributes;

        Inode(SqliteSnapshot fs, Attributes attributes, Status status) {
            this.fs = fs;
            this.attributes = attributes;
            this.status = status;
            tree = fs.tree;
            then = fs.taken.id();
            inode = attributes.inode();
        }

        public final Attributes attributes() {
            return attributes;
        }

        public final void change(AttributeChange change) {
            throw Errno.EROFS.exception();
        }

        public final List<String> extendedAttributes() {
            return status.extended.names();
        }

        public final byte @Nullable [] extendedAttribute(String name) {
            return status.extended.get(name);
        }

        @Override
        public final boolean equals(@Nullable Object other) {
            return other instanceof Inode that && fs == that.fs && inode == that.inode;
        }

        @Override
        public final int hashCode() {
            return Long.hashCode(inode);
        }
    }

    private static final class Directory extends Inode implements ReadOnlyDirectory {

        Directory(SqliteSnapshot fs, Attributes attributes, Status status) {
            super(fs, attributes, status);
        }

        @Override
        public @Nullable Node lookup(String name) {
            var key = LinuxString.encode(name);
            return tree.read(inode, session -> Optional.ofNullable(lookup(session, key)))
                    .orElse(null);
        }

        private @Nullable Node lookup(Session session, byte[] key) throws SQLException {
            var number =
                    session.one(
                            row -> {
                                long node = row.getLong("inode");
                                long cookie = row.getLong("cookie");
                                Names.check(inode, key, cookie, node, row.getLong("crc"));
                                return node;
                            },
                            Sql.THEN_ENTRY,
                            inode,
                            key,
                            then);
            return number == null ? null : fs.node(session, number);
        }

        @Override
        public List<Entry> entries(long cookie, int limit) {
            return tree.read(
                    inode,
                    session ->
                            Names.entries(
                                    session, inode, Sql.THEN_ENTRIES, inode, cookie, limit, then));
        }
    }

    private static final class Regular extends Inode implements ReadOnlyRegular {

        Regular(SqliteSnapshot fs, Attributes attributes, Status status) {
            super(fs, attributes, status);
        }

        @Override
        public int read(ByteBuffer into, long position) {
            return tree.read(
                    inode,
                    session ->
                            Content.read(
                                    session,
                                    Sql.THEN_READ,
                                    inode,
                                    into,
                                    position,
                                    then,
                                    status.size));
        }

        @Override
        public long seek(long position, boolean data) {
            return tree.read(
                    inode,
                    session ->
                            Content.seek(
                                    session,
                                    Sql.THEN_HELD,
                                    inode,
                                    status.size,
                                    position,
                                    data,
                                    then));
        }
    }

    private static final class Link extends Inode implements Node.Link {

        Link(SqliteSnapshot fs, Attributes attributes, Status status) {
            super(fs, attributes, status);
        }

        @Override
        public String target() {
            return status.target == null ? "" : status.target;
        }
    }

    private static final class Special extends Inode implements Node.Special {

        Special(SqliteSnapshot fs, Attributes attributes, Status status) {
            super(fs, attributes, status);
        }
    }
}
