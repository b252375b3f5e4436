package podium.vfs.nio;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// A file's attributes at one moment.
record PodAttributes(long device, Attributes of) implements PosixFileAttributes {

    /// What a file is, whatever it is called.
    private record Key(long device, long inode) {

        @Override
        public String toString() {
            return "(dev=%x,ino=%d)".formatted(device, inode);
        }
    }

    static PodAttributes of(PodPath path, boolean follow) throws IOException {
        try {
            return read(path, follow);
        } catch (ErrnoException e) {
            path.getFileSystem().checkOpen();
            throw Failures.of(e.errno(), path, null);
        }
    }

    /// As [#of], but null where there is nothing, as the JDK's own file systems see it: below a
    /// file there is nothing, either.
    static @Nullable PodAttributes orNull(PodPath path, boolean follow) throws IOException {
        try {
            return read(path, follow);
        } catch (ErrnoException e) {
            path.getFileSystem().checkOpen();
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) return null;
            throw Failures.of(e.errno(), path, null);
        }
    }

    private static PodAttributes read(PodPath path, boolean follow) {
        path.getFileSystem().checkOpen();
        var place = path.getFileSystem().resolve(path, follow);
        return new PodAttributes(place.device(), place.attributes());
    }

    static FileTime time(long nanos) {
        return FileTime.from(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public FileTime lastModifiedTime() {
        return time(of.modified());
    }

    @Override
    public FileTime lastAccessTime() {
        return time(of.accessed());
    }

    @Override
    public FileTime creationTime() {
        return time(of.born());
    }

    FileTime changeTime() {
        return time(of.changed());
    }

    @Override
    public boolean isRegularFile() {
        return of.isRegular();
    }

    @Override
    public boolean isDirectory() {
        return of.isDirectory();
    }

    @Override
    public boolean isSymbolicLink() {
        return of.isLink();
    }

    @Override
    public boolean isOther() {
        return !isRegularFile() && !isDirectory() && !isSymbolicLink();
    }

    @Override
    public long size() {
        return of.size();
    }

    @Override
    public Object fileKey() {
        return new Key(device, of.inode());
    }

    @Override
    public UserPrincipal owner() {
        return new PodPrincipal.User(of.uid());
    }

    @Override
    public GroupPrincipal group() {
        return new PodPrincipal.Group(of.gid());
    }

    @Override
    public Set<PosixFilePermission> permissions() {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (var permission : PosixFilePermission.values())
            if ((of.mode() & bit(permission)) != 0) permissions.add(permission);
        return permissions;
    }

    private static int bit(PosixFilePermission permission) {
        return 0400 >> permission.ordinal();
    }

    /// Permissions as bits of a mode.
    static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (var permission : permissions) mode |= bit(permission);
        return mode & Mode.PERMISSIONS;
    }
}
