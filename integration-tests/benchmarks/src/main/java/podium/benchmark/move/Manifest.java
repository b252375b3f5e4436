package podium.benchmark.move;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// What is in a tree, a line for each name: as the program in `src/main/js/moves` writes it of what
/// must be there, and as the host finds it.
final class Manifest {

    private static final int MODE = 07777;

    private final Path root;
    private final List<String> lines = new ArrayList<>();

    /// The first name of each file.
    private final Map<Object, String> names = new HashMap<>();

    private Manifest(Path root) {
        this.root = root;
    }

    static List<String> of(Path root) throws IOException {
        var manifest = new Manifest(root);
        manifest.visit(root);
        return manifest.lines;
    }

    private void visit(Path directory) throws IOException {
        List<Path> entries;
        try (var all = Files.list(directory)) {
            entries = all.sorted().toList();
        }
        for (var entry : entries) {
            var name = root.relativize(entry).toString();
            if (Files.isSymbolicLink(entry))
                lines.add("link %s %s".formatted(name, Files.readSymbolicLink(entry)));
            else if (Files.isDirectory(entry)) {
                lines.add("directory " + name);
                visit(entry);
            } else lines.add(file(entry, name));
        }
    }

    private String file(Path file, String name) throws IOException {
        var first = names.computeIfAbsent(Files.getAttribute(file, "unix:ino"), _ -> name);
        int mode = (Integer) Files.getAttribute(file, "unix:mode") & MODE;
        var links = Files.getAttribute(file, "unix:nlink");
        return "file %s %o %s %s %s".formatted(name, mode, links, sum(file), first);
    }

    private static String sum(Path file) throws IOException {
        try {
            var sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
