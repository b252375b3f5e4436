package podium.vfs.impl;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// The directory that the paths of a process led to last. Programs use many names in a directory,
/// one after another: those need not walk there again, until a directory has moved
/// ([Namespace#moves]).
///
/// For absolute paths of the superuser, who may pass all directories, through no symbolic link and
/// no mount that is not [Mount#stable]. Thread-safe.
final class LastDirectory {

    /// A path that led there by its first so many characters, and when that was.
    private static final class Walk extends WeakReference<Entry> {

        final String path;
        final int length;
        final int moves;

        /// @param directory held weakly: it is not to keep what was unmounted
        Walk(String path, int length, int moves, Entry directory) {
            super(directory);
            this.path = path;
            this.length = length;
            this.moves = moves;
        }

        boolean leads(String other, int until, int now) {
            return moves == now && length == until && other.regionMatches(0, path, 0, until);
        }
    }

    private volatile @Nullable Walk last;

    /// Of the walk before: what leads to a directory only once is not worth remembering. Not
    /// volatile, since nothing but that depends on it.
    private String before = "";

    /// @param length of what leads to the directory, with the slash behind it
    /// @param moves now
    /// @return null when it is another one, or has to be walked to again
    @Nullable Entry find(String path, int length, int moves) {
        var known = last;
        return known != null && known.leads(path, length, moves) ? known.get() : null;
    }

    /// Remembers a walk.
    ///
    /// @param moves before it began
    void walked(String path, int length, int moves, Entry directory) {
        if (before.regionMatches(0, path, 0, length))
            last = new Walk(path, length, moves, directory);
        before = path;
    }
}
