package podium.vfs.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.Node;

/// Copies a host directory into a new file system: regular files, directories and symbolic links,
/// with permissions and times. Links are copied as they are and never followed; what is neither,
/// such as a socket, is left out. Everything then belongs to the pod's superuser.
final class HostSeed extends SimpleFileVisitor<Path> {

    private final Path top;
    private final Deque<Node.Directory> open = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    private HostSeed(Path top, Node.Directory root) {
        this.top = top;
        open.push(root);
    }

    static void copy(Path top, FileSystem fs) throws MountException {
        if (!Files.isDirectory(top)) throw new MountException("no directory to copy: " + top);
        try {
            Files.walkFileTree(top, new HostSeed(top, fs.root()));
        } catch (IOException e) {
            throw new MountException("cannot copy %s: %s".formatted(top, e.getMessage()), e);
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
            throws IOException {
        if (path.equals(top)) return FileVisitResult.CONTINUE;
        try {
            var name = path.getFileName().toString();
            var there = parent().lookup(name);
            open.push(
                    there instanceof Node.Directory directory
                            ? directory
                            : parent().createDirectory(name, mode(path, 0755), 0, 0));
            return FileVisitResult.CONTINUE;
        } catch (ErrnoException e) {
            throw refused(path, e);
        }
    }

    @Override
    public FileVisitResult postVisitDirectory(
            Path path, @org.jspecify.annotations.Nullable IOException error) throws IOException {
        if (error != null) throw error;
        if (!path.equals(top)) open.pop().change(modified(Files.getLastModifiedTime(path)));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
        var name = path.getFileName().toString();
        try {
            if (parent().lookup(name) != null) parent().unlink(name);
            if (attributes.isSymbolicLink())
                parent().createLink(name, Files.readSymbolicLink(path).toString(), 0, 0);
            else if (attributes.isRegularFile())
                content(path, parent().create(name, mode(path, 0644), 0, 0))
                        .change(modified(attributes.lastModifiedTime()));
            return FileVisitResult.CONTINUE;
        } catch (ErrnoException e) {
            throw refused(path, e);
        }
    }

    private Node.Directory parent() {
        return open.element();
    }

    private Node.Regular content(Path path, Node.Regular file) throws IOException {
        // Not followed: it may have become a link since it was looked at.
        try (var channel =
                FileChannel.open(
                        path,
                        java.util.Set.of(
                                StandardOpenOption.READ,
                                java.nio.file.LinkOption.NOFOLLOW_LINKS))) {
            while (channel.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) file.append(buffer);
            }
        }
        return file;
    }

    private static IOException refused(Path path, ErrnoException e) {
        return new IOException(path + ": " + e.errno().text(), e);
    }

    private static AttributeChange modified(FileTime time) {
        long nanoseconds = time.to(TimeUnit.NANOSECONDS);
        return AttributeChange.times(nanoseconds, nanoseconds);
    }

    /// @param standard where the host has no permissions
    private static int mode(Path path, int standard) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) return standard;
        int mode = 0;
        for (var permission :
                Files.getPosixFilePermissions(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
            mode |= 0400 >> permission.ordinal();
        assert PosixFilePermission.OWNER_READ.ordinal() == 0;
        return mode;
    }
}
