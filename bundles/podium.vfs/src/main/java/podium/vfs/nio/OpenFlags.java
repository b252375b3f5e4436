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
        int asked = 0;
        boolean follow = true;
        for (var option : options)
            if (Objects.requireNonNull(option) instanceof StandardOpenOption standard)
                asked |= 1 << standard.ordinal();
            else if (option == LinkOption.NOFOLLOW_LINKS) follow = false;
            else throw new UnsupportedOperationException("option " + option);
        boolean append = has(asked, StandardOpenOption.APPEND);
        boolean write = append || has(asked, StandardOpenOption.WRITE);
        boolean read = has(asked, StandardOpenOption.READ) || !write;
        boolean delete = has(asked, StandardOpenOption.DELETE_ON_CLOSE);
        if (read && append) throw new IllegalArgumentException("READ + APPEND not allowed");
        if (append && has(asked, StandardOpenOption.TRUNCATE_EXISTING))
            throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
        int flags = write ? read ? OpenFile.O_RDWR : OpenFile.O_WRONLY : OpenFile.O_RDONLY;
        if (append) flags |= OpenFile.O_APPEND;
        if (write) flags |= creation(asked);
        // Who deletes what he opened means the name, not what it leads to.
        if (delete || !follow) flags |= OpenFile.O_NOFOLLOW;
        if (has(asked, StandardOpenOption.SYNC)) flags |= OpenFile.O_SYNC;
        else if (has(asked, StandardOpenOption.DSYNC)) flags |= OpenFile.O_DSYNC;
        return new OpenFlags(flags, delete);
    }

    private static boolean has(int asked, StandardOpenOption option) {
        return (asked & 1 << option.ordinal()) != 0;
    }

    private static int creation(int asked) {
        if (has(asked, StandardOpenOption.CREATE_NEW)) return OpenFile.O_CREAT | OpenFile.O_EXCL;
        int flags = has(asked, StandardOpenOption.TRUNCATE_EXISTING) ? OpenFile.O_TRUNC : 0;
        return has(asked, StandardOpenOption.CREATE) ? flags | OpenFile.O_CREAT : flags;
    }

    /// Whether symbolic links at the end of a path are followed.
    static boolean follows(LinkOption... options) {
        boolean follows = true;
        for (var option : options)
            if (Objects.requireNonNull(option) == LinkOption.NOFOLLOW_LINKS) follows = false;
        return follows;
    }
}
