package podium.vfs;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An inode of a backend's tree. A backend sees one name at a time and never a path: walking, `.`
/// and `..`, symbolic links, mounts, permissions and trailing slashes are the VFS's work, done
/// before a backend is called. Names are 1 to 255 bytes, without `/` and NUL, never `.` or `..`, in
/// the encoding of [podium.syscall.LinuxString].
///
/// The same inode is given as the same object for as long as somebody holds it ([Object#equals] is
/// identity), or at least as equal objects.
///
/// Thread-safe. Every method may throw [podium.syscall.ErrnoException]: `EIO` for a fault of the
/// store below, `EROFS` for a change to a read-only file system, `ENOSPC`, `EDQUOT`; further ones
/// are named where they belong.
public sealed interface Node permits Node.Directory, Node.Regular, Node.Link, Node.Special {

    /// The current attributes.
    Attributes attributes();

    /// Changes attributes, atomically.
    void change(AttributeChange change);

    /// The names of its extended attributes (xattr(7)), each with its namespace, as `user.origin`;
    /// in no order.
    default List<String> extendedAttributes() {
        return List.of();
    }

    /// The value of an extended attribute, as bytes that are the caller's.
    ///
    /// @return null when it has none of that name
    default byte @Nullable [] extendedAttribute(String name) {
        return null;
    }

    /// Sets an extended attribute, or removes it, atomically. The VFS has checked name, size and
    /// permissions.
    ///
    /// @param name 1 to 255 bytes, beginning with `user.`, `trusted.` or `security.`
    /// @param value up to 65,536 bytes; null removes it, if it is there
    /// @throws podium.syscall.ErrnoException `EOPNOTSUPP`: the file system keeps none of that
    ///     namespace; `ENOSPC`: there is no more room for the inode's
    default void setExtendedAttribute(String name, byte @Nullable [] value) {
        throw podium.syscall.Errno.EOPNOTSUPP.exception();
    }

    /// A directory.
    non-sealed interface Directory extends Node {

        /// The inode of a name, or null when there is none.
        @Nullable Node lookup(String name);

        /// Makes a regular file.
        ///
        /// @param mode permission bits, after the umask
        /// @throws podium.syscall.ErrnoException `EEXIST`; `ENOENT` when this directory is removed
        Regular create(String name, int mode, int uid, int gid);

        /// Makes a directory.
        ///
        /// @throws podium.syscall.ErrnoException `EEXIST`, `EMLINK`; `ENOENT` when this directory
        ///     is removed
        Directory createDirectory(String name, int mode, int uid, int gid);

        /// Makes a symbolic link.
        ///
        /// @param target any text of 1 to 4095 bytes
        /// @throws podium.syscall.ErrnoException `EEXIST`; `EPERM` when the file system has none;
        ///     `ENOENT` when this directory is removed
        Link createLink(String name, String target, int uid, int gid);

        /// Makes a FIFO, socket or device.
        ///
        /// @param mode type and permission bits
        /// @param device as [Attributes#device()]
        /// @throws podium.syscall.ErrnoException `EEXIST`; `EPERM` when the file system has none;
        ///     `ENOENT` when this directory is removed
        Special createSpecial(String name, int mode, long device, int uid, int gid);

        /// Makes a file without a name (O_TMPFILE), gone when forgotten unless [#link] names it.
        ///
        /// @throws podium.syscall.ErrnoException `EOPNOTSUPP`
        default Regular createUnnamed(int mode, int uid, int gid) {
            throw podium.syscall.Errno.EOPNOTSUPP.exception();
        }

        /// Gives an inode of this file system a further name.
        ///
        /// @throws podium.syscall.ErrnoException `EEXIST`, `EMLINK`; `EPERM` for a directory, or
        ///     when the file system has no hard links; `ENOENT` when this directory is removed or
        ///     the inode's last name is gone
        void link(String name, Node existing);

        /// Removes a name that is not a directory's. The inode lives on while it is open.
        ///
        /// @throws podium.syscall.ErrnoException `ENOENT`, `EISDIR`
        void unlink(String name);

        /// Removes an empty directory.
        ///
        /// @throws podium.syscall.ErrnoException `ENOENT`, `ENOTDIR`, `ENOTEMPTY`
        void removeDirectory(String name);

        /// Moves a name, atomically, replacing what the new name had as rename(2) says. The VFS has
        /// checked that no directory moves below itself.
        ///
        /// @param to a directory of the same file system
        /// @param exchange swaps the two names instead (RENAME_EXCHANGE)
        /// @throws podium.syscall.ErrnoException `ENOENT`, `ENOTDIR`, `EISDIR`, `ENOTEMPTY`;
        ///     `EEXIST` as well as `ENOTEMPTY` for a non-empty target; `EINVAL` when it cannot
        ///     exchange
        void rename(String name, Directory to, String newName, boolean exchange);

        /// Entries in a stable order. An entry that is there from the first call to the last is
        /// seen exactly once, whatever is added and removed meanwhile.
        ///
        /// @param cookie 0 for the start, else the cookie of the last entry seen
        /// @param limit the most entries to return, at least 1
        /// @return empty at the end; without `.` and `..`
        List<Entry> entries(long cookie, int limit);
    }

