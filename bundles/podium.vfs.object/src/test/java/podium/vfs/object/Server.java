package podium.vfs.object;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobProviderMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// An S3-compatible server on loopback, which checks signatures and keeps its objects in a
/// directory: one for all tests of a JVM.
final class Server {

    static final String KEY = "test-key-id";
    static final String SECRET = "test-secret-that-nobody-may-see";

    private static final class Holder {
        static final Server ONE = start();
    }

    final int port;
    private final S3Client client;

    private Server(int port) {
        this.port = port;
        client =
                S3Client.builder()
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .endpointOverride(endpoint(port))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(KEY, SECRET)))
                        .build();
    }

    static Server get() {
        return Holder.ONE;
    }

    static URI endpoint(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// As a process: what it opens and closes, and when, is none of a test's.
    private static Server start() {
        try {
            var process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    ServerProcess.class.getName())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            var out =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
            for (var line = out.readLine(); line != null; line = out.readLine())
                if (line.startsWith("port "))
                    return new Server(Integer.parseInt(line.substring(5)));
            throw new IOException("it says no port");
        } catch (IOException e) {
            throw new IllegalStateException("no server for tests", e);
        }
    }

    /// Serves, in this process.
    static Server here() {
        try {
            var directory = Files.createTempDirectory("podium-object-test");
            var properties = new Properties();
            properties.setProperty("jclouds.filesystem.basedir", directory.toString());
            var context =
                    ContextBuilder.newBuilder(new FilesystemNio2BlobProviderMetadata())
                            .credentials("", "")
                            .overrides(properties)
                            .build(BlobStoreContext.class);
            var proxy =
                    S3Proxy.builder()
                            .blobStore(new WholeBlobs(context.getBlobStore()))
                            .endpoint(endpoint(0))
                            .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
                            .v4MaxNonChunkedRequestSize(64 << 20)
                            .build();
            proxy.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
            return new Server(proxy.getPort());
        } catch (Exception e) {
            throw new IllegalStateException("no server for tests", e);
        }
    }

    private static void remove(Path directory) {
        try {
            Mounts.remove(directory);
        } catch (IOException e) {
            System.err.println("left behind: " + directory + ": " + e);
        }
    }

    /// Makes a bucket if it is not there.
    void bucket(String name) {
        boolean there =
                client.listBuckets().buckets().stream().anyMatch(b -> b.name().equals(name));
        if (!there) client.createBucket(to -> to.bucket(name));
    }

    S3Client client() {
        return client;
    }

    /// Writes a file as Amazon's tools want it.
    static Path credentials(Path directory) throws IOException {
        return Files.writeString(
                directory.resolve("credentials"),
                "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                        .formatted(KEY, SECRET));
    }
}
