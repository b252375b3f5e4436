package podium.vfs;

import podium.syscall.Errno;

/// A directory that guests cannot change: every attempt is `EROFS`. A backend implements
/// [#attributes], [#lookup] and [#entries], and does not claim [FileSystem.Capability#WRITE].
///
/// What it shows may well change by itself, as `/proc` does.
public interface ReadOnlyDirectory extends Node.Directory {

    @Override
    default void change(AttributeChange change) {
        throw Errno.EROFS.exception();
    }

    @Override
    default Regular create(String name, int mode, int uid, int gid) {
        throw Errno.EROFS.exception();
    }

    @Override
    default Directory createDirectory(String name, int mode, int uid, int gid) {
        throw Errno.EROFS.exception();
    }

    @Override
    default Link createLink(String name, String target, int uid, int gid) {
        throw Errno.EROFS.exception();
    }

    @Override
    default Special createSpecial(String name, int mode, long device, int uid, int gid) {
        throw Errno.EROFS.exception();
    }

    @Override
    default Regular createUnnamed(int mode, int uid, int gid) {
        throw Errno.EROFS.exception();
    }

    @Override
    default void link(String name, Node existing) {
        throw Errno.EROFS.exception();
    }

    @Override
    default void unlink(String name) {
        throw Errno.EROFS.exception();
    }

    @Override
    default void removeDirectory(String name) {
        throw Errno.EROFS.exception();
    }

    @Override
    default void rename(String name, Directory to, String newName, boolean exchange) {
        throw Errno.EROFS.exception();
    }
}
