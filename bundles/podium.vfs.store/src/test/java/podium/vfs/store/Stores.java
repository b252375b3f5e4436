package podium.vfs.store;

import java.io.IOException;
import java.nio.file.Path;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.backend.DurableOptions;

/// What tests of stores have in common.
final class Stores {

    /// Nothing happens unasked, and segments are small.
    static final Limits SMALL = new Limits(64 << 10, 16, 64 << 10, 8 << 10, 4 << 10, 0);

    static final DurableOptions OPTIONS =
            new DurableOptions(Path.of("/"), 1L << 40, 1 << 20, 0755, 0, 0);

    private Stores() {}

    static StoreFileSystem open(Disk disk) throws IOException {
        return StoreFileSystem.open(disk, SMALL, OPTIONS, false);
    }

    static FileSystem mount(Path directory, String... options) throws MountException {
        return new StoreFileSystemType().create(spec(directory, options));
    }

    static MountSpec spec(Path directory, String... options) {
        var spec = MountSpec.of("/", "store", directory.toString());
        for (int i = 0; i < options.length; i += 2)
            spec = spec.withOption(options[i], options[i + 1]);
        return spec;
    }
}
