package podium.cli;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// A command that failed, with one line for people.
final class CommandException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    CommandException(String message) {
        this(message, 1);
    }

    /// @param status the exit code
    CommandException(String message, int status) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }

    /// One line about any failure.
    static String message(Throwable e) {
        if (e instanceof FileSystemException file && file.getFile() != null)
            return "'" + file.getFile() + "': " + reason(e);
        return reason(e);
    }

    /// The same without the file it is about, which the JDK gives instead of a reason.
    static String reason(Throwable e) {
        if (e instanceof CharacterCodingException) return "it is not UTF-8";
        var message = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        if (message != null) return message;
        return switch (e) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            case NotDirectoryException _ -> "Not a directory";
            case DirectoryNotEmptyException _ -> "Directory not empty";
            case FileAlreadyExistsException _ -> "File exists";
            case FileSystemLoopException _ -> "Too many levels of symbolic links";
            case ClosedFileSystemException _ -> "the pod has ended";
            default -> e.getClass().getSimpleName();
        };
    }
}
