package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A file as `podium fs` shows it: its attributes of the view `unix`, links not followed.
record FsFile(Path path, Map<String, Object> attributes) {

    static FsFile of(Path path) throws IOException {
        return new FsFile(path, Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS));
    }

    private Object get(String name) {
        return Objects.requireNonNull(attributes.get(name));
    }

    int number(String name) {
        return (Integer) get(name);
    }

    long longNumber(String name) {
        return (Long) get(name);
    }

    String time(String name) {
        return ((FileTime) get(name)).toInstant().toString();
    }

    Object key() {
        return get("fileKey");
    }

    int mode() {
        return number("mode");
    }

    boolean isDirectory() {
        return (mode() & 0170000) == 0040000;
    }

    boolean isLink() {
        return (mode() & 0170000) == 0120000;
    }

    boolean isRegular() {
        return (mode() & 0170000) == 0100000;
    }

    String name() {
        var name = path.getFileName();
        return name == null ? "/" : name.toString();
    }

    String type() {
        return switch (mode() & 0170000) {
            case 0040000 -> "directory";
            case 0100000 -> "file";
            case 0120000 -> "link";
            case 0140000 -> "socket";
            case 0010000 -> "fifo";
            case 0020000 -> "character device";
            case 0060000 -> "block device";
            default -> "unknown";
        };
    }

    /// What a link leads to.
    String target() throws IOException {
        return Files.readSymbolicLink(path).toString();
    }

    /// Its line as ls(1) has it, without the name.
    List<String> row() {
        var time = ((FileTime) get("lastModifiedTime")).toInstant().truncatedTo(ChronoUnit.SECONDS);
        return List.of(
                FileRow.mode(mode()),
                number("uid") + ":" + number("gid"),
                "" + longNumber("size"),
                time.toString());
    }

    /// The entries of a directory, by name.
    static List<Path> entries(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause() == null ? new IOException(e) : e.getCause();
        }
    }
}
