package podium.vfs.object;

import java.io.IOException;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Component;
import podium.vfs.CheckReport;
import podium.vfs.CheckResult;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.store.Limits;
import podium.vfs.store.StoreFileSystem;

/// Makes file systems of type `object`: the mount's source is a bucket of an object store, and
/// perhaps a prefix of keys in it.
@Component(service = FileSystemType.class)
public final class ObjectFileSystemType implements FileSystemType {

    /// Those of a store on a disk, but a file only gets longer, so that what is in the bucket stays
    /// right: no zeros ahead.
    static final Limits LIMITS = new Limits(32 << 20, 4096, 4 << 20, 8 << 20, 0, 5000);

    @Override
    public String name() {
        return "object";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        var options = ObjectOptions.of(spec);
        try {
            return open(new S3Bucket(options), options, Pace.STANDARD, LIMITS, spec.readOnly());
        } catch (IOException e) {
            throw failed("mount", options, e);
        }
    }

    private static MountException failed(String what, ObjectOptions options, IOException e) {
        var reason =
                e instanceof java.nio.file.FileSystemException file
                        ? "the cache: " + file
                        : String.valueOf(e.getMessage());
        return new MountException(
                "cannot %s the object store %s: %s".formatted(what, options.name(), reason), e);
    }

    /// @param bucket closed with the result, or when this fails
    static FileSystem open(
            Bucket bucket, ObjectOptions options, Pace pace, Limits limits, boolean readOnly)
            throws IOException {
        var disk = disk(bucket, options, pace, readOnly);
        boolean done = false;
        try {
            var fs = StoreFileSystem.open(disk, limits, options.durable(), readOnly);
            done = true;
            return fs;
        } finally {
            if (!done) disk.close();
        }
    }

    static ObjectDisk disk(Bucket bucket, ObjectOptions options, Pace pace, boolean readOnly)
            throws IOException {
        Cache cache = null;
        boolean done = false;
        try {
            cache = new Cache(options.cache());
            var opening = new Opening(bucket, cache, pace, options.local());
            var disk =
                    readOnly
                            ? opening.read(options.cacheSize())
                            : opening.write(options.cacheSize());
            done = true;
            return disk;
        } finally {
            if (!done) {
                if (cache != null) cache.close();
                bucket.close();
            }
        }
    }

    @Override
    public CheckResult check(MountSpec spec, boolean repair, CheckReport report)
            throws MountException {
        var options = ObjectOptions.of(spec);
        try {
            int problems =
                    check(() -> new S3Bucket(options), options, Pace.STANDARD, repair, report);
            return new CheckResult(problems, repair && problems > 0);
        } catch (IOException e) {
            throw failed(repair ? "repair" : "check", options, e);
        }
    }

    /// @param buckets makes one, which is closed here
    static int check(
            Supplier<Bucket> buckets,
            ObjectOptions options,
            Pace pace,
            boolean repair,
            CheckReport report)
            throws IOException {
        int problems;
        var bucket = buckets.get();
        try (var disk = disk(bucket, options, pace, true)) {
            var doctor = new Doctor(bucket, disk, report);
            problems = doctor.examine().size();
            if (problems == 0 || !repair) problems += doctor.check();
        }
        if (problems == 0 || !repair) return problems;
        var writable = buckets.get();
        try (var disk = disk(writable, options.withWholeCache(), pace, false)) {
            new Doctor(writable, disk, report).repair();
        }
        return problems;
    }
}
