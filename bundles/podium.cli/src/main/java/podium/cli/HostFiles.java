package podium.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;

/// Copies files of the host into a pod. Symbolic links are copied as links; what is neither file,
/// folder nor link is left out.
final class HostFiles {

    private final FsContext context;
    private final MountNamespace namespace;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);

    HostFiles(FsContext context) {
        this.context = context;
        this.namespace = context.namespace();
    }

    /// @param to a folder of the pod that exists: a folder's content, or the file, goes there
    /// @throws CommandException the pod does not take a file; the message names it
    void copy(Path from, String to) throws IOException, CommandException {
        if (!Files.isDirectory(from)) {
            copyFile(from, to + "/" + from.getFileName());
            return;
        }
        var root = from.toRealPath();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        if (!folder.equals(root)) copyFolder(folder, target(folder));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (attributes.isSymbolicLink()) copyLink(file, target(file));
                        else if (attributes.isRegularFile()) copyFile(file, target(file));
                        return FileVisitResult.CONTINUE;
                    }

                    private String target(Path path) {
                        return to + "/" + root.relativize(path);
                    }
                });
    }

    /// Lets everybody execute a file of the pod.
    void makeExecutable(String path) throws IOException {
        attempt(
                path,
                () -> {
                    var place = namespace.resolve(context, null, path, 0);
                    int mode = place.attributes().mode() & 07777 | 0111;
                    namespace.change(context, place, AttributeChange.mode(mode));
                });
    }

    private void copyFolder(Path from, String to) throws IOException {
        attempt(to, () -> namespace.makeDirectory(context, null, to, mode(from)));
    }

    private void copyLink(Path from, String to) throws IOException {
        var target = Files.readSymbolicLink(from).toString();
        attempt(to, () -> namespace.symlink(context, target, null, to));
    }

    private void copyFile(Path from, String to) throws IOException {
        attempt(
                to,
                () -> {
                    int flags = OpenFile.O_WRONLY | OpenFile.O_CREAT | OpenFile.O_TRUNC;
                    var file = namespace.open(context, null, to, flags, mode(from));
                    try (var channel = FileChannel.open(from, StandardOpenOption.READ)) {
                        write(channel, file);
                    } finally {
                        file.release();
                    }
                    long modified = Files.getLastModifiedTime(from).to(TimeUnit.NANOSECONDS);
                    namespace.change(
                            context,
                            namespace.resolve(context, null, to, 0),
                            AttributeChange.times(modified, modified));
                });
    }

    private void write(FileChannel from, OpenFile to) throws IOException {
        while (from.read(buffer.clear()) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                int written = to.write(buffer);
                if (written < 0)
                    throw new IOException("the pod's file system: " + Errno.of(-written));
            }
        }
    }

    private static int mode(Path path) throws IOException {
        int mode = 0;
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        for (var permission : permissions) mode |= 0400 >> permission.ordinal();
        return mode;
    }

    private static void attempt(String path, Copy copy) throws IOException {
        try {
            copy.run();
        } catch (ErrnoException e) {
            throw new IOException("cannot copy to " + path + " in the pod: " + e.errno().text(), e);
        }
    }

    private interface Copy {
        void run() throws IOException;
    }
}
