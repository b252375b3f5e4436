package podium.vfs.image;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// Shows an image, read-only.
public final class ImageFileSystem implements FileSystem {

    /// SQUASHFS_MAGIC (linux/magic.h), the nearest kin.
    private static final long MAGIC = 0x7371_7368;

    private static final int BLOCK = 4096;
    private static final long CACHE = 64 << 20;

    private final ImageTree tree;
    private final List<AutoCloseable> owned;

    /// Without OSGi.
    ///
    /// @param sources later ones win
    /// @throws IOException a source cannot be read
    public ImageFileSystem(List<? extends ImageSource> sources) throws IOException {
        this(ImageTree.of(sources, new ContentCache(CACHE)), List.of());
    }

    /// @param owned closed with it
    ImageFileSystem(ImageTree tree, List<AutoCloseable> owned) {
        this.tree = tree;
        this.owned = owned;
    }

    @Override
    public Node.Directory root() {
        return tree.root();
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.WRITE));
    }

    @Override
    public Statistics statistics() {
        return new Statistics(MAGIC, BLOCK, (tree.bytes() + BLOCK - 1) / BLOCK, 0, tree.files(), 0);
    }

    @Override
    public void sync() {}

    @Override
    public void close() {
        for (var one : owned) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot close an image's source", e);
            }
        }
    }
}
