package podium.vfs.memory;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Makes file systems of type `memory`.
@Component
public final class MemoryFileSystemType implements FileSystemType {

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        return create(spec, null);
    }

    @Override
    public FileSystem create(MountSpec spec, @Nullable FileSystem base) throws MountException {
        var options = MemoryOptions.of(spec);
        var fs = new MemoryFileSystem(options, base);
        if (options.seed() != null) HostSeed.copy(options.seed(), fs);
        return fs;
    }
}
