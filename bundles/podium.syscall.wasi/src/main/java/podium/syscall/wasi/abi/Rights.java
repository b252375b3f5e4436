package podium.syscall.wasi.abi;

import org.jspecify.annotations.Nullable;
import podium.syscall.Grant;
import podium.syscall.OpenFile;
import podium.syscall.Task;

/// What a descriptor allows, a bit each (`rights`). A descriptor without a
/// [podium.syscall.Grant] allows what its file does.
public final class Rights {

    public static final long FD_DATASYNC = 1L;
    public static final long FD_READ = 1L << 1;
    public static final long FD_SEEK = 1L << 2;
    public static final long FD_FDSTAT_SET_FLAGS = 1L << 3;
    public static final long FD_SYNC = 1L << 4;
    public static final long FD_TELL = 1L << 5;
    public static final long FD_WRITE = 1L << 6;
    public static final long FD_ADVISE = 1L << 7;
    public static final long FD_ALLOCATE = 1L << 8;
    public static final long PATH_CREATE_DIRECTORY = 1L << 9;
    public static final long PATH_CREATE_FILE = 1L << 10;
    public static final long PATH_LINK_SOURCE = 1L << 11;
    public static final long PATH_LINK_TARGET = 1L << 12;
    public static final long PATH_OPEN = 1L << 13;
    public static final long FD_READDIR = 1L << 14;
    public static final long PATH_READLINK = 1L << 15;
    public static final long PATH_RENAME_SOURCE = 1L << 16;
    public static final long PATH_RENAME_TARGET = 1L << 17;
    public static final long PATH_FILESTAT_GET = 1L << 18;
    public static final long PATH_FILESTAT_SET_SIZE = 1L << 19;
    public static final long PATH_FILESTAT_SET_TIMES = 1L << 20;
    public static final long FD_FILESTAT_GET = 1L << 21;
    public static final long FD_FILESTAT_SET_SIZE = 1L << 22;
    public static final long FD_FILESTAT_SET_TIMES = 1L << 23;
    public static final long PATH_SYMLINK = 1L << 24;
    public static final long PATH_REMOVE_DIRECTORY = 1L << 25;
    public static final long PATH_UNLINK_FILE = 1L << 26;
    public static final long POLL_FD_READWRITE = 1L << 27;
    public static final long SOCK_SHUTDOWN = 1L << 28;
    public static final long SOCK_ACCEPT = 1L << 29;

    public static final long ALL = (1L << 30) - 1;

    /// What makes sense for a stream: a pipe, a socket, a terminal.
    private static final long STREAM =
            FD_READ
                    | FD_WRITE
                    | FD_FDSTAT_SET_FLAGS
                    | FD_FILESTAT_GET
                    | POLL_FD_READWRITE
                    | SOCK_SHUTDOWN
                    | SOCK_ACCEPT;

    private static final long REGULAR =
            STREAM & ~(SOCK_SHUTDOWN | SOCK_ACCEPT)
                    | FD_DATASYNC
                    | FD_SYNC
                    | FD_SEEK
                    | FD_TELL
                    | FD_ADVISE
                    | FD_ALLOCATE
                    | FD_FILESTAT_SET_SIZE
                    | FD_FILESTAT_SET_TIMES;

    public static final long DIRECTORY =
            FD_FDSTAT_SET_FLAGS
                    | FD_DATASYNC
                    | FD_SYNC
                    | FD_ADVISE
                    | PATH_CREATE_DIRECTORY
                    | PATH_CREATE_FILE
                    | PATH_LINK_SOURCE
                    | PATH_LINK_TARGET
                    | PATH_OPEN
                    | FD_READDIR
                    | PATH_READLINK
                    | PATH_RENAME_SOURCE
                    | PATH_RENAME_TARGET
                    | PATH_FILESTAT_GET
                    | PATH_FILESTAT_SET_SIZE
                    | PATH_FILESTAT_SET_TIMES
                    | FD_FILESTAT_GET
                    | FD_FILESTAT_SET_TIMES
                    | PATH_SYMLINK
                    | PATH_REMOVE_DIRECTORY
                    | PATH_UNLINK_FILE
                    | POLL_FD_READWRITE;

    private static final long WRITING = FD_WRITE | FD_DATASYNC | FD_ALLOCATE | FD_FILESTAT_SET_SIZE;

    private Rights() {}

    /// Whether a descriptor lacks any of some rights.
    ///
    /// @param file what was found at it
    /// @throws podium.syscall.ErrnoException `EBADF` when that is not there any longer
    public static boolean lacks(Task task, int fd, OpenFile file, long rights) {
        var grant = task.files().grant(fd, file);
        return grant != null && (grant.rights() & rights) != rights;
    }

    /// What a connection's descriptor allows: no more than its listener's passes on.
    public static @Nullable Grant ofConnection(@Nullable Grant listener) {
        if (listener == null) return null;
        long inheriting = listener.inheriting();
        return new Grant(STREAM & inheriting, inheriting, null);
    }

    /// What makes sense for a file of a type.
    public static long of(FileType type) {
        return switch (type) {
            case DIRECTORY -> DIRECTORY;
            case REGULAR_FILE, BLOCK_DEVICE -> REGULAR;
            default -> STREAM;
        };
    }

    /// What an open file allows by itself.
    public static long of(OpenFile file, FileType type) {
        long rights = of(type);
        if (type == FileType.DIRECTORY) return rights;
        if (!file.readable()) rights &= ~FD_READ;
        if (!file.writable()) rights &= ~WRITING;
        return rights;
    }

    /// The access mode that a file is opened with for the sake of some rights.
    public static int accessMode(long rights) {
        boolean read = (rights & (FD_READ | FD_READDIR)) != 0;
        boolean write = (rights & WRITING & ~FD_DATASYNC) != 0;
        if (write) return read ? OpenFile.O_RDWR : OpenFile.O_WRONLY;
        return OpenFile.O_RDONLY;
    }
}
