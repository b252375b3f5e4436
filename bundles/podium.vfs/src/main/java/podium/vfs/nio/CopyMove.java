package podium.vfs.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Mode;
import podium.vfs.MountNamespace;

/// Copies and moves within a pod.
final class CopyMove {

    private static final int BUFFER = 1 << 18;

    private final PodFileSystem fileSystem;
    private final PodPath from;
    private final PodPath to;
    private boolean replace;
    private boolean attributes;
    private boolean atomic;
    private boolean follow = true;

    CopyMove(PodPath from, PodPath to, CopyOption... options) {
        fileSystem = from.getFileSystem();
        this.from = from;
        this.to = to;
        for (var option : options) {
            if (Objects.requireNonNull(option) == StandardCopyOption.REPLACE_EXISTING)
                replace = true;
            else if (option == StandardCopyOption.COPY_ATTRIBUTES) attributes = true;
            else if (option == StandardCopyOption.ATOMIC_MOVE) atomic = true;
            else if (option == LinkOption.NOFOLLOW_LINKS) follow = false;
            else throw new UnsupportedOperationException("option " + option);
        }
    }

    void copy() throws IOException {
        if (atomic) throw new UnsupportedOperationException("ATOMIC_MOVE of a copy");
        var source = read(from, follow);
        if (!makeRoom(source)) return;
        copy(source);
    }

    /// Clears the way to the target.
    ///
    /// @return false when it is the source itself
    private boolean makeRoom(PodAttributes source) throws IOException {
        var target = readOrNull(to);
        if (target == null) return true;
        if (target.fileKey().equals(source.fileKey())) return false;
        if (!replace) throw new FileAlreadyExistsException(to.toString());
        fileSystem.provider().delete(to);
        return true;
    }

    private void copy(PodAttributes source) throws IOException {
        if (source.isDirectory()) makeDirectory(source);
        else if (source.isSymbolicLink())
            fileSystem
                    .provider()
                    .createSymbolicLink(to, fileSystem.provider().readSymbolicLink(from));
        else if (source.isRegularFile()) copyContent(source);
        else makeNode(source);
        if (!attributes) return;
        boolean done = false;
        try {
            copyAttributes(source);
            done = true;
        } finally {
            if (!done) fileSystem.provider().delete(to);
        }
    }

    private void makeDirectory(PodAttributes source) throws IOException {
        call(
                to,
                () ->
                        fileSystem
                                .namespace()
                                .makeDirectory(
                                        fileSystem.context(),
                                        null,
                                        to.call(),
                                        source.of().mode() & Mode.PERMISSIONS));
    }

    private void makeNode(PodAttributes source) throws IOException {
        call(
                to,
                () ->
                        fileSystem
                                .namespace()
                                .makeNode(
                                        fileSystem.context(),
                                        null,
                                        to.call(),
                                        source.of().mode(),
                                        source.of().device()));
    }

    private void copyContent(PodAttributes source) throws IOException {
        var reading = Set.of(StandardOpenOption.READ);
        var writing = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        int mode = source.of().mode() & Mode.PERMISSIONS;
        var provider = fileSystem.provider();
        boolean done = false;
        try (var in = provider.open(from, reading, 0);
                var out = provider.open(to, writing, mode)) {
            var buffer = ByteBuffer.allocate(Math.clamp(source.size(), 512, BUFFER));
            while (in.read(buffer.clear()) >= 0) out.write(buffer.flip());
            done = true;
        } finally {
            if (!done && readOrNull(to) instanceof PodAttributes made && made.isRegularFile())
                provider.deleteIfExists(to);
        }
    }

    /// Owners only where that is allowed, as cp(1) does it.
    private void copyAttributes(PodAttributes source) throws IOException {
        var of = source.of();
        var view = new AttributeView(to, false, "posix");
        try {
            view.change(AttributeChange.owner(of.uid(), of.gid()));
        } catch (java.nio.file.FileSystemException e) {
            if (!Errno.EPERM.text().equals(e.getReason())) throw e;
        }
        copyUserAttributes();
        if (!of.isLink()) view.change(AttributeChange.mode(of.mode() & Mode.PERMISSIONS));
        view.change(AttributeChange.times(of.accessed(), of.modified()));
    }

    /// Those that the other mount can keep.
    private void copyUserAttributes() throws IOException {
        var there = new UserAttributeView(to, false);
        for (var attribute : new UserAttributeView(from, false).read("*").entrySet())
            try {
                there.set(attribute.getKey(), attribute.getValue());
            } catch (java.nio.file.FileSystemException e) {
                if (!Errno.EOPNOTSUPP.text().equals(e.getReason())) throw e;
            }
    }

    void move() throws IOException {
        if (atomic) {
            try {
                rename(0);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EXDEV) throw Failures.of(e.errno(), from, to);
                throw new AtomicMoveNotSupportedException(
                        from.toString(), to.toString(), e.errno().text());
            }
            return;
        }
        var source = read(from, false);
        var target = readOrNull(to);
        if (target != null && target.fileKey().equals(source.fileKey())) return;
        if (target != null && !replace) throw new FileAlreadyExistsException(to.toString());
        // A file takes a file's place at once; rename(2) does not mix files and directories.
        if (target != null && (target.isDirectory() || source.isDirectory()))
            fileSystem.provider().delete(to);
        try {
            rename(replace ? 0 : MountNamespace.RENAME_NOREPLACE);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EXDEV) throw Failures.of(e.errno(), from, to);
            moveAcross(source);
        }
    }

    private void rename(int flags) {
        fileSystem.checkOpen();
        fileSystem
                .namespace()
                .rename(fileSystem.context(), null, from.call(), null, to.call(), flags);
    }

    /// To another mount: a copy, then the removal.
    private void moveAcross(PodAttributes source) throws IOException {
        if (source.isDirectory())
            try (var entries = Files.newDirectoryStream(from)) {
                if (entries.iterator().hasNext())
                    throw new DirectoryNotEmptyException(from.toString());
            }
        follow = false;
        attributes = true;
        if (makeRoom(source)) copy(source);
        fileSystem.provider().delete(from);
    }

    private static void call(PodPath path, Failures.Action action) throws IOException {
        Failures.run(path, action);
    }

    private PodAttributes read(PodPath path, boolean followed) throws IOException {
        return new AttributeView(path, followed, "posix").readAttributes();
    }

    private @Nullable PodAttributes readOrNull(PodPath path) throws IOException {
        return PodAttributes.orNull(path, false);
    }
}
