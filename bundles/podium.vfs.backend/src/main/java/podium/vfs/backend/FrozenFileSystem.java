package podium.vfs.backend;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.ReadOnlyDirectory;
import podium.vfs.ReadOnlyRegular;

/// A snapshot's tree, to read.
public final class FrozenFileSystem implements FileSystem {

    private final FrozenTrees trees;
    private final FrozenTree tree;
    private final Set<Capability> capabilities;
    private final long magic;
    private final int blockSize;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param capabilities of the file system whose snapshot it is; what is not changed needs no
    ///     `WRITE`
    /// @param magic, blockSize of that, too
    /// @throws podium.syscall.ErrnoException `ENOENT`
    public FrozenFileSystem(
            FrozenTrees trees,
            String name,
            Set<Capability> capabilities,
            long magic,
            int blockSize) {
        this.trees = trees;
        tree = trees.open(name);
        this.capabilities = EnumSet.copyOf(capabilities);
        this.capabilities.remove(Capability.WRITE);
        this.magic = magic;
        this.blockSize = blockSize;
    }

    @Override
    public Node.Directory root() {
        return new Directory(tree, tree.root());
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.copyOf(capabilities);
    }

    /// It is full.
    @Override
    public Statistics statistics() {
        long blocks = (tree.bytes() + blockSize - 1) / blockSize;
        return new Statistics(magic, blockSize, blocks, 0, tree.size(), 0);
    }

    @Override
    public void sync() {}

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) trees.close(tree);
    }

    private static @Nullable Node node(FrozenTree tree, @Nullable Frozen frozen) {
        if (frozen == null) return null;
        return switch (frozen.type()) {
            case Mode.DIRECTORY -> new Directory(tree, frozen);
            case Mode.REGULAR -> new Regular(tree, frozen);
            case Mode.LINK -> new Link(tree, frozen);
            default -> new Special(tree, frozen);
        };
    }

    /// What all kinds have in common. Every look-up makes another one; those of the same inode of
    /// the same tree are equal.
    abstract static class Inode {

        final FrozenTree tree;
        final Frozen frozen;

        Inode(FrozenTree tree, Frozen frozen) {
            this.tree = tree;
            this.frozen = frozen;
        }

        public final Attributes attributes() {
            return frozen.attributes();
        }

        public final void change(AttributeChange change) {
            throw Errno.EROFS.exception();
        }

        public final List<String> extendedAttributes() {
            return frozen.extended().names();
        }

        public final byte @Nullable [] extendedAttribute(String name) {
            return frozen.extended().get(name);
        }

        @Override
        public final boolean equals(@Nullable Object other) {
            return other instanceof Inode that && tree == that.tree && frozen == that.frozen;
        }

        @Override
        public final int hashCode() {
            return System.identityHashCode(frozen);
        }
    }

    private static final class Directory extends Inode implements ReadOnlyDirectory {

        Directory(FrozenTree tree, Frozen frozen) {
            super(tree, frozen);
        }

        private NameTable<Long> names() {
            var names = frozen.names();
            if (names == null) throw new IllegalStateException("no directory");
            return names;
        }

        @Override
        public @Nullable Node lookup(String name) {
            var number = names().get(name);
            return number == null ? null : node(tree, tree.get(number));
        }

        @Override
        public List<Entry> entries(long cookie, int limit) {
            var names = names();
            var entries = new ArrayList<Entry>(Math.min(limit, names.size()));
            for (int slot = names.after(cookie);
                    slot < names.end() && entries.size() < limit;
                    slot++) {
                var name = names.name(slot);
                if (name == null) continue;
                long number = names.node(slot);
                var there = tree.get(number);
                int type = there == null ? 0 : there.type();
                entries.add(new Entry(name, number, type, names.cookie(slot)));
            }
            return entries;
        }
    }

    private static final class Regular extends Inode implements ReadOnlyRegular {

        Regular(FrozenTree tree, Frozen frozen) {
            super(tree, frozen);
        }

        private Frozen.Content content() {
            var content = frozen.content();
            if (content == null) throw new IllegalStateException("no file");
            return content;
        }

        @Override
        public int read(ByteBuffer into, long position) {
            long size = frozen.attributes().size();
            if (position >= size) return 0;
            int limit = into.limit();
            int count = (int) Math.min(into.remaining(), size - position);
            into.limit(into.position() + count);
            try {
                return content().read(into, position);
            } finally {
                into.limit(limit);
            }
        }

        @Override
        public long seek(long position, boolean data) {
            long size = frozen.attributes().size();
            if (position >= size) throw Errno.ENXIO.exception();
            long found = content().seek(position, data);
            if (data && (found < 0 || found >= size)) throw Errno.ENXIO.exception();
            return Math.min(size, found);
        }
    }

    private static final class Link extends Inode implements Node.Link {

        Link(FrozenTree tree, Frozen frozen) {
            super(tree, frozen);
        }

        @Override
        public String target() {
            return frozen.target();
        }
    }

    private static final class Special extends Inode implements Node.Special {

        Special(FrozenTree tree, Frozen frozen) {
            super(tree, frozen);
        }
    }
}
