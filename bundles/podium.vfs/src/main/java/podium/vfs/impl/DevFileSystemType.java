package podium.vfs.impl;

import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Makes file systems of type `dev`: the devices every program expects.
@Component(service = FileSystemType.class)
public final class DevFileSystemType implements FileSystemType {

    @Override
    public String name() {
        return "dev";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        if (!spec.options().isEmpty()) throw new MountException("a dev file system has no options");
        return new DevFileSystem();
    }

    private static final class DevFileSystem implements FileSystem {

        private static final long TMPFS_MAGIC = 0x0102_1994;

        private final FixedDirectory root =
                new FixedDirectory(
                        1,
                        0040755,
                        List.of(
                                device("null", Device.Kind.NULL, 3),
                                device("zero", Device.Kind.ZERO, 5),
                                device("full", Device.Kind.FULL, 7),
                                device("random", Device.Kind.RANDOM, 8),
                                device("urandom", Device.Kind.RANDOM, 9),
                                new FixedDirectory.Named("tty", Device.terminal(7)),
                                link("stdin", "/proc/self/fd/0", 8),
                                link("stdout", "/proc/self/fd/1", 9),
                                link("stderr", "/proc/self/fd/2", 10),
                                link("fd", "/proc/self/fd", 11),
                                directory("pts", 0040755, 12),
                                directory("shm", 0041777, 13)));

        private static FixedDirectory.Named device(String name, Device.Kind kind, int minor) {
            return new FixedDirectory.Named(name, Device.memory(kind, minor));
        }

        private static FixedDirectory.Named link(String name, String target, long inode) {
            return new FixedDirectory.Named(name, new FixedLink(target, inode));
        }

        private static FixedDirectory.Named directory(String name, int mode, long inode) {
            return new FixedDirectory.Named(name, new FixedDirectory(inode, mode, List.of()));
        }

        @Override
        public FixedDirectory root() {
            return root;
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of(Capability.SYMBOLIC_LINKS, Capability.SPECIAL_FILES);
        }

        @Override
        public Statistics statistics() {
            return new Statistics(TMPFS_MAGIC, 4096, 0, 0, 0, 0);
        }

        @Override
        public void sync() {}

        @Override
        public void close() {}
    }
}
