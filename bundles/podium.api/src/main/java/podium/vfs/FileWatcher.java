package podium.vfs;

import org.jspecify.annotations.Nullable;

/// Is told what happens to an inode (inotify(7)). Called by any thread, perhaps with locks of the
/// VFS
/// held: it must return at once and call back into nothing but its own state.
@FunctionalInterface
public interface FileWatcher {

    int ACCESS = 0x001;
    int MODIFY = 0x002;
    int ATTRIB = 0x004;
    int CLOSE_WRITE = 0x008;
    int CLOSE_NOWRITE = 0x010;
    int OPEN = 0x020;
    int MOVED_FROM = 0x040;
    int MOVED_TO = 0x080;
    int CREATE = 0x100;
    int DELETE = 0x200;
    int DELETE_SELF = 0x400;
    int MOVE_SELF = 0x800;

    /// The file system was unmounted.
    int UNMOUNT = 0x2000;

    /// Events were lost. It is about nothing in particular.
    int OVERFLOW = 0x4000;

    /// The inode is gone; no further events come.
    int IGNORED = 0x8000;

    /// Added to the others when it happened to a directory.
    int IS_DIRECTORY = 0x4000_0000;

    /// Something happened.
    ///
    /// @param event one of the bits above, with or without [#IS_DIRECTORY]
    /// @param cookie the same number for the two halves of a rename, else 0
    /// @param name in a watched directory, or null when it happened to the watched inode itself
    void event(int event, int cookie, @Nullable String name);
}
