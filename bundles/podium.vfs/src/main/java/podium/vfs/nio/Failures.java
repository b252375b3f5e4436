package podium.vfs.nio;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// Error numbers as exceptions of `java.nio.file`.
final class Failures {

    private Failures() {}

    /// Something that fails with an error number.
    @FunctionalInterface
    interface Call<T> {
        T run();
    }

    /// The same without a result.
    @FunctionalInterface
    interface Action {
        void run();
    }

    /// Makes a call about a file.
    static <T> T on(PodPath file, Call<T> call) throws IOException {
        return on(file, null, call);
    }

    static void run(PodPath file, Action action) throws IOException {
        run(file, null, action);
    }

    static void run(PodPath file, @Nullable PodPath other, Action action) throws IOException {
        var unused =
                on(
                        file,
                        other,
                        () -> {
                            action.run();
                            return true;
                        });
    }

    /// Makes a call about two files.
    static <T> T on(PodPath file, @Nullable PodPath other, Call<T> call) throws IOException {
        file.getFileSystem().checkOpen();
        try {
            return call.run();
        } catch (ErrnoException e) {
            // Closed in the middle, the mounts say all kinds of things.
            file.getFileSystem().checkOpen();
            throw of(e.errno(), file, other);
        }
    }

    static IOException of(Errno errno, PodPath file, @Nullable PodPath other) {
        var name = file.toString();
        var second = other == null ? null : other.toString();
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(name, second, null);
            case EEXIST -> new FileAlreadyExistsException(name, second, null);
            case EACCES -> new AccessDeniedException(name, second, null);
            case ENOTEMPTY -> new DirectoryNotEmptyException(name);
            case ENOTDIR -> new NotDirectoryException(name);
            case ELOOP -> new FileSystemLoopException(name);
            default -> new FileSystemException(name, second, errno.text());
        };
    }

    /// What a transfer returned.
    ///
    /// @throws IOException it is a negated error number
    static long checked(PodFileSystem of, long result) throws IOException {
        if (result >= 0) return result;
        if (!of.isOpen()) throw new ClosedFileSystemException();
        var errno = Errno.of((int) -result);
        throw new IOException(errno == null ? "error " + -result : errno.text());
    }
}
