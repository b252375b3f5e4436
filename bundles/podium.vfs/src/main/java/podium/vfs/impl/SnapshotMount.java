package podium.vfs.impl;

import java.util.Set;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.Snapshots;

/// A snapshot that is mounted to be looked into: keeps the mount whose it is in use.
///
/// @param of the mount, in use
record SnapshotMount(FileSystem tree, Mount of) implements FileSystem {

    /// The type of such mounts.
    static final String TYPE = "snapshot";

    /// @param of in use, until what is returned is closed
    /// @param name of one of its snapshots
    static Backend create(MountSpec spec, Mount of, Snapshots snapshots, String name)
            throws MountException {
        if (!spec.options().isEmpty())
            throw new MountException(
                    "a snapshot has no option '%s'"
                            .formatted(spec.options().keySet().iterator().next()));
        try {
            var tree = new SnapshotMount(snapshots.open(name), of);
            return Backend.of(spec, tree, Set.of());
        } catch (ErrnoException e) {
            throw new MountException(
                    "%s has no snapshot '%s'".formatted(of.spec().target(), name), e);
        }
    }

    @Override
    public Node.Directory root() {
        return tree.root();
    }

    @Override
    public Set<Capability> capabilities() {
        return tree.capabilities();
    }

    @Override
    public Statistics statistics() {
        return tree.statistics();
    }

    @Override
    public void sync() {}

    @Override
    public void close() {
        tree.close();
        of.release();
    }
}
