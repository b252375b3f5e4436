package podium.vfs.object;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import podium.vfs.CheckReport;
import podium.vfs.CheckResult;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// File systems of type `object` whose source is a path: the cache is there, the tree in a bucket
/// of its own. For contracts of what is kept on the host, and their other processes.
public final class PathObjectType implements FileSystemType {

    private final FileSystemType type = new ObjectFileSystemType();

    @Override
    public String name() {
        return "object";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        return type.create(object(spec));
    }

    @Override
    public CheckResult check(MountSpec spec, boolean repair, CheckReport report)
            throws MountException {
        return type.check(object(spec), repair, report);
    }

    static MountSpec object(MountSpec spec) throws MountException {
        var cache = Path.of(spec.source());
        var bucket = "tree-" + Integer.toHexString(cache.hashCode());
        try {
            // Another process finds the server by what the first one has left.
            var port = folder(cache).resolve("port");
            if (!Files.exists(port)) {
                Server.get().bucket(bucket);
                port.getParent().toFile().deleteOnExit();
                Files.writeString(port, "" + Server.get().port).toFile().deleteOnExit();
                Server.credentials(port.getParent()).toFile().deleteOnExit();
            }
            int number = Integer.parseInt(Files.readString(port));
            var object =
                    MountSpec.of(spec.target(), "object", bucket + "/a/tree")
                            .withOption("endpoint", Server.endpoint(number).toString())
                            .withOption("credentials", Server.credentials(folder(cache)).toString())
                            .withOption("cache", cache.toString());
            for (var option : spec.options().entrySet())
                object = object.withOption(option.getKey(), option.getValue());
            if (isSmall(cache) && !spec.options().containsKey("size"))
                object = object.withOption("size", "6m");
            return spec.readOnly() ? object.asReadOnly() : object;
        } catch (IOException e) {
            throw new MountException(e.toString(), e);
        }
    }

    /// A bucket has no end; on a disk that is to be filled it gets the size of that.
    private static boolean isSmall(Path cache) throws IOException {
        return Files.getFileStore(cache.getParent()).getTotalSpace() < 16 << 20;
    }

    private static Path folder(Path cache) throws IOException {
        var name = "podium-object-" + Integer.toHexString(cache.hashCode());
        return Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), name));
    }
}
