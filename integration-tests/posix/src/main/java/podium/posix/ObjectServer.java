package podium.posix;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobProviderMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jspecify.annotations.Nullable;
import podium.cli.Trees;
import podium.vfs.MountSpec;

/// An S3-compatible server on loopback, for trees in buckets: started when somebody first needs it,
/// and one for all of them. Thread-safe.
final class ObjectServer implements AutoCloseable {

    private static final String BUCKET = "posix";
    private static final String KEY = "key";
    private static final String SECRET = "secret";

    private static @Nullable ObjectServer one;

    private final Path folder;
    private final Path credentials;
    private final BlobStoreContext context;
    private final S3Proxy server;
    private int trees;

    private ObjectServer(Path folder) throws IOException {
        this.folder = folder;
        credentials =
                Files.writeString(
                        folder.resolve("credentials"),
                        "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                                .formatted(KEY, SECRET));
        var objects = Files.createDirectory(folder.resolve("objects"));
        var properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", objects.toString());
        context =
                ContextBuilder.newBuilder(new FilesystemNio2BlobProviderMetadata())
                        .credentials("", "")
                        .overrides(properties)
                        .build(BlobStoreContext.class);
        context.getBlobStore().createContainerInLocation(null, BUCKET);
        server =
                S3Proxy.builder()
                        .blobStore(context.getBlobStore())
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
                        .v4MaxNonChunkedRequestSize(64 << 20)
                        .build();
    }

    static synchronized ObjectServer get() throws IOException {
        var known = one;
        if (known != null) return known;
        var server = new ObjectServer(Files.createTempDirectory("podium-posix-objects"));
        try {
            server.server.start();
        } catch (Exception e) {
            server.close();
            throw new IOException("no server for object stores: " + e.getMessage(), e);
        }
        return one = server;
    }

    /// Stops it, if it was started.
    static synchronized void stop() throws IOException {
        var known = one;
        one = null;
        if (known != null) known.close();
    }

    /// A tree of its own.
    ///
    /// @param cache of the mount
    synchronized MountSpec mount(Path cache) {
        return MountSpec.of(PodMachine.MOUNT, "object", "s3://%s/%d".formatted(BUCKET, trees++))
                .withOption("endpoint", "http://127.0.0.1:" + server.getPort())
                .withOption("credentials", credentials.toString())
                .withOption("cache", cache.toString());
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("the server for object stores does not stop", e);
        } finally {
            context.close();
            Trees.remove(folder);
        }
    }
}
