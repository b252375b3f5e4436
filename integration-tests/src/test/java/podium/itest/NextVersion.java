package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/// Makes updates of bundles.
final class NextVersion {

    private NextVersion() {}

    /// Writes a jar once more with another version, and some of its entries changed.
    ///
    /// @param changed files by the names of the entries they replace
    /// @return the target
    static Path of(Path jar, Path target, String version, Map<String, Path> changed)
            throws IOException {
        try (var from = new JarFile(jar.toFile())) {
            var manifest = from.getManifest();
            manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
            try (var to = new JarOutputStream(Files.newOutputStream(target), manifest)) {
                for (var entry :
                        (Iterable<ZipEntry>) from.stream().map(ZipEntry.class::cast)::iterator) {
                    var name = entry.getName();
                    if (entry.isDirectory() || name.equals(JarFile.MANIFEST_NAME)) continue;
                    to.putNextEntry(new ZipEntry(name));
                    if (changed.containsKey(name)) Files.copy(changed.get(name), to);
                    else from.getInputStream(entry).transferTo(to);
                }
            }
        }
        return target;
    }
}
