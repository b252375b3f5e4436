package podium.vfs.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import podium.syscall.LinuxString;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;

/// Directories of the host for tests, and what is in them.
final class HostDirectories {

    private HostDirectories() {}

    static MountSpec spec(Path directory) {
        return MountSpec.of("/", "host", LinuxString.decode(directory.toString().getBytes()));
    }

    static FileSystem mount(Path directory) throws MountException {
        return new HostFileSystemType().create(spec(directory));
    }

    /// Paths, kinds, sizes, permissions and contents of a tree, one a line.
    static List<String> shape(Path top) throws IOException {
        try (var all = Files.walk(top)) {
            return all.sorted().map(path -> line(top, path)).toList();
        }
    }

    private static String line(Path top, Path path) {
        try {
            var name = top.relativize(path).toString();
            if (Files.isSymbolicLink(path)) return name + " -> " + Files.readSymbolicLink(path);
            var mode = Files.getAttribute(path, "unix:mode");
            if (Files.isDirectory(path)) return name + "/ " + mode;
            return name
                    + " "
                    + mode
                    + " "
                    + Files.getAttribute(path, "unix:nlink")
                    + " "
                    + Files.getLastModifiedTime(path)
                    + " "
                    + Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All names, read some at a time.
    static List<String> names(Node.Directory directory, int limit) {
        var names = new ArrayList<String>();
        for (var some = directory.entries(0, limit);
                !some.isEmpty();
                some = directory.entries(some.getLast().cookie(), limit))
            for (var entry : some) names.add(entry.name());
        return names;
    }

    static void remove(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /// How this process has a file open: O_ACCMODE of each descriptor.
    static List<Integer> accessModes(Path file) throws IOException {
        var modes = new ArrayList<Integer>();
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            for (var link : all.toList()) {
                if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) continue;
                if (!Files.readSymbolicLink(link).equals(file)) continue;
                var info = Files.readString(Path.of("/proc/self/fdinfo", link.getFileName() + ""));
                modes.add(Integer.parseInt(info.lines().toList().get(1).split("\\s+")[1], 8) & 3);
            }
        }
        return modes;
    }

    /// How many descriptors this process has.
    static long descriptors() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
