package podium.vfs.nio;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import podium.syscall.LinuxString;

/// URIs of paths: `podium://POD/path`, bytes percent-encoded (RFC 3986).
final class PodUri {

    static final String SCHEME = "podium";

    private static final String PLAIN =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";

    private PodUri() {}

    static URI of(PodPath path) {
        var text = new StringBuilder(SCHEME).append("://").append(path.getFileSystem().name());
        for (byte b : LinuxString.encode(path.toAbsolutePath().toString()))
            if (PLAIN.indexOf(b) >= 0) text.append((char) b);
            else text.append("%%%02X".formatted(b & 0xff));
        return URI.create(text.toString());
    }

    /// @throws IllegalArgumentException it is no URI of this file system
    static PodPath path(PodFileSystem fileSystem, URI uri) {
        if (!SCHEME.equalsIgnoreCase(uri.getScheme())
                || !fileSystem.name().equals(uri.getAuthority())
                || uri.getRawPath() == null
                || !uri.getRawPath().startsWith("/")
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null)
            throw new IllegalArgumentException(
                    "'" + uri + "' is not of the form podium://" + fileSystem.name() + "/...");
        var raw = uri.getRawPath();
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else bytes.writeBytes(LinuxString.encode(String.valueOf(c)));
        }
        return PodPath.of(fileSystem, LinuxString.decode(bytes.toByteArray()));
    }
}