    /// A directory's entry.
    ///
    /// @param type of [Mode]
    /// @param cookie positive, where reading continues after this entry
    record Entry(String name, long inode, int type, long cookie) {}

    /// A regular file. Reads and writes are atomic with respect to each other.
    non-sealed interface Regular extends Node {

        /// Reads at a position, into what remains of the buffer.
        ///
        /// @param position not negative
        /// @return bytes read; 0 at or behind the end. Fewer than remain only at the end
        int read(ByteBuffer into, long position);

        /// Writes at a position what remains in the buffer; a gap before it reads as zeros.
        ///
        /// @param position not negative
        /// @return bytes written, at least 1 unless nothing remained
        /// @throws podium.syscall.ErrnoException `EFBIG`
        int write(ByteBuffer from, long position);

        /// Writes at the end, atomically.
        ///
        /// @return the position behind what was written
        long append(ByteBuffer from);

        /// Sets the size; a longer file gets zeros, sparse where the store can.
        ///
        /// @param size not negative
        /// @throws podium.syscall.ErrnoException `EFBIG`
        void truncate(long size);

        /// Reserves or releases space (fallocate(2)).
        ///
        /// @throws podium.syscall.ErrnoException `EOPNOTSUPP`
        default void allocate(int mode, long offset, long length) {
            throw podium.syscall.Errno.EOPNOTSUPP.exception();
        }

        /// The next data or hole from a position on (SEEK_DATA, SEEK_HOLE).
        ///
        /// @throws podium.syscall.ErrnoException `ENXIO` at or behind the end
        default long seek(long position, boolean data) {
            long size = attributes().size();
            if (position >= size) throw podium.syscall.Errno.ENXIO.exception();
            return data ? position : size;
        }

        /// What the content is, told without reading it, as FS_IOC_MEASURE_VERITY does (fs-verity
        /// of
        /// the Linux kernel's documentation): whoever made the content known to the file system
        /// told
        /// its digest, too. From a change of the content on, by whatever way, it is the new
        /// content's
        /// or null. Who reads the content later compares: it may have changed in between.
        ///
        /// @return the lower-case hexadecimal SHA-256, or null when it is not known
        default @Nullable String sha256() {
            return null;
        }

        /// Makes what was written durable, as far as the store is.
        void sync(boolean dataOnly);

        /// A first open file description refers to it: the backend keeps an inode without a name
        /// until the last one is closed.
        ///
        /// @throws podium.syscall.ErrnoException `EACCES`, `ENFILE`: it cannot be opened, and is
        ///     not released
        default void opened() {}

        /// An open file description that may write refers to it from now on, besides those that
        /// [#opened] told of. A backend that has to know before the first write asks then.
        ///
        /// @throws podium.syscall.ErrnoException `EACCES`, `ETXTBSY`: it cannot be written, and the
        ///     description is closed again
        default void openedForWriting() {}

        /// The last open file description was closed.
        default void released() {}
    }

    /// A symbolic link.
    non-sealed interface Link extends Node {

        String target();

        /// What a link leads to that names no place but is one, as `/proc/PID/fd/N`: the open file
        /// there, with a use added that the caller ends. The VFS goes on where that was opened, or
        /// gives the file itself when it has no place.
        ///
        /// @return null for an ordinary link, whose target is a path
        default podium.syscall.@Nullable OpenFile jump() {
            return null;
        }
    }

    /// A FIFO, socket or device: only its name and attributes live in the file system.
    non-sealed interface Special extends Node {

        /// Opens a device that the backend itself implements, as `/dev` does.
        ///
        /// @return null when opening it is the kernel's affair (FIFOs, device numbers)
        default podium.syscall.@Nullable OpenFile open(int flags) {
            return null;
        }
    }
}
