package podium.vfs.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// An OCI image layout in the making.
final class Layout {

    final Path directory;
    private final List<String> manifests = new ArrayList<>();
    String algorithm = "sha256";

    Layout(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    }

    /// Adds a file named by its digest.
    ///
    /// @return its descriptor
    String blob(String mediaType, byte[] bytes, String more) throws IOException {
        var name = digest(bytes);
        var blobs = Files.createDirectories(directory.resolve("blobs").resolve(algorithm));
        Files.write(blobs.resolve(name), bytes);
        return "{\"mediaType\":\"%s\",\"digest\":\"%s:%s\",\"size\":%d%s}"
                .formatted(mediaType, algorithm, name, bytes.length, more);
    }

    private String digest(byte[] bytes) {
        try {
            var name = algorithm.equals("sha256") ? "SHA-256" : "SHA-512";
            return HexFormat.of().formatHex(MessageDigest.getInstance(name).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    String layer(Path tar) throws IOException {
        return blob("application/vnd.oci.image.layer.v1.tar", Files.readAllBytes(tar), "");
    }

    /// @param more members of its descriptor
    String manifest(String more, String... layers) throws IOException {
        var config = blob("application/vnd.oci.image.config.v1+json", "{}".getBytes("UTF-8"), "");
        var text =
                "{\"schemaVersion\":2,\"config\":%s,\n \"layers\":[%s]}"
                        .formatted(config, String.join(",", layers));
        return blob("application/vnd.oci.image.manifest.v1+json", text.getBytes("UTF-8"), more);
    }

    String index(String more, String... entries) throws IOException {
        return blob(
                "application/vnd.oci.image.index.v1+json",
                index(List.of(entries)).getBytes("UTF-8"),
                more);
    }

    private static String index(List<String> entries) {
        return "{\"schemaVersion\":2,\"manifests\":[%s]}"
                .formatted(entries.stream().collect(Collectors.joining(",")));
    }

    /// Adds to the index.
    Layout add(String descriptor) throws IOException {
        manifests.add(descriptor);
        Files.writeString(directory.resolve("index.json"), index(manifests));
        return this;
    }

    static String named(String name) {
        return ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"%s\"}".formatted(name);
    }

    static String platform(String system, String architecture) {
        return ",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"}"
                .formatted(system, architecture);
    }
}
