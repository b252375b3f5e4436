package podium.vfs.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// Files and directories of the host's that are Podium's own, where no guest is.
final class OwnFiles {

    private OwnFiles() {}

    /// Whether a directory is below another one, or that itself.
    static boolean isIn(Path inner, Path outer) throws IOException {
        for (var at = inner; at != null; at = at.getParent())
            if (Files.isSameFile(at, outer)) return true;
        return false;
    }

    /// Makes one for this user alone, if it is not there.
    static void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) return;
        var own = PosixFilePermissions.fromString("rwx------");
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(own));
    }

    /// Makes a file, or a directory's names, durable.
    static void force(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Makes a file have a text: all of it or, after a crash, what it had. Durable.
    static void replace(Path file, String text) throws IOException {
        var fresh = fresh(file);
        Files.writeString(fresh, text);
        force(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        force(file.resolveSibling("."));
    }

    /// Removes what a [#replace] that was cut off has left.
    static void removeFresh(Path file) throws IOException {
        Files.deleteIfExists(fresh(file));
    }

    private static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    /// Removes a directory with all that is in it, if it is there.
    static void remove(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) return;
        Files.walkFileTree(directory, new Removal());
    }

    private static final class Removal extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                throws IOException {
            if (failure != null) throw failure;
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
