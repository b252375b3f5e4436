package podium.vfs.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/// The folder of a bundle that its header `Podium-Image` names. A jar has no symbolic links: they
/// are listed in [#LINKS], one a line, as `usr/bin/npm -> ../lib/npm/cli.js`. Digests of files are
/// in
/// [#DIGESTS], for as many as the build thought worth it.
final class BundleSource implements ImageSource {

    static final String HEADER = "Podium-Image";
    static final String LINKS = "META-INF/podium/links";
    static final String DIGESTS = "META-INF/podium/digests";

    private final Bundle bundle;
    private final String folder;

    /// Read when first asked for.
    private volatile @Nullable Digests digests;

    private BundleSource(Bundle bundle, String folder) {
        this.bundle = bundle;
        this.folder = folder;
    }

    /// @return null when the bundle carries no image
    static @Nullable BundleSource of(Bundle bundle) {
        var folder = bundle.getHeaders("").get(HEADER);
        if (folder == null) return null;
        var trimmed = folder.strip().replaceAll("^/+|/+$", "");
        return new BundleSource(bundle, trimmed.isEmpty() ? "" : trimmed + "/");
    }

    @Override
    public void entries(Visitor visitor) throws IOException {
        long modified = bundle.getLastModified() * 1_000_000;
        var urls = bundle.findEntries("/" + folder, "*", true);
        if (urls == null)
            throw new IOException(
                    "bundle %s has no folder '%s'".formatted(bundle.getSymbolicName(), folder));
        for (URL url : Collections.list(urls)) {
            var path = relative(url.getPath()).substring(folder.length());
            if (path.isEmpty()) continue;
            if (path.endsWith("/")) visitor.directory(path.substring(0, path.length() - 1), null);
            else visitor.file(path, -1, Facts.of(-1, modified));
        }
        links(visitor, modified);
    }

    private static String relative(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private void links(Visitor visitor, long modified) throws IOException {
        try (var lines = new BufferedReader(text(LINKS))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank() || line.startsWith("#")) continue;
                int arrow = line.indexOf(" -> ");
                if (arrow < 0)
                    throw new IOException(
                            "%s in bundle %s: a line is PATH -> TARGET, not '%s'"
                                    .formatted(LINKS, bundle.getSymbolicName(), line));
                visitor.link(
                        line.substring(0, arrow),
                        line.substring(arrow + 4),
                        Facts.of(-1, modified));
            }
        }
    }

    /// Asked file by file: a framework opens an entry to tell its length.
    @Override
    public long size(String path) throws IOException {
        var connection = entry(path).openConnection();
        try (var _ = connection.getInputStream()) {
            return connection.getContentLengthLong();
        }
    }

    @Override
    public @Nullable String sha256(String path) throws IOException {
        var known = digests;
        if (known == null) {
            try (var list = text(DIGESTS)) {
                digests = known = Digests.read(list);
            }
        }
        return known.of(path);
    }

    /// An entry of the bundle as text, empty when there is none.
    private Reader text(String path) throws IOException {
        var entry = bundle.getEntry(path);
        return entry == null
                ? Reader.nullReader()
                : new InputStreamReader(entry.openStream(), StandardCharsets.UTF_8);
    }

    @Override
    public InputStream open(String path) throws IOException {
        return entry(path).openStream();
    }

    private URL entry(String path) throws IOException {
        var entry = bundle.getEntry(folder + path);
        if (entry == null) throw new IOException("no entry " + folder + path);
        return entry;
    }
}
