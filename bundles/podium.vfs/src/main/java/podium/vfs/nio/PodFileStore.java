package podium.vfs.nio;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem.Statistics;
import podium.vfs.Location;
import podium.vfs.MountSpec;

/// A mount.
final class PodFileStore extends FileStore {

    private final PodPath path;
    private final Location place;
    private final MountSpec spec;

    private PodFileStore(PodPath path, Location place, MountSpec spec) {
        this.path = path;
        this.place = place;
        this.spec = spec;
    }

    /// The mount that a path's file is on.
    static PodFileStore of(PodPath path) throws IOException {
        var fileSystem = path.getFileSystem();
        var place = Failures.on(path, () -> fileSystem.resolve(path, true));
        for (var mounted : fileSystem.namespace().mounts())
            if (mounted.device() == place.device())
                return new PodFileStore(path, place, mounted.spec());
        throw new IOException(path + " is on no mount"); // such as a pipe of /proc/PID/fd
    }

    /// Empty when it cannot be reached, since another one is mounted over it.
    static Optional<PodFileStore> of(
            PodFileSystem fileSystem, podium.vfs.MountNamespace.Mounted mounted) {
        var path = fileSystem.getPath(mounted.spec().target());
        try {
            var place = fileSystem.resolve(path, true);
            if (place.device() != mounted.device()) return Optional.empty();
            return Optional.of(new PodFileStore(path, place, mounted.spec()));
        } catch (ErrnoException _) {
            return Optional.empty();
        }
    }

    private Statistics statistics() throws IOException {
        return Failures.on(path, () -> path.getFileSystem().namespace().statistics(place));
    }

    private static long bytes(long blocks, long size) {
        try {
            return Math.multiplyExact(blocks, size);
        } catch (ArithmeticException _) {
            return Long.MAX_VALUE;
        }
    }

    /// What is mounted: its source, or else its type.
    @Override
    public String name() {
        return spec.source().isEmpty() ? spec.type() : spec.source();
    }

    @Override
    public String type() {
        return spec.type();
    }

    @Override
    public boolean isReadOnly() {
        return place.readOnly();
    }

    @Override
    public long getTotalSpace() throws IOException {
        var now = statistics();
        return bytes(now.blocks(), now.blockSize());
    }

    @Override
    public long getUsableSpace() throws IOException {
        var now = statistics();
        return bytes(now.free(), now.blockSize());
    }

    @Override
    public long getUnallocatedSpace() throws IOException {
        return getUsableSpace();
    }

    @Override
    public long getBlockSize() throws IOException {
        return statistics().blockSize();
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return type == BasicFileAttributeView.class
                || type == PosixFileAttributeView.class
                || type == FileOwnerAttributeView.class
                || type == UserDefinedFileAttributeView.class;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return AttributeNames.VIEWS.contains(name);
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(String attribute) throws IOException {
        return switch (attribute) {
            case "totalSpace" -> getTotalSpace();
            case "usableSpace" -> getUsableSpace();
            case "unallocatedSpace" -> getUnallocatedSpace();
            default -> throw new UnsupportedOperationException("no attribute " + attribute);
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PodFileStore store
                && store.path.getFileSystem() == path.getFileSystem()
                && store.place.device() == place.device();
    }

    @Override
    public int hashCode() {
        return Long.hashCode(place.device());
    }

    @Override
    public String toString() {
        return spec.target() + " (" + name() + ")";
    }
}
