package podium.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import podium.vfs.FileSystemType;
import podium.vfs.MountSpec;
import podium.vfs.host.HostFileSystemType;
import podium.vfs.memory.MemoryFileSystemType;
import podium.vfs.object.ObjectFileSystemType;
import podium.vfs.overlay.OverlayFileSystemType;
import podium.vfs.sqlite.SqliteFileSystemType;
import podium.vfs.store.StoreFileSystemType;

/// A file system that can be asked.
enum Backend {
    MEMORY {
        @Override
        MountSpec mount(Path folder, int user) {
            return MountSpec.of(PodMachine.MOUNT, "memory");
        }
    },
    STORE {
        @Override
        MountSpec mount(Path folder, int user) {
            return MountSpec.of(PodMachine.MOUNT, "store", folder.resolve("store").toString());
        }
    },
    SQLITE {
        @Override
        MountSpec mount(Path folder, int user) {
            return MountSpec.of(PodMachine.MOUNT, "sqlite", folder.resolve("sqlite").toString());
        }
    },
    OBJECT {
        @Override
        MountSpec mount(Path folder, int user) throws IOException {
            return ObjectServer.get().mount(folder.resolve("object"));
        }
    },
    OVERLAY {
        @Override
        MountSpec mount(Path folder, int user) {
            return MountSpec.of(PodMachine.MOUNT, "overlay")
                    .withOption("upper", "memory")
                    .withOption("lower.1", "memory");
        }
    },
    HOST {
        @Override
        MountSpec mount(Path folder, int user) throws IOException {
            var source = Files.createDirectory(folder.resolve("host"));
            var spec = MountSpec.of(PodMachine.MOUNT, "host", source.toString());
            if (user < 0) return spec;
            // The host knows one owner there, and who that is in the pod can be chosen.
            return spec.withOption("uid", "" + user).withOption("gid", "" + user);
        }
    };

    /// What a pod mounts.
    ///
    /// @param folder empty, of its own
    /// @param user who makes the calls; negative for the superuser
    abstract MountSpec mount(Path folder, int user) throws IOException;

    /// The types that [#mount] names, and others.
    static List<FileSystemType> types() {
        var memory = new MemoryFileSystemType();
        return List.of(
                memory,
                new StoreFileSystemType(),
                new SqliteFileSystemType(),
                new ObjectFileSystemType(),
                new HostFileSystemType(),
                new OverlayFileSystemType(List.of(memory)));
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
