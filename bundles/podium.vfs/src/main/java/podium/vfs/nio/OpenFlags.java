package podium.vfs.nio;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import podium.syscall.OpenFile;

/// What [java.nio.file.StandardOpenOption]s mean for open(2).
///
/// @param flags of [OpenFile]
/// @param delete whether the name is removed as soon as the file is open
record OpenFlags(int flags, boolean delete) {

    /// @throws IllegalArgumentException the options contradict each other
    /// @throws UnsupportedOperationException an option is unknown
    static OpenFlags of(Set<? extends OpenOption> options) {
        for (var option : options)
            if (!(Objects.requireNonNull(option) instanceof StandardOpenOption)
                    && option != LinkOption.NOFOLLOW_LINKS)
                throw new UnsupportedOperationException("option " + option);
        boolean append = options.contains(StandardOpenOption.APPEND);
        boolean write = append || options.contains(StandardOpenOption.WRITE);
        boolean read = options.contains(StandardOpenOption.READ) || !write;
        boolean truncate = options.contains(StandardOpenOption.TRUNCATE_EXISTING);
        boolean delete = options.contains(StandardOpenOption.DELETE_ON_CLOSE);
        if (read && append) throw new IllegalArgumentException("READ + APPEND not allowed");
        if (append && truncate)
            throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
        int flags = write ? read ? OpenFile.O_RDWR : OpenFile.O_WRONLY : OpenFile.O_RDONLY;
        if (append) flags |= OpenFile.O_APPEND;
        if (write) flags |= creation(options, truncate);
        // Who deletes what he opened means the name, not what it leads to.
        if (delete || options.contains(LinkOption.NOFOLLOW_LINKS)) flags |= OpenFile.O_NOFOLLOW;
        if (options.contains(StandardOpenOption.SYNC)) flags |= OpenFile.O_SYNC;
        else if (options.contains(StandardOpenOption.DSYNC)) flags |= OpenFile.O_DSYNC;
        return new OpenFlags(flags, delete);
    }

    private static int creation(Set<? extends OpenOption> options, boolean truncate) {
        if (options.contains(StandardOpenOption.CREATE_NEW))
            return OpenFile.O_CREAT | OpenFile.O_EXCL;
        int flags = truncate ? OpenFile.O_TRUNC : 0;
        return options.contains(StandardOpenOption.CREATE) ? flags | OpenFile.O_CREAT : flags;
    }

    /// Whether symbolic links at the end of a path are followed.
    static boolean follows(LinkOption... options) {
        boolean follows = true;
        for (var option : options)
            if (Objects.requireNonNull(option) == LinkOption.NOFOLLOW_LINKS) follows = false;
        return follows;
    }
}
