package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules every bundle keeps, checked on the built jars and the source tree.
class LayoutTest {

    private static final Set<String> EXPORTERS = Set.of("podium.api", "podium.testkit");

    /// Built with the Maven profile `v8` only.
    private static final Set<String> OPTIONAL = Set.of("lib.javet", "podium.engine.v8");

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static List<Path> bundles() throws IOException {
        try (var entries = Files.list(ROOT.resolve("bundles"))) {
            var bundles =
                    entries.filter(entry -> Files.exists(entry.resolve("pom.xml")))
                            .filter(LayoutTest::isBuilt)
                            .sorted()
                            .toList();
            assertFalse(bundles.isEmpty());
            return bundles;
        }
    }

    private static boolean isBuilt(Path bundle) {
        return !OPTIONAL.contains(bundle.getFileName().toString()) || Files.exists(jar(bundle));
    }

    private static Path jar(Path bundle) {
        return bundle.resolve("target").resolve(bundle.getFileName() + "-0.1.0-SNAPSHOT.jar");
    }

    private static String header(Path bundle, String name) throws IOException {
        try (var file = new JarFile(jar(bundle).toFile())) {
            var value = file.getManifest().getMainAttributes().getValue(name);
            return value == null ? "" : value;
        }
    }

    @Test
    void onlyTheApiAndTheTestKitExportPackages() throws IOException {
        var exporters = new TreeSet<String>();
        for (var bundle : bundles())
            if (!header(bundle, "Export-Package").isEmpty())
                exporters.add(bundle.getFileName().toString());
        exporters.removeIf(name -> name.startsWith("lib.")); // others' packages
        assertEquals(new TreeSet<>(EXPORTERS), exporters);
    }

    @Test
    void theSymbolicNameIsTheFoldersName() throws IOException {
        for (var bundle : bundles())
            assertEquals(
                    bundle.getFileName().toString(),
                    header(bundle, "Bundle-SymbolicName").replaceFirst(";.*", ""));
    }

    @Test
    void everyBundleSaysWhatItIs() throws IOException {
        var silent = new ArrayList<Path>();
        for (var bundle : bundles())
            if (!Files.exists(bundle.resolve("README.md"))) silent.add(bundle);
        assertEquals(List.of(), silent);
    }

    @Test
    void everyPackageHasItsInfo() throws IOException {
        var without = new TreeSet<Path>();
        for (var bundle : bundles()) {
            var sources = bundle.resolve("src/main/java");
            if (!Files.exists(sources)) continue;
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(Path::getParent)
                        .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                        .forEach(without::add);
            }
        }
        assertEquals(Set.of(), without);
    }
}
