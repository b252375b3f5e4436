package podium.vfs.impl;

import java.util.List;
import java.util.Set;
import podium.vfs.FileSystem;
import podium.vfs.Mode;

/// An empty read-only tree: where places belong that are in no tree.
final class EmptyFileSystem implements FileSystem {

    private static final long ANON_INODE_FS_MAGIC = 0x0904_1934;

    private final FixedDirectory root = new FixedDirectory(1, Mode.DIRECTORY | 0555, List.of());

    @Override
    public FixedDirectory root() {
        return root;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.WRITE);
    }

    @Override
    public Statistics statistics() {
        return new Statistics(ANON_INODE_FS_MAGIC, 4096, 0, 0, 0, 0);
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
}
