package podium.vfs.object;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.store.Limits;

/// What tests of trees in buckets have in common.
final class Mounts {

    /// Nothing happens unasked.
    static final Pace STILL = new Pace(0, 0, 1 << 20, 1_000_000, 60, 8, 16 << 10);

    /// Everything happens at once.
    static final Pace QUICK = new Pace(2, 0, 1 << 20, 50, 60, 6, 8 << 10);

    /// Small segments and journals; commits when somebody syncs.
    static final Limits SMALL = new Limits(64 << 10, 16, 64 << 10, 8 << 10, 0, 0);

    private Mounts() {}

    static ObjectOptions options(Path cache, String... options) throws IOException {
        var spec = MountSpec.of("/", "object", "bucket/tree").withOption("cache", cache.toString());
        for (int i = 0; i < options.length; i += 2)
            spec = spec.withOption(options[i], options[i + 1]);
        try {
            return ObjectOptions.of(spec);
        } catch (MountException e) {
            throw new IOException(e);
        }
    }

    static FileSystem open(Bucket bucket, Path cache, String... options) throws IOException {
        return open(bucket, cache, STILL, options);
    }

    static FileSystem open(Bucket bucket, Path cache, Pace pace, String... options)
            throws IOException {
        return ObjectFileSystemType.open(bucket, options(cache, options), pace, SMALL, false);
    }

    /// Removes a directory with all that is in it: a cache is lost.
    static void remove(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /// What a killed process leaves of a cache.
    static void copy(Path source, Path to) throws IOException {
        try (var paths = Files.walk(source)) {
            for (var path : paths.sorted().toList()) {
                var target = to.resolve(source.relativize(path).toString());
                if (Files.isDirectory(path)) Files.createDirectories(target);
                else Files.copy(path, target);
            }
        }
    }

    static FileSystem read(Bucket bucket, Path cache) throws IOException {
        return ObjectFileSystemType.open(bucket, options(cache), STILL, SMALL, true);
    }
}
