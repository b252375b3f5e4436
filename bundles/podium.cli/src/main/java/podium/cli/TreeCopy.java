package podium.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/// Copies a tree from one file system to another, with modes, times and symbolic links as they are.
/// Nothing is written through a link of the target's. What is neither file, directory nor link is
/// left out.
final class TreeCopy {

    private static final LinkOption NOFOLLOW = LinkOption.NOFOLLOW_LINKS;

    private final FsSession session;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
    private long files;
    private long bytes;
    private long left;

    TreeCopy(FsSession session) {
        this.session = session;
    }

    /// @param from no link
    void copy(Path from, Path to) throws IOException, CommandException {
        if (to.getFileSystem() == from.getFileSystem()
                && to.toAbsolutePath().normalize().startsWith(from)
                && Files.isDirectory(from))
            throw new CommandException("'" + from + "' cannot be copied into itself");
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes of)
                            throws IOException {
                        makeDirectory(target(path));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes of)
                            throws IOException {
                        try {
                            add(path, of, target(path));
                        } catch (NoSuchFileException e) {
                            if (path.equals(from) || Files.exists(path, NOFOLLOW)) throw e;
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path path, IOException failure)
                            throws IOException {
                        if (failure instanceof NoSuchFileException && !path.equals(from))
                            return FileVisitResult.CONTINUE; // gone by now
                        throw failure;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path path, IOException failure)
                            throws IOException {
                        if (failure != null) throw failure;
                        setAttributes(path, target(path));
                        return FileVisitResult.CONTINUE;
                    }

                    private Path target(Path path) {
                        var below = from.relativize(path).toString();
                        return below.isEmpty() ? to : to.resolve(below);
                    }
                });
        if (left > 0) session.message("left out " + FsSubcommand.count(left, "special file"));
    }

    private static void makeDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path, NOFOLLOW)) Files.createDirectory(path);
    }

    private void add(Path from, BasicFileAttributes of, Path to) throws IOException {
        if (!session.progress(++files, bytes, 0)) session.checkCancelled();
        if (of.isSymbolicLink()) {
            Files.deleteIfExists(to);
            Files.createSymbolicLink(
                    to, to.getFileSystem().getPath(Files.readSymbolicLink(from).toString()));
        } else if (of.isRegularFile()) {
            copyContent(from, to);
            setAttributes(from, to);
        } else left++;
    }

    /// A link that is there gives way; a file keeps its place, and what has it open sees the new
    /// content.
    private void copyContent(Path from, Path to) throws IOException {
        if (Files.isSymbolicLink(to)) Files.delete(to);
        var writing =
                Set.of(
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        NOFOLLOW);
        try (var in = Files.newByteChannel(from, StandardOpenOption.READ, NOFOLLOW);
                var out = Files.newByteChannel(to, writing)) {
            // Should either have become a pipe, which can wait for ever.
            session.closing(in);
            session.closing(out);
            copy(in, out);
            session.closed(in);
            session.closed(out);
        }
    }

    private void copy(SeekableByteChannel in, SeekableByteChannel out) throws IOException {
        while (in.read(buffer.clear()) >= 0) {
            bytes += buffer.position();
            out.write(buffer.flip());
            if (!session.progress(files, bytes, 0)) session.checkCancelled();
        }
    }

    private static void setAttributes(Path from, Path to) throws IOException {
        var of =
                Files.readAttributes(
                        from, java.nio.file.attribute.PosixFileAttributes.class, NOFOLLOW);
        // Neither set-id bits nor owners: they mean something else in another system.
        Files.setAttribute(to, "posix:permissions", of.permissions(), NOFOLLOW);
        Files.getFileAttributeView(to, BasicFileAttributeView.class, NOFOLLOW)
                .setTimes(of.lastModifiedTime(), of.lastAccessTime(), null);
    }
}
