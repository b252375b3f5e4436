package podium.vfs.nio;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.MountNamespace;

/// What [java.nio.file.Files] calls for paths of one file system.
final class PodFileSystemProvider extends FileSystemProvider {

    private static final int FILE_MODE = 0666;
    private static final int DIRECTORY_MODE = 0777;

    private final PodFileSystem fileSystem;

    PodFileSystemProvider(PodFileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    /// @throws ProviderMismatchException it is of another file system
    private PodPath own(Path path) {
        if (Objects.requireNonNull(path) instanceof PodPath own
                && own.getFileSystem() == fileSystem) return own;
        throw new ProviderMismatchException();
    }

    private MountNamespace namespace() {
        return fileSystem.namespace();
    }

    @Override
    public String getScheme() {
        return PodUri.SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> options) {
        var unused = PodUri.path(fileSystem, uri);
        throw new FileSystemAlreadyExistsException(uri.toString());
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        var unused = PodUri.path(fileSystem, uri);
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        return PodUri.path(fileSystem, uri);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        int mode = AttributeNames.creationMode(FILE_MODE, attributes);
        return open(own(path), options, mode);
    }

    /// @param mode of a new file, before the umask
    FileChannel open(PodPath path, Set<? extends OpenOption> options, int mode) throws IOException {
        var open = OpenFlags.of(options);
        var file = open(path, open.flags(), mode);
        boolean done = false;
        try {
            // At once, as the JDK does it: nothing is left over, whatever happens.
            if (open.delete()) unlink(path);
            done = true;
        } finally {
            if (!done) file.release();
        }
        return fileSystem.closing(new PodChannel(fileSystem, file));
    }

    private OpenFile open(PodPath path, int flags, int mode) throws IOException {
        fileSystem.checkOpen();
        try {
            return namespace().open(fileSystem.context(), null, path.call(), flags, mode);
        } catch (ErrnoException e) {
            fileSystem.checkOpen();
            throw Failures.of(e.errno(), path, null);
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
            Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
        var directory = own(path);
        Objects.requireNonNull(filter);
        var file = open(directory, OpenFile.O_RDONLY | OpenFile.O_DIRECTORY, 0);
        return fileSystem.closing(new PodDirectoryStream(directory, file, filter));
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        var directory = own(path);
        int mode = AttributeNames.creationMode(DIRECTORY_MODE, attributes);
        Failures.run(
                directory,
                () ->
                        namespace()
                                .makeDirectory(fileSystem.context(), null, directory.call(), mode));
    }

    @Override
    public void createSymbolicLink(Path path, Path target, FileAttribute<?>... attributes)
            throws IOException {
        var link = own(path);
        var text = own(target).toString();
        if (attributes.length > 0)
            throw new UnsupportedOperationException("attributes of a symbolic link");
        Failures.run(
                link, () -> namespace().symlink(fileSystem.context(), text, null, link.call()));
    }

    @Override
    public void createLink(Path path, Path existing) throws IOException {
        var link = own(path);
        var file = own(existing);
        Failures.run(
                link,
                file,
                () ->
                        namespace()
                                .link(
                                        fileSystem.context(),
                                        null,
                                        file.call(),
                                        null,
                                        link.call(),
                                        0));
    }

    @Override
    public Path readSymbolicLink(Path path) throws IOException {
        var link = own(path);
        fileSystem.checkOpen();
        try {
            var target = namespace().readLink(fileSystem.context(), null, link.call());
            return PodPath.of(fileSystem, target);
        } catch (ErrnoException e) {
            fileSystem.checkOpen();
            if (e.errno() == Errno.EINVAL) throw new NotLinkException(link.toString());
            throw Failures.of(e.errno(), link, null);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        var file = own(path);
        fileSystem.checkOpen();
        try {
            remove(file);
        } catch (ErrnoException e) {
            fileSystem.checkOpen();
            // What is not there is not there, whatever else forbids to remove it.
            if (e.errno() == Errno.EROFS) {
                var unused = PodAttributes.of(file, false);
            }
            throw Failures.of(e.errno(), file, null);
        }
    }

    /// As remove(3): most of what is removed is no directory.
    private void remove(PodPath path) {
        try {
            namespace().unlink(fileSystem.context(), null, path.call(), 0);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EISDIR) throw e;
            namespace()
                    .unlink(fileSystem.context(), null, path.call(), MountNamespace.AT_REMOVEDIR);
        }
    }

    private void unlink(PodPath path) throws IOException {
        Failures.run(path, () -> namespace().unlink(fileSystem.context(), null, path.call(), 0));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        new CopyMove(own(source), own(target), options).copy();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        new CopyMove(own(source), own(target), options).move();
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        var one = own(path);
        fileSystem.checkOpen();
        if (one.equals(other)) return true;
        if (!(other instanceof PodPath two) || two.getFileSystem() != fileSystem) return false;
        return key(one).equals(key(two));
    }

    private static Object key(PodPath path) throws IOException {
        return PodAttributes.of(path, true).fileKey();
    }

    @Override
    public boolean isHidden(Path path) {
        var name = own(path).getFileName();
        return name != null && name.toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return PodFileStore.of(own(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        var file = own(path);
        int mode = 0;
        for (var one : modes)
            mode |=
                    switch (one) {
                        case READ -> 4;
                        case WRITE -> 2;
                        case EXECUTE -> 1;
                    };
        int wanted = mode;
        var context = fileSystem.context();
        try {
            Failures.run(
                    file,
                    () ->
                            namespace()
                                    .access(context, fileSystem.resolve(file, true), wanted, true));
        } catch (NotDirectoryException e) {
            // As an AttributeView says it.
            throw new NoSuchFileException(file.toString(), null, e.getReason());
        }
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        if (type == UserDefinedFileAttributeView.class)
            return type.cast(new UserAttributeView(own(path), OpenFlags.follows(options)));
        var name =
                type == BasicFileAttributeView.class
                        ? "basic"
                        : type == PosixFileAttributeView.class
                                ? "posix"
                                : type == FileOwnerAttributeView.class ? "owner" : null;
        if (name == null) return null;
        return type.cast(new AttributeView(own(path), OpenFlags.follows(options), name));
    }

    @Override
    public boolean exists(Path path, LinkOption... options) {
        var file = own(path);
        fileSystem.checkOpen();
        try {
            var unused = fileSystem.resolve(file, OpenFlags.follows(options));
            return true;
        } catch (ErrnoException _) {
            return false;
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
            Path path, Class<A> type, LinkOption... options) throws IOException {
        checkType(type);
        var file = own(path);
        var found = PodAttributes.orNull(file, OpenFlags.follows(options));
        if (found == null) throw new NoSuchFileException(file.toString());
        return type.cast(found);
    }

    @Override
    public <A extends BasicFileAttributes> @Nullable A readAttributesIfExists(
            Path path, Class<A> type, LinkOption... options) throws IOException {
        checkType(type);
        return type.cast(PodAttributes.orNull(own(path), OpenFlags.follows(options)));
    }

    private static void checkType(Class<? extends BasicFileAttributes> type) {
        if (type != BasicFileAttributes.class && type != PosixFileAttributes.class)
            throw new UnsupportedOperationException("attributes " + type.getName());
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
            throws IOException {
        if (names.startsWith(UserAttributeView.PREFIX))
            return new UserAttributeView(own(path), OpenFlags.follows(options))
                    .read(names.substring(UserAttributeView.PREFIX.length()));
        AttributeNames.check(names);
        var view = new AttributeView(own(path), OpenFlags.follows(options), "posix");
        return AttributeNames.read(view.readAttributes(), names);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
            throws IOException {
        var file = own(path);
        boolean follow = OpenFlags.follows(options);
        if (attribute.startsWith(UserAttributeView.PREFIX))
            new UserAttributeView(file, follow)
                    .set(attribute.substring(UserAttributeView.PREFIX.length()), value);
        else new AttributeView(file, follow, "posix").set(attribute, value);
    }
}
