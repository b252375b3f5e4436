package podium.archive;

import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import podium.vfs.backend.ExtendedAttributes;

/// An entry of an archive.
///
/// @param name relative, without a slash at the end
/// @param mode permission bits
/// @param modified null when the archive does not tell
/// @param uid, gid -1 when the archive does not tell
/// @param link what a link leads to: a symbolic link's text, or the name of another entry
/// @param size of the content, 0 for all but files
/// @param extended attributes of users, of files and directories
record Item(
        String name,
        Kind kind,
        int mode,
        int uid,
        int gid,
        @Nullable FileTime modified,
        String link,
        long size,
        ExtendedAttributes extended) {

    /// What an entry is.
    enum Kind {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        HARD_LINK,

        /// Neither: a socket, pipe or device.
        OTHER
    }

    /// A name or text of an archive in a message: one line, whatever is in it.
    static String shown(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
